// real: it asks the system which files are open
import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rename, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ContentHash } from '@sluice/core/model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { storageWith } from '../support/faults.ts';
import { bytes, claim, codeOf, fails, hiddenAs } from './support/bed.ts';

claim('hide, remove: the file has its hidden name, then none', async ({ does, hides, hidden, path, names }) => {
  assert.equal(await does('check'), { kind: 'removable' });
  const order = await hides();
  assert.ok(existsSync(hidden));
  assert.not.ok(existsSync(path));
  assert.equal(await does('remove', order), { kind: 'removed', archivedAs: null, folders: [] });
  assert.equal(await names(), ['day1']);
  assert.equal(await does('remove', order), { kind: 'removed', archivedAs: null, folders: [] }, 'asked again after a crash');
});

claim('hide, restore: the file has its own name again', async ({ does, hides, path, names }) => {
  await hides();
  assert.equal(await does('restore'), { kind: 'restored', wasHidden: true });
  assert.is(await readFile(path, 'utf8'), bytes);
  assert.equal(await names(), ['day1', 'day1/a.mxf']);
  assert.equal(await does('restore'), { kind: 'restored', wasHidden: false }, 'asked again after a crash');
});

claim('remove: the empty folders go too, but not the source itself', async ({ does, hides, names }) => {
  assert.equal(await does('remove', { ...(await hides()), removeEmptyDirs: true }), {
    kind: 'removed',
    archivedAs: null,
    folders: ['day1'],
  });
  assert.equal(await names(), []);
});

claim('remove: a folder with something in it stays', async ({ does, hides, names, source }) => {
  await writeFile(join(source, 'day1/b.mxf'), 'b');
  assert.equal(await does('remove', { ...(await hides()), removeEmptyDirs: true }), { kind: 'removed', archivedAs: null, folders: [] });
  assert.equal(await names(), ['day1', 'day1/b.mxf']);
});

const changes: readonly [string, (path: string) => Promise<void>][] = [
  ['has other bytes', (path) => writeFile(path, 'something else')],
  ['has another time', (path) => utimes(path, 1, 1)],
  [
    'has other bytes of the same size, and its time was set back',
    async (path) => {
      const { atime, mtime } = await stat(path);
      await writeFile(path, bytes.toUpperCase());
      await utimes(path, atime, mtime);
    },
  ],
  [
    'is another file with the same bytes',
    async (path) => {
      await writeFile(`${path}2`, bytes);
      await rename(`${path}2`, path);
    },
  ],
];
for (const [what, change] of changes) {
  claim(`hide: a file that ${what} is not renamed`, async ({ does, path, names }) => {
    await change(path);
    assert.equal(await does('hide'), { kind: 'put_off', why: 'changed' });
    assert.equal(await names(), ['day1', 'day1/a.mxf']);
  });

  claim(`remove: a hidden file that ${what} is not removed`, async ({ does, hides, hidden }) => {
    const order = await hides();
    await change(hidden);
    assert.equal(await does('remove', order), { kind: 'not_removed', why: 'changed' });
    assert.ok(existsSync(hidden));
  });
}

claim('hide: what is gone is said to be missing', async ({ does, path }) => {
  await rename(path, `${path}.moved`);
  assert.equal(await does('hide'), { kind: 'put_off', why: 'missing' });
});

claim('hide: a hidden name that is taken is left alone', async ({ does, hidden, path }) => {
  await writeFile(hidden, 'of another program');
  assert.equal(await does('hide'), { kind: 'not_removed', why: 'changed' });
  assert.is(await readFile(hidden, 'utf8'), 'of another program');
  assert.ok(existsSync(path));
});

claim(
  'hide: a file that took the name just before the rename is noticed after it',
  async ({ does, hidden, path }) => {
    assert.equal(await does('hide'), { kind: 'not_removed', why: 'changed' });
    assert.is(await readFile(hidden, 'utf8'), 'the next recording');
    assert.equal(await does('restore'), { kind: 'restored', wasHidden: true });
    assert.is(await readFile(path, 'utf8'), 'the next recording');
  },
  ({ root, source }) => ({
    source: storageWith(source, {
      rename: async (from, to) => {
        await writeFile(join(root, 'next'), 'the next recording');
        await rename(join(root, 'next'), join(root, from));
        await source.rename(from, to);
      },
    }),
  }),
);

claim('restore: a new file with the name is never replaced', async ({ does, hides, path, hidden }) => {
  await hides();
  await writeFile(path, 'the next recording');
  assert.equal(await does('restore'), { kind: 'name_taken' });
  assert.is(await readFile(path, 'utf8'), 'the next recording');
  assert.is(await readFile(hidden, 'utf8'), bytes);
});

claim('remove without a change time: the bytes decide', async ({ does, dependencies, hides, hidden }) => {
  await hides();
  const value = await dependencies.readHash(hiddenAs, bytes.length);
  const hash: ContentHash = { algorithm: 'xxh64', value: value ?? '' };
  assert.equal(await does('remove', { changeNs: null, hash: { ...hash, value: '0000000000000000' } }), {
    kind: 'not_removed',
    why: 'changed',
  });
  assert.ok(existsSync(hidden));
  assert.equal(await does('remove', { changeNs: null, hash }), { kind: 'removed', archivedAs: null, folders: [] });
});

const writing = [
  ['a', 'appending'],
  ['r+', 'reading and writing'],
] as const;
for (const [flags, what] of writing) {
  claim(`check, hide, remove: a file that is open for ${what} stays`, async ({ does, hides, path, hidden }) => {
    const recorder = await open(path, flags);
    try {
      assert.equal(await does('check'), { kind: 'put_off', why: 'open_for_writing' });
      assert.equal(await does('hide'), { kind: 'put_off', why: 'open_for_writing' });
    } finally {
      await recorder.close();
    }
    const order = await hides();
    const late = await open(hidden, flags);
    try {
      assert.equal(await does('remove', order), { kind: 'not_removed', why: 'open_for_writing' });
      assert.ok(existsSync(hidden));
    } finally {
      await late.close();
    }
  });
}

claim('hide: a program that only reads the file does not keep it', async ({ does, path }) => {
  const reader = await open(path, 'r');
  try {
    assert.is((await does('hide')).kind, 'hidden');
  } finally {
    await reader.close();
  }
});

claim('archive: the file has its path there, and the folders are made', async ({ archive, does, hides, names }) => {
  const to = { kind: 'archive', folder: archive } as const;
  assert.equal(await does('remove', { ...(await hides()), to }), { kind: 'removed', archivedAs: 'day1/a.mxf', folders: [] });
  assert.is(await readFile(join(archive, 'day1/a.mxf'), 'utf8'), bytes);
  assert.equal(await names(), ['day1']);
});

claim('archive: a file of this name there is never replaced', async ({ archive, does, hides }) => {
  const to = { kind: 'archive', folder: archive } as const;
  await mkdir(join(archive, 'day1'), { recursive: true });
  await writeFile(join(archive, 'day1/a.mxf'), 'yesterday');
  await writeFile(join(archive, 'day1/a_1.mxf'), 'the day before');
  assert.equal(await does('remove', { ...(await hides()), to }), { kind: 'removed', archivedAs: 'day1/a_2.mxf', folders: [] });
  assert.is(await readFile(join(archive, 'day1/a.mxf'), 'utf8'), 'yesterday');
});

claim(
  'archive: killed between the link and the removal of the hidden name, it goes on',
  async ({ archive, does, hides, hidden }) => {
    const order = { ...(await hides()), to: { kind: 'archive', folder: archive } as const };
    assert.is(await codeOf(does('remove', order)), 'EIO');
    assert.ok(existsSync(hidden));
    // A link changes the change time: only the bytes can tell now.
    assert.is((await does('remove', order)).kind, 'not_removed');
    assert.equal(await does('restore'), { kind: 'restored', wasHidden: true });
    assert.is(await readFile(join(archive, 'day1/a.mxf'), 'utf8'), bytes);
  },
  ({ archiveIn }) => {
    let isFirst = true;
    return {
      archiveIn: async (folder) => {
        const sides = await archiveIn(folder);
        const unlink: typeof sides.from.unlink = (path, hasOtherName) => {
          if (!isFirst) return sides.from.unlink(path, hasOtherName);
          isFirst = false;
          return fails('EIO');
        };
        return { ...sides, from: storageWith(sides.from, { unlink }) };
      },
    };
  },
);

for (const code of ['EXDEV', 'ENOSPC', 'EACCES']) {
  claim(
    `archive: ${code} is a failure, and the file stays hidden`,
    async ({ archive, does, hides, hidden }) => {
      const order = { ...(await hides()), to: { kind: 'archive', folder: archive } as const };
      assert.is(await codeOf(does('remove', order)), code);
      assert.is(await readFile(hidden, 'utf8'), bytes);
    },
    ({ archiveIn }) => ({
      archiveIn: async (folder) => {
        const sides = await archiveIn(folder);
        return { ...sides, between: { ...sides.between, link: () => fails(code) } };
      },
    }),
  );
}

claim('no step follows a link that has replaced a folder', async ({ does, source }) => {
  await rename(join(source, 'day1'), join(source, 'real'));
  await symlink(join(source, 'real'), join(source, 'day1'));
  for (const step of ['check', 'hide', 'restore', 'remove'] as const) assert.is(await codeOf(does(step)), 'LINKED', step);
  assert.ok(existsSync(join(source, 'real/a.mxf')));
});

test.run();
