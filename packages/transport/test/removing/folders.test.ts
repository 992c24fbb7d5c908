// real: it renames and links files
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { routeName } from '@sluice/core/model';
import { temporaryFolder } from '@sluice/testkit';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Calls, createCalls, realClock } from '../../src/calls.ts';
import { removalDependencies } from '../../src/removing/remover.ts';
import { checkRemovable } from '../../src/removing/rights.ts';
import type { RemovalDependencies } from '../../src/removing/steps.ts';
import { storageWith } from '../support/faults.ts';
import { bytes, claim, codeOf, fails, hiddenAs } from './support/bed.ts';

/** A source in which links are refused. @param isOwnDisk whether it counts as a disk of this machine */
const withoutLinks =
  (isOwnDisk: boolean, late: (path: string) => Promise<void> = async () => undefined) =>
  ({ inSource, root, source }: RemovalDependencies): Partial<RemovalDependencies> => {
    const storage = storageWith(source, { isOwnDisk: () => isOwnDisk });
    const rename = async (from: string, to: string): Promise<void> => {
      await inSource.between.rename(from, to);
      await late(join(root, to));
    };
    return {
      source: storage,
      inSource: { from: storage, to: storage, between: { ...inSource.between, rename, link: () => fails('EPERM') } },
    };
  };

claim(
  'hide: where links are refused on a network, the file keeps its name',
  async ({ does, names }) => {
    assert.is(await codeOf(does('hide')), 'NO_LINKS');
    assert.equal(await names(), ['day1', 'day1/a.mxf']);
    // Nothing has changed, not even its change time.
    assert.equal(await does('check'), { kind: 'removable' });
  },
  withoutLinks(false),
);

for (const [refusal, code] of [
  ['EPERM', 'IMMUTABLE'],
  ['EROFS', 'EROFS'],
  ['EACCES', 'EACCES'],
] as const) {
  claim(
    `check, hide: a folder that cannot be written to (${refusal}) is ${code}, and nothing is renamed`,
    async ({ does, names }) => {
      assert.equal([await codeOf(does('check')), await codeOf(does('hide'))], [code, code]);
      assert.equal(await names(), ['day1', 'day1/a.mxf']);
    },
    ({ root }) => ({ writable: (path) => (path === join(root, 'day1') ? fails(refusal) : Promise.resolve()) }),
  );
}

const ownRights = [
  ['EPERM', 'IMMUTABLE'],
  ['EACCES', 'removable'],
] as const;
for (const [refusal, code] of ownRights) {
  claim(
    `check: a file that is not writable itself (${refusal}) is ${code}`,
    async ({ does }) => assert.is(await codeOf(does('check')), code),
    ({ root }) => ({ writable: (path) => (path === join(root, 'day1/a.mxf') ? fails(refusal) : Promise.resolve()) }),
  );
}

claim(
  'check, hide: a folder in which names cannot be removed is found before the file gets a second name',
  async ({ does, names }) => {
    assert.equal([await codeOf(does('check')), await codeOf(does('hide'))], ['APPEND_ONLY', 'APPEND_ONLY']);
    assert.equal(await names(), ['day1', 'day1/a.mxf']);
  },
  () => ({ removable: () => fails('APPEND_ONLY') }),
);

claim('checkRemovable: a file that may be removed stays, and so does a folder', async ({ path, names }) => {
  await checkRemovable(path);
  await checkRemovable(dirname(path));
  assert.equal(await names(), ['day1', 'day1/a.mxf']);
});

claim('check: an archive that cannot be written to is found before anything is renamed; a missing one is created', async (bed) => {
  const { archive, does } = bed;
  const to = { kind: 'archive', folder: archive } as const;
  assert.is(await codeOf(does('check', { to })), 'removable');
  assert.is(await codeOf(does('check', { to: { ...to, folder: `${bed.path}/archive` } })), 'ENOTDIR');
});

claim(
  'hide, remove: a disk of this machine needs no links',
  async ({ does, hides, names }) => {
    assert.equal(await does('remove', await hides()), { kind: 'removed', archivedAs: null, folders: [] });
    assert.equal(await names(), ['day1']);
  },
  withoutLinks(true),
);

claim(
  'remove: on a disk without lasting inode numbers, the bytes decide',
  async ({ dependencies, does, hides, hidden }) => {
    const order = { ...(await hides()), identity: null };
    const hash = (value: string) => ({ algorithm: 'xxh64', value }) as const;
    assert.equal(await does('remove', { ...order, hash: hash('0000000000000000') }), { kind: 'not_removed', why: 'changed' });
    assert.ok(existsSync(hidden));
    const value = (await dependencies.readHash(hiddenAs, bytes.length)) ?? '';
    assert.equal(await does('remove', { ...order, hash: hash(value) }), { kind: 'removed', archivedAs: null, folders: [] });
  },
  withoutLinks(true),
);

claim(
  'hide, restore: a disk of this machine needs no links',
  async ({ does, hides, path, names }) => {
    await hides();
    assert.equal(await does('restore'), { kind: 'restored', wasHidden: true });
    assert.is(await readFile(path, 'utf8'), bytes);
    assert.equal(await names(), ['day1', 'day1/a.mxf']);
  },
  withoutLinks(true),
);

claim(
  'restore: a new file with the name is never replaced where links are refused',
  async ({ does, hides, path, hidden }) => {
    await hides();
    await writeFile(path, 'the next recording');
    assert.equal(await does('restore'), { kind: 'name_taken' });
    assert.is(await readFile(path, 'utf8'), 'the next recording');
    assert.is(await readFile(hidden, 'utf8'), bytes);
  },
  withoutLinks(true),
);

claim(
  'restore: what has the name after the rename is compared with the file',
  async ({ does, hides, hidden }) => {
    await hides();
    assert.is(await codeOf(does('restore')), 'OTHER_FILE');
    assert.not.ok(existsSync(hidden));
  },
  withoutLinks(true, (path) => writeFile(path, 'the next recording')),
);

claim(
  'restore: where links are refused on a network, nothing is renamed to the name of the source',
  async ({ does, path, hidden }) => {
    await rename(path, hidden);
    assert.is(await codeOf(does('restore')), 'NO_LINKS');
    assert.ok(existsSync(hidden));
    assert.not.ok(existsSync(path), 'no empty file claims the name');
  },
  withoutLinks(false),
);

claim('remove: a card that was replaced by another is not recorded as removed', async ({ does, hides, hidden, source }) => {
  const order = await hides();
  await rm(hidden);
  await rename(source, `${source}.pulled`);
  await mkdir(join(source, 'day1'), { recursive: true });
  assert.is(await codeOf(does('remove', order)), 'ESTALE');
});

claim('remove: without its folder, the file is not recorded as removed', async ({ does, hides, hidden, source }) => {
  const order = await hides();
  await rm(hidden);
  await rename(join(source, 'day1'), join(source, 'moved'));
  assert.is(await codeOf(does('remove', order)), 'ENOENT');
});

claim(
  'remove: another process than the one that renamed the file compares the device',
  async ({ does, hides, dependencies, order, hidden }) => {
    const ordered = await hides();
    await rm(hidden);
    dependencies.roots.clear();
    assert.is(await codeOf(does('remove', { ...ordered, identity: null })), 'ESTALE');
    assert.is(await codeOf(does('remove', { ...ordered, identity: { device: '0', inode: order.identity?.inode ?? '' } })), 'ESTALE');
    assert.equal(await does('remove', ordered), { kind: 'removed', archivedAs: null, folders: [] });
  },
);

const [theirs, put] = [routeName('proxies'), { kind: 'put_off', why: 'changed' }] as const;
for (const below of ['', 'day1']) {
  claim(`check, hide: another route reads the folder "${below}" under another path`, async ({ does, source, path, order }) => {
    const alias = join(dirname(source), 'alias');
    await symlink(join(source, below), alias);
    const others = [{ route: theirs, path: alias }];
    assert.equal(await does('check', {}, others), put);
    assert.equal(await does('hide', {}, others), put);
    assert.equal(await does('check', { readers: [order.route] }, others), put, 'another route is known');
    assert.ok(existsSync(path));
    assert.equal(await does('check', { readers: [theirs] }, others), { kind: 'removable' });
  });
}

claim('check: a path that core knows, and one without a folder, are no unknown readers', async ({ does, source }) => {
  await mkdir(join(dirname(source), 'elsewhere'));
  for (const path of [source, dirname(source), join(source, 'day1'), join(dirname(source), 'elsewhere'), join(dirname(source), 'missing')])
    assert.equal(await does('check', {}, [{ route: theirs, path }]), { kind: 'removable' }, path);
});

claim(
  'check: a source of another route that cannot be looked at now puts it off',
  async ({ does }) => assert.equal(await does('check', {}, [{ route: theirs, path: '/elsewhere' }]), put),
  () => ({ folderAt: () => fails('SILENT') }),
);

test('archive: the folder of a new archive is durable before the file leaves the source', async () => {
  const root = temporaryFolder('archiving');
  const [source, archive] = [join(root, 'in'), join(root, 'old')];
  await mkdir(source);
  await writeFile(join(source, 'a.mxf'), 'a');
  const made: string[] = [];
  const plain = createCalls(realClock);
  const calls: Calls = {
    isStopped: plain.isStopped,
    signal: plain.signal,
    run: (side, operation, call, late) => {
      made.push(operation);
      return plain.run(side, operation, call, late);
    },
    oldest: () => plain.oldest(),
    stop: () => plain.stop(),
    reopen: () => plain.reopen(),
    settled: () => plain.settled(),
  };
  const { archiveIn } = removalDependencies(source, calls, () => true);
  await archiveIn(archive);
  assert.equal(made, [`make folder ${archive}`, `sync folder ${root}`]);
  assert.is(await readFile(join(source, 'a.mxf'), 'utf8'), 'a');
});

test.run();
