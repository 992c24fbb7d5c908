// real: it asks the system which files are open
import { existsSync, writeFileSync } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, readFile, rename, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ContentHash } from '@sluice/core/model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { RemovalDependencies } from '../../src/removing/steps.ts';
import { storageWith } from '../support/faults.ts';
import { type Bed, bytes, claim, fails, hiddenAs } from './support/bed.ts';

/** Changes the hidden file while its bytes are read, but after they were read. */
type Change = (path: string) => Promise<void>;

/** Other bytes, with the old size and modification time. Only the change time shows it. */
const rewrite: Change = async (path) => {
  const { atime, mtime } = await stat(path);
  await writeFile(path, bytes.toUpperCase());
  await utimes(path, atime, mtime);
};

const during =
  (change: Change) =>
  ({ root, readHash }: RemovalDependencies): Partial<RemovalDependencies> => {
    let isFirst = true;
    return {
      readHash: async (path, sizeBytes) => {
        const hash = await readHash(path, sizeBytes);
        // The first time, the test asks.
        if (!isFirst) await change(join(root, path));
        isFirst = false;
        return hash;
      },
    };
  };

async function hashOf({ dependencies }: Bed): Promise<ContentHash> {
  const value = await dependencies.readHash(hiddenAs, bytes.length);
  return { algorithm: 'xxh64', value: value ?? '' };
}

const replace: Change = async (path) => {
  await writeFile(`${path}2`, bytes);
  await rename(`${path}2`, path);
};

for (const [what, change] of [
  ['changed', rewrite],
  ['replaced', replace],
] as const) {
  claim(
    `remove by bytes: a file that is ${what} while its bytes are read is kept`,
    async (bed) => {
      await bed.hides();
      const hash = await hashOf(bed);
      assert.equal(await bed.does('remove', { changeNs: null, identity: null, hash }), { kind: 'not_removed', why: 'changed' });
      assert.ok(existsSync(bed.hidden));
    },
    during(change),
  );
}

let recorder: FileHandle | null = null;
claim(
  'remove by bytes: a program that opens the file while its bytes are read keeps it',
  async (bed) => {
    await bed.hides();
    const hash = await hashOf(bed);
    try {
      assert.equal(await bed.does('remove', { changeNs: null, hash }), { kind: 'not_removed', why: 'open_for_writing' });
      assert.ok(existsSync(bed.hidden));
    } finally {
      await recorder?.close();
    }
  },
  during(async (path) => {
    recorder = await open(path, 'r+');
  }),
);

claim(
  'remove by bytes: a file that is open for writing is not read',
  async (bed) => {
    await bed.hides();
    const writer = await open(bed.hidden, 'r+');
    try {
      const hash = { algorithm: 'xxh64', value: 'never asked for' } as const;
      assert.equal(await bed.does('remove', { changeNs: null, hash }), { kind: 'not_removed', why: 'open_for_writing' });
    } finally {
      await writer.close();
    }
  },
  () => ({ readHash: () => Promise.reject(new Error('it was read')) }),
);

claim(
  'remove: a write just before the removal is noticed',
  async ({ does, hides, hidden }) => {
    assert.equal(await does('remove', await hides()), { kind: 'not_removed', why: 'changed' });
    assert.is(await readFile(hidden, 'utf8'), bytes.toUpperCase());
  },
  ({ root, writers }) => ({
    writers: {
      hasOpen: async (facts, path) => {
        const isOpen = await writers.hasOpen(facts, path);
        if (path.endsWith('-done')) await rewrite(join(root, hiddenAs));
        return isOpen;
      },
    },
  }),
);

claim(
  'archive: a write while its folders are made is noticed',
  async ({ archive, does, hides, hidden }) => {
    const to = { kind: 'archive', folder: archive } as const;
    assert.equal(await does('remove', { ...(await hides()), to }), { kind: 'not_removed', why: 'changed' });
    assert.is(await readFile(hidden, 'utf8'), bytes.toUpperCase());
    assert.not.ok(existsSync(join(archive, 'day1/a.mxf')));
  },
  ({ root, archiveIn }) => ({
    archiveIn: async (folder) => {
      await rewrite(join(root, hiddenAs));
      return await archiveIn(folder);
    },
  }),
);

claim(
  'archive: a write between the link and the removal of the hidden name is noticed',
  async ({ archive, does, hides, hidden }) => {
    const to = { kind: 'archive', folder: archive } as const;
    assert.equal(await does('remove', { ...(await hides()), to }), { kind: 'not_removed', why: 'changed' });
    assert.ok(existsSync(hidden));
  },
  ({ root, archiveIn }) => ({
    archiveIn: async (folder) => {
      const sides = await archiveIn(folder);
      const link: typeof sides.between.link = async (from, to) => {
        await sides.between.link(from, to);
        writeFileSync(join(root, hiddenAs), 'longer than what was recorded');
      };
      return { ...sides, between: { ...sides.between, link } };
    },
  }),
);

/** An archive in which links are refused. @param late called when a name was claimed */
const withoutLinks =
  (late: (root: string) => Promise<void>) =>
  ({ root, archiveIn }: RemovalDependencies): Partial<RemovalDependencies> => ({
    archiveIn: async (folder) => {
      const sides = await archiveIn(folder);
      const claimed: typeof sides.to.open = async (path, how) => {
        const file = await sides.to.open(path, how);
        await late(root);
        return file;
      };
      return { ...sides, to: storageWith(sides.to, { open: claimed }), between: { ...sides.between, link: () => fails('EPERM') } };
    },
  });

claim(
  'archive: where links are refused, the file is renamed over a claim, but not over a file',
  async ({ archive, does, hides, names }) => {
    const to = { kind: 'archive', folder: archive } as const;
    await mkdir(join(archive, 'day1'), { recursive: true });
    await writeFile(join(archive, 'day1/a.mxf'), 'yesterday');
    assert.equal(await does('remove', { ...(await hides()), to }), { kind: 'removed', archivedAs: 'day1/a_1.mxf', folders: [] });
    assert.is(await readFile(join(archive, 'day1/a.mxf'), 'utf8'), 'yesterday');
    assert.is(await readFile(join(archive, 'day1/a_1.mxf'), 'utf8'), bytes);
    assert.equal(await names(), ['day1']);
  },
  withoutLinks(async () => undefined),
);

claim(
  'archive: where links are refused, a write after the claim is noticed, and the claim goes',
  async ({ archive, does, hides, hidden }) => {
    const to = { kind: 'archive', folder: archive } as const;
    assert.equal(await does('remove', { ...(await hides()), to }), { kind: 'not_removed', why: 'changed' });
    assert.is(await readFile(hidden, 'utf8'), bytes.toUpperCase());
    assert.equal(await readdir(join(archive, 'day1')), []);
  },
  withoutLinks((root) => rewrite(join(root, hiddenAs))),
);

test.run();
