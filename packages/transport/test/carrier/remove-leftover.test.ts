// real: it reads and changes files
import { appendFile, link, mkdir, readdir, readFile, rename, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { fileId, type LeftoverCheck, type LeftoverOutcome } from '@sluice/core/model';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { lookAtLeftovers } from '../../src/prober/leftovers.ts';
import { type CarrierFixture, type CarrierFixtureOptions, carrierFixture, ids, routeFor } from '../support/carrier-fixture.ts';
import { interposed } from '../support/faults.ts';

const test = suite('the removal of a leftover');

const mount = { path: '', mountId: null };
const hidden = '.a.mxf.01234567.part';
const complete = Buffer.from(Array.from({ length: 5_000 }, (_, index) => index % 251));
const partBytes = 3_000;

/** Creates a partial file, and the complete copy that was made after it. Returns what the journal records of both. */
async function leftBehind(options: CarrierFixtureOptions = {}): Promise<{ readonly one: CarrierFixture; readonly check: LeftoverCheck }> {
  const one = await carrierFixture({ hasRealInodes: true, ...options });
  const path = join(one.destination, 'a.mxf');
  await writeFile(path, complete.subarray(0, partBytes));
  const { ino } = await stat(path);
  await clockTicks(one.source);
  await writeFile(join(one.destination, 'a_1.mxf'), complete);
  await clockTicks(one.source);
  const replacement = { id: fileId('r'), destination: 'a_1.mxf', sizeBytes: complete.length };
  return { one, check: { name: 'a.mxf', leastBytes: 2_000, inode: String(ino), replacement } };
}

/** Waits until a later change gets a later time: the clock of a filesystem ticks a few hundred times a second. */
async function clockTicks(folder: string): Promise<void> {
  const path = join(folder, 'tick');
  const changeNs = async (): Promise<bigint> => {
    await writeFile(path, '');
    return (await stat(path, { bigint: true })).ctimeNs;
  };
  const first = await changeNs();
  while ((await changeNs()) === first) await setImmediate();
}

async function removes(one: CarrierFixture, leftover: LeftoverCheck): Promise<LeftoverOutcome> {
  one.carrier.receive({ kind: 'remove_leftover', route: ids.route, fileId: ids.fileId, leftover, hidden, mount });
  return (await one.leftoverRemoved()).outcome;
}

const names = async (one: CarrierFixture): Promise<string[]> => (await readdir(one.destination)).sort();

test('removeLeftover: an unchanged partial file is removed, and nothing else', async () => {
  const { one, check } = await leftBehind();
  await writeFile(join(one.destination, 'b.mxf'), 'theirs');
  assert.is(await removes(one, check), 'removed');
  assert.equal(await names(one), ['a_1.mxf', 'b.mxf']);
  assert.ok(complete.equals(await readFile(join(one.destination, 'a_1.mxf'))));
  await one.end();
});

test('removeLeftover: a leftover that was removed by hand is gone, and the complete copy stays', async () => {
  const { one, check } = await leftBehind();
  await rm(join(one.destination, 'a.mxf'));
  assert.is(await removes(one, check), 'gone');
  assert.equal(await names(one), ['a_1.mxf']);
  await one.end();
});

/** Changes to the files before the removal, each with the reason why the partial file stays. */
const changes: Readonly<Record<string, readonly [LeftoverOutcome, (folder: string) => Promise<unknown>]>> = {
  'bytes are appended to it': ['changed', (folder) => appendFile(join(folder, 'a.mxf'), 'more')],
  'it is written in place, at the same size': [
    'changed',
    (folder) => writeFile(join(folder, 'a.mxf'), Buffer.alloc(partBytes, 7), { flag: 'r+' }),
  ],
  'its time is set back after that': [
    'changed',
    async (folder) => {
      await writeFile(join(folder, 'a.mxf'), Buffer.alloc(partBytes, 7), { flag: 'r+' });
      await utimes(join(folder, 'a.mxf'), 1, 1);
    },
  ],
  'it is cut': ['changed', (folder) => writeFile(join(folder, 'a.mxf'), 'cut', { flag: 'r+' }).then(() => truncateTo(folder, 1_000))],
  'it gets a second name': ['changed', (folder) => link(join(folder, 'a.mxf'), join(folder, 'mine.mxf'))],
  'another file gets its name': [
    'other_file',
    async (folder) => {
      await writeFile(join(folder, 'new.mxf'), complete.subarray(0, partBytes));
      await rename(join(folder, 'new.mxf'), join(folder, 'a.mxf'));
    },
  ],
  'a link gets its name': [
    'other_file',
    async (folder) => {
      await rm(join(folder, 'a.mxf'));
      await symlink('a_1.mxf', join(folder, 'a.mxf'));
    },
  ],
  'a folder gets its name': [
    'other_file',
    async (folder) => {
      await rm(join(folder, 'a.mxf'));
      await mkdir(join(folder, 'a.mxf'));
    },
  ],
  'the complete copy is removed': ['replacement_gone', (folder) => rm(join(folder, 'a_1.mxf'))],
  'the complete copy is cut': ['replacement_gone', (folder) => writeFile(join(folder, 'a_1.mxf'), 'cut')],
  'the complete copy holds another recording': ['other_bytes', (folder) => writeFile(join(folder, 'a_1.mxf'), Buffer.alloc(5_000, 9))],
};

async function truncateTo(folder: string, bytes: number): Promise<void> {
  await writeFile(join(folder, 'a.mxf'), complete.subarray(0, bytes));
}

for (const [what, [outcome, change]] of Object.entries(changes)) {
  test(`removeLeftover: where ${what}, nothing is removed: ${outcome}`, async () => {
    const { one, check } = await leftBehind();
    await change(one.destination);
    const before = await names(one);
    assert.is(await removes(one, check), outcome);
    assert.equal(await names(one), before);
    await one.end();
  });
}

test('removeLeftover: without a complete copy or without an inode nothing is removed', async () => {
  const { one, check } = await leftBehind();
  const { replacement: _, ...unreplaced } = check;
  const { inode: __, ...unknown } = check;
  assert.equal([await removes(one, unreplaced), await removes(one, unknown)], ['not_replaced', 'not_known_as_ours']);
  assert.equal(await names(one), ['a.mxf', 'a_1.mxf']);
  await one.end();
});

test('removeLeftover: if the storage makes up inode numbers, the owner of the file cannot be proven', async () => {
  const { one, check } = await leftBehind({ hasRealInodes: false });
  assert.is(await removes(one, check), 'not_known_as_ours');
  assert.equal(await names(one), ['a.mxf', 'a_1.mxf']);
  await one.end();
});

test('removeLeftover: another file that takes the name at the last moment gets it back', async () => {
  let folder = '';
  const exchange = async (): Promise<void> => {
    await rename(join(folder, 'a.mxf'), join(folder, 'elsewhere.mxf'));
    await writeFile(join(folder, 'a.mxf'), 'theirs');
  };
  const { one, check } = await leftBehind({
    wrapDestination: (storage) => ({ ...storage, rename: async (from, to) => (await exchange(), await storage.rename(from, to)) }),
  });
  folder = one.destination;
  assert.is(await removes(one, check), 'other_file');
  assert.equal(await names(one), ['a.mxf', 'a_1.mxf', 'elsewhere.mxf']);
  assert.is(await readFile(join(folder, 'a.mxf'), 'utf8'), 'theirs');
  await one.end();
});

test('removeLeftover: a removal that a crash interrupted after the rename is finished', async () => {
  const { one, check } = await leftBehind();
  await rename(join(one.destination, 'a.mxf'), join(one.destination, hidden));
  await writeFile(join(one.destination, 'a.mxf'), 'theirs');
  assert.is(await removes(one, check), 'removed');
  assert.equal(await names(one), ['a.mxf', 'a_1.mxf']);
  assert.is(await readFile(join(one.destination, 'a.mxf'), 'utf8'), 'theirs');
  await one.end();
});

test('removeLeftover: a call that fails is reported, and the file stays', async () => {
  const { one, check } = await leftBehind({
    wrapDestination: (storage) => interposed(storage, (called) => (called === 'rename' ? failing() : undefined)),
  });
  assert.is(await removes(one, check), 'failed');
  assert.equal(await names(one), ['a.mxf', 'a_1.mxf']);
  await one.end();
});

function failing(): never {
  throw Object.assign(new Error('EIO'), { code: 'EIO' });
}

test('lookAtLeftovers: reports which leftovers could be removed, and changes nothing', async () => {
  const { one, check } = await leftBehind();
  const route = { ...routeFor(one.source, one.destination), guard: 'none' as const };
  const { replacement: _, ...unreplaced } = check;
  const checks = [check, unreplaced, { ...check, name: 'absent.mxf' }, { ...check, inode: '1' }];
  const answer = await lookAtLeftovers({ route, marker: null, plainFolderMeant: true, checks }, () => true);
  assert.equal(answer.kind === 'compared' ? answer.found : answer, [
    { kept: null, sizeBytes: partBytes },
    { kept: 'not_replaced', sizeBytes: partBytes },
    { kept: null, sizeBytes: null },
    { kept: 'other_file', sizeBytes: partBytes },
  ]);
  assert.equal(await names(one), ['a.mxf', 'a_1.mxf']);
  await one.end();
});

test('lookAtLeftovers: for a missing destination the result is "away", without files', async () => {
  const { one, check } = await leftBehind();
  await rm(one.destination, { recursive: true });
  const route = routeFor(one.source, one.destination);
  const { kind } = await lookAtLeftovers({ route, marker: null, plainFolderMeant: false, checks: [check] }, () => true);
  assert.is(kind, 'away');
  await one.end();
});

test.run();
