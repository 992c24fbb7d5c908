import { createHash } from 'node:crypto';
import { chmodSync, existsSync, globSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { env, execPath } from 'node:process';

const root = join(import.meta.dirname, '../..');
/** Contains a folder for each state of the sources. Not committed. */
const cache = join(root, 'node_modules/.cache/sluice-bundles');
const inputs = ['apps/sluice/src/**/*.ts', 'packages/*/src/**/*.ts', 'package-lock.json'];
const keptBundles = 3;
/** Native modules and blessed's own files are loaded from where they are installed. */
const notBundled = ['better-sqlite3', 'blessed', '*.node'];

/**
 * What the tests run: the executable that SLUICE_EXE names, or else the sources as one bundle. A test starts the program dozens of
 * times, and a bundle starts in half the time.
 */
export const program: readonly [string, ...string[]] =
  env['SLUICE_EXE'] === undefined
    ? [execPath, '--disable-warning=ExperimentalWarning', join(await bundled(), 'main.js')]
    : [env['SLUICE_EXE']];

/** @returns the folder of a bundle of the present sources */
async function bundled(): Promise<string> {
  const folder = join(cache, keyOf(globSync(inputs, { cwd: root }).sort()));
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  removeOldBundles();
  // Another process may make the same bundle, so the folder appears only when it is complete.
  const unfinished = mkdtempSync(join(cache, 'unfinished-'));
  await bundle(unfinished);
  // Some tests run it as another user.
  chmodSync(unfinished, 0o755);
  try {
    renameSync(unfinished, folder);
  } catch {
    rmSync(unfinished, { recursive: true });
  }
  return folder;
}

function keyOf(paths: readonly string[]): string {
  const hash = createHash('sha256');
  for (const path of [...paths, 'tests/bed/program.ts']) {
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update('\0');
  }
  return hash.digest('hex').slice(0, 16);
}

function removeOldBundles(): void {
  const made = readdirSync(cache).map((name) => ({ path: join(cache, name), at: statSync(join(cache, name)).mtimeMs }));
  const old = made.sort((one, other) => other.at - one.at).slice(keptBundles);
  for (const { path } of old) rmSync(path, { recursive: true, force: true });
}

async function bundle(outdir: string): Promise<void> {
  const { build } = await import('esbuild');
  await build({
    absWorkingDir: root,
    entryPoints: ['apps/sluice/src/main.ts'],
    outdir,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    external: notBundled,
    // Dependencies in CommonJS call `require`.
    banner: { js: 'import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);' },
    logLevel: 'warning',
  });
}
