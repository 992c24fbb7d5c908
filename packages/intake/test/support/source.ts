import { linkSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type RouteChanges, routeSettings } from '@sluice/core/fixtures';
import { type RouteSettings, routeName } from '@sluice/core/model';

/** A source folder of one test. */
export interface Source {
  readonly root: string;
  path(name: string): string;
  /** Writes files of these sizes, and creates the folders above them. */
  write(files: Readonly<Record<string, number>>): Promise<void>;
  /** Creates many files of one byte, as names of the same file. */
  fill(names: Iterable<string>): void;
  remove(): Promise<void>;
}

export async function makeSource(): Promise<Source> {
  const parent = await mkdtemp(join(tmpdir(), 'sluice-intake-'));
  const root = join(parent, 'source');
  await mkdir(root);
  return {
    root,
    path: (name) => join(root, name),
    async write(files) {
      for (const [name, sizeBytes] of Object.entries(files)) {
        await mkdir(dirname(join(root, name)), { recursive: true });
        await writeFile(join(root, name), Buffer.alloc(sizeBytes, 1));
      }
    },
    fill(names) {
      writeFileSync(join(parent, 'one'), 'x');
      for (const name of names) linkSync(join(parent, 'one'), join(root, name));
    },
    // Synchronous, because the asynchronous call takes seconds for thousands of files.
    remove: async () => rmSync(parent, { recursive: true, force: true }),
  };
}

/** Returns a route with the defaults of the configuration, but short waits. */
export function routeOf(source: string, more: RouteChanges = {}): RouteSettings {
  return routeSettings({
    name: routeName('test'),
    source,
    destination: '/nowhere',
    stableAfterMs: 500,
    scanEveryMs: 500,
    stallAfterMs: 500,
    ...more,
    growing: {
      include: ['**/*.{mxf,mov,wav}'],
      minSizeBytes: 1_000_000,
      safetyMarginBytes: 0,
      pollMs: 200,
      quietForMs: 1_000,
      ...more.growing,
    },
    probe: { deadlineMs: 1_000, ...more.probe },
  });
}
