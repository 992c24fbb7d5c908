import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';
import { newestVersion } from '../../packages/persistence/src/open/migrate.ts';
import { makeExecutable } from '../../scripts/package/make-executable.ts';
import { findTarget, thisMachine } from '../../scripts/package/targets.ts';

/** What the executable that is to come says of itself, and the form that it gives a journal. */
export const newer = { version: '99.0.0', journalVersion: newestVersion + 1 } as const;

/** Nothing that the code which is bundled with it has to know of. */
const migration = 'CREATE TABLE of_tomorrow (file_id TEXT NOT NULL) STRICT; INSERT INTO of_tomorrow SELECT id FROM files';

/** What becomes of the sources: a file's path, and what is exchanged in it. */
const changes = [
  { filter: /[\\/]sluice[\\/]src[\\/]version\.ts$/, from: /version = '[^']+'/, to: `version = '${newer.version}'` },
  {
    filter: /[\\/]persistence[\\/]src[\\/]migrate\.ts$/,
    from: /(const ours: readonly string\[\] = \[[^\]]+)\]/,
    to: `$1, ${JSON.stringify(migration)}]`,
  },
] as const;

/** An executable from the same sources but another version, which brings every journal to a newer form. @returns its path */
export async function newerExecutable(dist: string): Promise<string> {
  return await makeExecutable(findTarget(thisMachine()), dist, () => {}, [newerPlugin()]);
}

function newerPlugin(): Plugin {
  return {
    name: 'newer',
    setup: (build) => {
      for (const { filter, from, to } of changes) {
        build.onLoad({ filter }, async ({ path }) => {
          const text = await readFile(path, 'utf8');
          if (!from.test(text)) return { errors: [{ text: `${path} has nothing like ${from}` }] };
          return { contents: text.replace(from, to), loader: 'ts' };
        });
      }
    },
  };
}
