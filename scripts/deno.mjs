// Starts Deno without its install script: the package of the platform contains the binary.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const modules = join(dirname(dirname(fileURLToPath(import.meta.url))), 'node_modules');
const folders = existsSync(join(modules, '@deno')) ? readdirSync(join(modules, '@deno')) : [];
const binaries = folders.flatMap((name) => [join(modules, '@deno', name, 'deno'), join(modules, '@deno', name, 'deno.exe')]);
const deno = binaries.find((path) => existsSync(path));
if (deno === undefined) {
  process.stderr.write('no Deno for this platform is installed\n');
  process.exit(1);
}
const { status } = spawnSync(deno, process.argv.slice(2), { stdio: 'inherit' });
process.exit(status ?? 1);
