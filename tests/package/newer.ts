import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';
import { newestVersion } from '../../packages/persistence/src/open/migrate.ts';
import { makeExecutable } from '../../scripts/package/make-executable.ts';
import { findTarget, thisMachine } from '../../scripts/package/targets.ts';

/** The version that a future executable reports, and the version of its journal. */
export const newer = { version: '99.0.0', journalVersion: newestVersion + 1 } as const;

/** A migration that the code in the bundle needs to know nothing about. */
const migration = 'CREATE TABLE of_tomorrow (file_id TEXT NOT NULL) STRICT; INSERT INTO of_tomorrow SELECT id FROM files';

/** How the sources are changed: the path of a file, and the replacement in it. */
const changes = [
  { filter: /[\\/]sluice[\\/]src[\\/]version\.ts$/, from: /version = '[^']+'/, to: `version = '${newer.version}'` },
  {
    filter: /[\\/]persistence[\\/]src[\\/]open[\\/]migrate\.ts$/,
    from: /(const ours: readonly Migration\[\] = \[[^\]]+?),?\s*\]/,
    to: `$1, ${JSON.stringify(migration)}]`,
  },
] as const;

/** Makes an executable of the same sources with another version, which migrates every journal. @returns its path */
export async function newerExecutable(dist: string): Promise<string> {
  return await makeExecutable(findTarget(thisMachine()), dist, () => {}, [newerPlugin()]);
}

function newerPlugin(): Plugin {
  return {
    name: 'newer',
    setup: (build) => {
      const seen = new Set<RegExp>();
      for (const { filter, from, to } of changes) {
        build.onLoad({ filter }, async ({ path }) => {
          const text = await readFile(path, 'utf8');
          if (!from.test(text)) return { errors: [{ text: `${path} has nothing like ${from}` }] };
          seen.add(filter);
          return { contents: text.replace(from, to), loader: 'ts' };
        });
      }
      // Not every bundle contains both files. The one of the program does.
      build.onEnd(() => {
        const isProgram = /[\\/]program\.ts"/.test(JSON.stringify(build.initialOptions.entryPoints));
        const missing = changes.filter(({ filter }) => isProgram && !seen.has(filter));
        return { errors: missing.map(({ filter }) => ({ text: `no source matches ${filter}` })) };
      });
    },
  };
}
