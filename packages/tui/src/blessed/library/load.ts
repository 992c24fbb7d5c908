import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, posix } from 'node:path';
import process from 'node:process';
import { compileFunction } from 'node:vm';
import { entries, rewriteBlessed } from './rewrites.ts';
import type { Blessed } from './types.ts';

type Require = (name: string) => unknown;
type Body = (exports: unknown, require: Require, module: { exports: unknown }, ...globals: readonly unknown[]) => void;

/**
 * Loads blessed with the changes of `rewrites.ts`. In the executable this module is replaced by one that contains the changed
 * files (scripts/blessed/plugin.ts).
 * @throws Error if the installed blessed is not the version for which the changes were made
 */
export function loadBlessed(): Blessed {
  const fromHere = createRequire(import.meta.url);
  const root = dirname(fromHere.resolve('blessed/package.json'));
  const loaded = new Map<string, { exports: unknown }>();

  const load = (file: string): unknown => {
    const known = loaded.get(file);
    if (known !== undefined) return known.exports;
    const module = { exports: {} as unknown };
    loaded.set(file, module);
    const source = rewriteBlessed(file, readFileSync(join(root, file), 'utf8'));
    const names = ['exports', 'require', 'module', '__dirname', 'global', 'process', 'Buffer', 'setImmediate'];
    const run = compileFunction(source, names, { filename: `blessed/${file}` }) as Body;
    run(module.exports, requireFrom(file), module, '/embedded', globalThis, process, Buffer, setImmediate);
    return module.exports;
  };
  const requireFrom = (file: string): Require => {
    return (name) => (name.startsWith('.') ? load(`${posix.join(posix.dirname(file), name)}.js`) : fromHere(`node:${name}`));
  };
  return Object.fromEntries(Object.entries(entries).map(([name, file]) => [name, load(file)])) as unknown as Blessed;
}
