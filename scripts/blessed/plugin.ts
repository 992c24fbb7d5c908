import { readFile } from 'node:fs/promises';
import { dirname, relative, sep } from 'node:path';
import type { OnLoadResult, Plugin } from 'esbuild';
import { entries, rewriteBlessed, rewrites } from '../../packages/tui/src/blessed/library/rewrites.ts';

/**
 * Puts the files of blessed that Sluice uses into the bundle, with the same changes that an unbundled run makes, in place of the
 * module that loads them from the disk. If the output is an ES module, it needs a `require` for Node's own modules. The build
 * fails if blessed is not the version for which the changes were made.
 */
export function blessedPlugin(): Plugin {
  return {
    name: 'blessed',
    setup: (build) => {
      const seen = new Set<string>();
      build.onStart(() => seen.clear());
      build.onLoad({ filter: /[\\/]blessed[\\/]library[\\/]load\.ts$/ }, ({ path }) => ({ contents: loader(), resolveDir: dirname(path) }));
      build.onLoad({ filter: /[\\/]node_modules[\\/]blessed[\\/].*\.js$/ }, async ({ path }) => {
        const file = fileOfBlessed(path);
        seen.add(file);
        return rewritten(file, await readFile(path, 'utf8'));
      });
      build.onEnd(() => {
        const missing = Object.keys(rewrites).filter((file) => !seen.has(file));
        if (missing.length === 0) return {};
        return { errors: [{ text: `these files of blessed are not in the bundle: ${missing.join(', ')}` }] };
      });
    },
  };
}

/** Returns a module that runs no code of blessed before the screen is opened. */
function loader(): string {
  const list = Object.entries(entries).map(([name, file]) => `${name}: require('blessed/${file}')`);
  return `export const loadBlessed = () => ({ ${list.join(', ')} });`;
}

function fileOfBlessed(path: string): string {
  const root = path.slice(0, path.lastIndexOf(`${sep}blessed${sep}`) + `${sep}blessed${sep}`.length);
  return relative(root, path).split(sep).join('/');
}

function rewritten(file: string, source: string): OnLoadResult {
  try {
    return { contents: rewriteBlessed(file, source), loader: 'js' };
  } catch (error) {
    return { errors: [{ text: (error as Error).message }] };
  }
}
