import { appendFile, mkdir, open, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sweepId } from '@sluice/core/fixtures';
import type { FileIdentity } from '@sluice/core/model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Storage } from '../../src/storage/storage.ts';
import { carrierFixture, chunk, ids, orderFor, publishFor } from '../support/carrier-fixture.ts';
import { errno, failing, interposed, withCalls } from '../support/faults.ts';
import { bytesOf, isSame, make } from '../support/files.ts';

const size = 3 * chunk + 100;
const part = '.a.mov.01234567.part';
const readBack = { kind: 'read_back', ...ids } as const;

async function flip(path: string, atByte: number): Promise<void> {
  const file = await open(path, 'r+');
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, atByte);
  await file.write(Buffer.from([(buffer[0] ?? 0) ^ 1]), 0, 1, atByte);
  await file.close();
}

for (const atByte of [0, chunk, size - 1]) {
  test(`read_back: one bit that differs at ${atByte} is a MISMATCH`, async () => {
    const fixture = await carrierFixture();
    fixture.carrier.receive({ kind: 'copy', order: orderFor('a.mov', await make(join(fixture.source, 'a.mov'), size)) });
    await fixture.next('copied');
    await flip(join(fixture.destination, part), atByte);
    fixture.carrier.receive(readBack);
    const { fault, syncedBytes, sizeBytes } = await fixture.next('failed');
    assert.equal([fault.side, fault.code, syncedBytes, sizeBytes], ['destination', 'MISMATCH', size, size]);
    await fixture.end();
  });
}

for (const [what, change] of [
  ['longer', (path: string) => appendFile(path, 'x')],
  ['shorter', (path: string) => writeFile(path, bytesOf(size - 1))],
] as const) {
  for (const verify of ['readback', 'size'] as const) {
    test(`read_back: a ${what} file is a MISMATCH (verify = ${verify})`, async () => {
      const fixture = await carrierFixture({ route: { verify } });
      fixture.carrier.receive({ kind: 'copy', order: orderFor('a.mov', await make(join(fixture.source, 'a.mov'), size)) });
      await fixture.next('copied');
      await change(join(fixture.destination, part));
      fixture.carrier.receive(readBack);
      assert.is((await fixture.next('failed')).fault.code, 'MISMATCH');
      await fixture.end();
    });
  }
}

for (const code of ['EROFS', 'ENOSPC', 'EDQUOT', 'EACCES', 'ENAMETOOLONG'] as const) {
  test(`copy: a create that is refused by ${code} is reported as having created nothing`, async () => {
    const fixture = await carrierFixture({ wrapDestination: failing('create', code) });
    fixture.carrier.receive({ kind: 'copy', order: orderFor('a.mov', await make(join(fixture.source, 'a.mov'), size)) });
    const { fault, isUncreated } = await fixture.next('failed');
    assert.equal([fault.code, isUncreated], [code, true]);
    await fixture.end();
  });
}

test('copy: a create that fails with another error may have created a file', async () => {
  const fixture = await carrierFixture({ wrapDestination: failing('create', 'EIO') });
  fixture.carrier.receive({ kind: 'copy', order: orderFor('a.mov', await make(join(fixture.source, 'a.mov'), size)) });
  assert.is((await fixture.next('failed')).isUncreated, undefined);
  await fixture.end();
});

/** Limits names as an encrypting filesystem does. */
const ofShortNames = (storage: Storage): Storage =>
  interposed(storage, (_, path) => {
    if (path.split('/').some((name) => Buffer.byteLength(name) > 143)) throw errno('ENAMETOOLONG');
  });

test('preflight, copy: the report says what is too long, and how many bytes are accepted', async () => {
  const fixture = await carrierFixture({ wrapDestination: ofShortNames });
  const long = `${'n'.repeat(180)}.mov`;
  const fits = `${'n'.repeat(136)}.mov`;
  fixture.carrier.receive({ kind: 'preflight', order: orderFor(long, await make(join(fixture.source, long), size)) });
  const refused = await fixture.next('failed');
  assert.equal([refused.fault.code, refused.takenBytes], ['ENAMETOOLONG', 143]);
  fixture.carrier.receive({ kind: 'copy', order: orderFor(fits, await make(join(fixture.source, fits), size)) });
  await fixture.next('creating');
  const { fault, takenBytes, isUncreated } = await fixture.next('failed');
  assert.equal([fault.code, takenBytes, isUncreated], ['ENAMETOOLONG', 143, true]);
  await mkdir(join(fixture.source, 'f'.repeat(150)));
  const below = `${'f'.repeat(150)}/a.mov`;
  fixture.carrier.receive({ kind: 'copy', order: orderFor(below, await make(join(fixture.source, below), size)) });
  const folder = await fixture.next('failed');
  assert.equal([folder.fault.code, folder.takenBytes], ['FOLDER_TOO_LONG', 143]);
  await fixture.end();
});

test('copy: the failure of a file that is too big says at how many bytes it stopped', async () => {
  let written = 0;
  const wrapDestination = (storage: Storage): Storage =>
    interposed(storage, (verb) => {
      if (verb !== 'write') return;
      written += 1;
      if (written > 2) throw errno('EFBIG');
    });
  const fixture = await carrierFixture({ wrapDestination });
  fixture.carrier.receive({ kind: 'copy', order: orderFor('a.mov', await make(join(fixture.source, 'a.mov'), size)) });
  const { fault, syncedBytes } = await fixture.next('failed');
  assert.ok(syncedBytes > 0 && syncedBytes < size);
  assert.equal([fault.code, fault.message], ['EFBIG', `it stopped at ${syncedBytes} bytes`]);
  await fixture.end();
});

test('read_back: if O_DIRECT is refused, a new process reads through the cache', async () => {
  const fixture = await carrierFixture({ wrapDestination: failing('open_direct', 'EINVAL') });
  const order = orderFor('a.mov', await make(join(fixture.source, 'a.mov'), size));
  fixture.carrier.receive({ kind: 'copy', order });
  const { hash, fingerprint } = await fixture.next('copied');
  fixture.carrier.receive(readBack);
  await fixture.next('direct_refused');
  const fresh = await carrierFixture({ after: fixture });
  const asked = { kind: 'read_back_fresh', order: { ...order, expected: fingerprint }, hash, sizeBytes: size } as const;
  fresh.carrier.receive(asked);
  assert.equal(await fresh.next('verified'), { kind: 'verified', readback: 'cached', sourceGone: false });
  await appendFile(join(fixture.source, 'a.mov'), 'more');
  fresh.carrier.receive(asked);
  assert.is((await fresh.next('source_moved')).sizeBytes, size + 4);
  fixture.carrier.receive({ kind: 'follow_again', ...ids });
  assert.is((await fixture.next('copied')).fingerprint.sizeBytes, size + 4);
  await flip(join(fixture.destination, part), 5);
  fresh.carrier.receive(asked);
  assert.is((await fresh.next('failed')).fault.code, 'MISMATCH');
  await fresh.end();
  await fixture.end();
});

for (const [what, cache, readback] of [
  ['a mount that may keep what is written', 'writes', 'cached'],
  ['a disk that is read through the cache', 'reads', 'cached'],
  ['a mount that caches nothing', null, 'direct'],
] as const) {
  test(`read_back, compare: a read past the page cache of ${what} proves ${readback}`, async () => {
    const fixture = await carrierFixture();
    const mount = { path: '', mountId: null, ...(cache === null ? {} : { cache }) };
    const order = orderFor('a.mov', await make(join(fixture.source, 'a.mov'), size), { mount });
    fixture.carrier.receive({ kind: 'copy', order });
    const copied = await fixture.next('copied');
    fixture.carrier.receive(readBack);
    assert.is((await fixture.next('verified')).readback, readback);
    fixture.carrier.receive({ kind: 'publish', order: publishFor(order, copied) });
    await fixture.next('published');
    fixture.carrier.receive({ kind: 'copy', order: { ...order, compare: true } });
    assert.is((await fixture.next('already_there')).readback, readback);
    await fixture.end();
  });
}

test('read_back: CHILD_LOST in a process that did not make the copy', async () => {
  const fixture = await carrierFixture();
  fixture.carrier.receive(readBack);
  assert.is((await fixture.next('failed')).fault.code, 'CHILD_LOST');
  await fixture.end();
});

/** Every file opened by name pretends to lie on mount 7. */
const elsewhere =
  (paths: (path: string) => boolean) =>
  (storage: Storage): Storage => ({
    ...storage,
    open: async (path, how) => withCalls(await storage.open(path, how), { mountId: paths(path) ? 7 : 8 }),
  });

test('copy: a file that was created on another mount is removed, and the copy is DIVERTED', async () => {
  const fixture = await carrierFixture({ wrapDestination: elsewhere((path) => path !== '') });
  const mount = { path: '', mountId: 8 };
  fixture.carrier.receive({ kind: 'copy', order: orderFor('a.mov', await make(join(fixture.source, 'a.mov'), size), { mount }) });
  await fixture.next('creating');
  assert.equal((await fixture.next('failed')).fault.code, 'DIVERTED');
  assert.equal(await readdir(fixture.destination), []);
  await fixture.end();
});

test('copy: nothing is created if the root is on another mount', async () => {
  const fixture = await carrierFixture({ wrapDestination: elsewhere(() => true) });
  const mount = { path: '', mountId: 8 };
  await mkdir(join(fixture.source, 'x'));
  const order = orderFor('x/a.mov', await make(join(fixture.source, 'x/a.mov'), size), { mount });
  fixture.carrier.receive({ kind: 'preflight', order });
  assert.is((await fixture.next('failed')).fault.code, 'DIVERTED');
  fixture.carrier.receive({ kind: 'copy', order });
  assert.is((await fixture.next('failed')).fault.code, 'DIVERTED');
  assert.equal(await readdir(fixture.destination), []);
  await fixture.end();
});

test('copy: a missing root is a failure and is not created', async () => {
  const fixture = await carrierFixture();
  const order = orderFor('a.mov', await make(join(fixture.source, 'a.mov'), size));
  await rm(fixture.destination, { recursive: true });
  for (const kind of ['preflight', 'copy'] as const) {
    fixture.carrier.receive({ kind, order });
    const { fault } = await fixture.next('failed');
    assert.equal([fault.side, fault.code], ['destination', 'ENOENT']);
  }
  await fixture.end();
});

test('copy: a taken visible name is reported, and the same lane continues with the next one', async () => {
  const fixture = await carrierFixture();
  const order = orderFor('a.mov', await make(join(fixture.source, 'a.mov'), size), { growing: true, part: null });
  await writeFile(join(fixture.destination, 'a.mov'), 'theirs');
  fixture.carrier.receive({ kind: 'copy', order });
  await fixture.next('name_taken');
  const next = { ...order, destination: 'a_1.mov' };
  fixture.carrier.receive({ kind: 'copy', order: next });
  fixture.carrier.receive({ kind: 'publish', order: publishFor(next, await fixture.next('copied')) });
  await fixture.next('published');
  assert.ok(await isSame(join(fixture.source, 'a.mov'), join(fixture.destination, 'a_1.mov')));
  assert.is(await readFile(join(fixture.destination, 'a.mov'), 'utf8'), 'theirs');
  await fixture.end();
});

test('compare: already_there for the same bytes, name_taken for others', async () => {
  const fixture = await carrierFixture();
  const order = orderFor('a.mov', await make(join(fixture.source, 'a.mov'), size), { compare: true });
  await writeFile(join(fixture.destination, 'a.mov'), bytesOf(size));
  fixture.carrier.receive({ kind: 'preflight', order });
  assert.is((await fixture.next('preflight')).preflight.existingSizeBytes, size);
  fixture.carrier.receive({ kind: 'copy', order });
  const found = await fixture.next('already_there');
  assert.equal([found.readback, found.fingerprint], ['direct', order.expected]);
  await flip(join(fixture.destination, 'a.mov'), size - 1);
  fixture.carrier.receive({ kind: 'copy', order });
  await fixture.next('name_taken');
  assert.equal(await readdir(fixture.destination), ['a.mov']);
  await fixture.end();
});

test('compare: a file that was removed meanwhile is LOST, and its name is free', async () => {
  const fixture = await carrierFixture();
  const order = orderFor('a.mov', await make(join(fixture.source, 'a.mov'), size), { compare: true });
  fixture.carrier.receive({ kind: 'copy', order });
  const reported = await fixture.next('failed', 'name_taken');
  assert.is(reported.kind === 'failed' && reported.fault.code, 'LOST');
  await fixture.end();
});

test('hash_source: reports the hash that a copy of the source would have; CHANGED if the source changed', async () => {
  const fixture = await carrierFixture();
  const expected = await make(join(fixture.source, 'a.mov'), size);
  fixture.carrier.receive({ kind: 'copy', order: orderFor('a.mov', expected) });
  const copied = await fixture.next('copied');
  fixture.carrier.receive({ kind: 'hash_source', ...ids, source: 'a.mov', sourceIdentity: null, expected });
  assert.equal((await fixture.next('source_hashed')).hash, copied.hash);
  await appendFile(join(fixture.source, 'a.mov'), 'x');
  fixture.carrier.receive({ kind: 'hash_source', ...ids, source: 'a.mov', sourceIdentity: null, expected });
  assert.is((await fixture.next('failed')).fault.code, 'CHANGED');
  await fixture.end();
});

test('copy: a file other than the ordered one is not copied, even with the same size and mtime', async () => {
  const fixture = await carrierFixture();
  const expected = await make(join(fixture.source, 'a.mov'), size);
  const { dev, ino } = await stat(join(fixture.source, 'a.mov'), { bigint: true });
  const asked = async (sourceIdentity: FileIdentity): Promise<boolean> => {
    fixture.carrier.receive({ kind: 'preflight', order: orderFor('a.mov', expected, { sourceIdentity }) });
    return (await fixture.next('preflight')).preflight.isOther;
  };
  const [same, other] = [
    { device: String(dev), inode: String(ino) },
    { device: String(dev), inode: String(ino + 1n) },
  ];
  assert.equal([await asked(same), await asked(other)], [false, true]);
  fixture.carrier.receive({ kind: 'copy', order: orderFor('a.mov', expected, { sourceIdentity: other }) });
  assert.is((await fixture.next('failed')).fault.code, 'CHANGED');
  assert.equal(await readdir(fixture.destination), []);
  await fixture.end();
});

test('preflight: a writer that denies reading is reported as such', async () => {
  const fixture = await carrierFixture({ wrapSource: failing('open', 'EBUSY', 1) });
  const order = orderFor('a.mov', await make(join(fixture.source, 'a.mov'), size));
  fixture.carrier.receive({ kind: 'preflight', order });
  assert.is((await fixture.next('held_by_writer')).code, 'EBUSY');
  fixture.carrier.receive({ kind: 'preflight', order });
  assert.ok(((await fixture.next('preflight')).preflight.freeBytes ?? 0) > 0);
  await fixture.end();
});

test('preflight: a link, or a name that leads out of the root, is refused as a source', async () => {
  const fixture = await carrierFixture();
  await make(join(fixture.source, 'a.mov'), size);
  await symlink('a.mov', join(fixture.source, 'l.mov'));
  for (const name of ['l.mov', '../source/a.mov', 'x/../a.mov', '/a.mov']) {
    fixture.carrier.receive({ kind: 'preflight', order: orderFor(name, { sizeBytes: size, mtimeNs: '0' }) });
    assert.is((await fixture.next('failed')).fault.side, 'source');
  }
  await fixture.end();
});

for (const [verb, side] of [
  ['read', 'source'],
  ['write', 'destination'],
  ['sync', 'destination'],
  ['close', 'destination'],
] as const) {
  test(`copy: EIO of a ${verb} on the ${side} side fails it`, async () => {
    const wrap = failing(verb, 'EIO');
    const closing = (storage: Storage): Storage =>
      interposed(storage, (called, path) => {
        // The root is only checked, so an error of its close is ignored.
        if (called === verb && path !== '') throw errno('EIO');
      });
    const fixture = await carrierFixture(side === 'source' ? { wrapSource: wrap } : { wrapDestination: closing });
    fixture.carrier.receive({ kind: 'copy', order: orderFor('a.mov', await make(join(fixture.source, 'a.mov'), size)) });
    const { fault } = await fixture.next('failed');
    assert.equal([fault.side, fault.code], [side, 'EIO']);
    await fixture.end();
  });
}

test('copy: EIO of a destination without room is reported as ENOSPC', async () => {
  const wrapDestination = (storage: Storage): Storage => ({
    ...failing('write', 'EIO')(storage),
    room: async () => ({ freeBytes: 4096 }),
  });
  const fixture = await carrierFixture({ wrapDestination });
  fixture.carrier.receive({ kind: 'copy', order: orderFor('a.mov', await make(join(fixture.source, 'a.mov'), size)) });
  assert.is((await fixture.next('failed')).fault.code, 'ENOSPC');
  await fixture.end();
});

test('copy: SHORT if the file ends before its size', async () => {
  const wrapSource = (storage: Storage): Storage => ({
    ...storage,
    open: async (path, how) => {
      const file = await storage.open(path, how);
      return withCalls(file, { read: async (into, atByte) => (atByte >= chunk ? 0 : await file.read(into, atByte)) });
    },
  });
  for (const growing of [false, true]) {
    const fixture = await carrierFixture({ wrapSource });
    fixture.carrier.receive({ kind: 'copy', order: orderFor('a.mov', await make(join(fixture.source, 'a.mov'), size), { growing }) });
    const { fault } = await fixture.next('failed');
    assert.equal([fault.side, fault.code], ['source', 'SHORT']);
    await fixture.end();
  }
});

test('copy: short writes lose nothing', async () => {
  const wrapDestination = (storage: Storage): Storage => ({
    ...storage,
    open: async (path, how) => {
      const file = await storage.open(path, how);
      return withCalls(file, { write: (bytes, atByte) => file.write(bytes.subarray(0, 999), atByte) });
    },
  });
  const fixture = await carrierFixture({ wrapDestination });
  fixture.carrier.receive({ kind: 'copy', order: orderFor('a.mov', await make(join(fixture.source, 'a.mov'), size)) });
  await fixture.next('copied');
  assert.ok(await isSame(join(fixture.source, 'a.mov'), join(fixture.destination, part)));
  await fixture.end();
});

test('copy: parts of ended attempts are removed first, and a leftover part of the same id is replaced', async () => {
  const fixture = await carrierFixture();
  const dead = '.a.mov.deadbeef.part';
  await writeFile(join(fixture.destination, dead), 'x');
  await writeFile(join(fixture.destination, part), 'y');
  const removeFirst = [dead, '.b.mov.deadbeef.part'];
  fixture.carrier.receive({ kind: 'copy', order: orderFor('a.mov', await make(join(fixture.source, 'a.mov'), size), { removeFirst }) });
  await fixture.next('copied');
  assert.equal(await readdir(fixture.destination), [part]);
  assert.ok(await isSame(join(fixture.source, 'a.mov'), join(fixture.destination, part)));
  await fixture.end();
});

test('remove_parts: removes only parts, and reports none as gone if the root cannot be read', async () => {
  const fixture = await carrierFixture();
  const dead = '.a.mov.deadbeef.part';
  await writeFile(join(fixture.destination, dead), 'x');
  await writeFile(join(fixture.destination, 'a.mov'), 'theirs');
  await mkdir(join(fixture.destination, '.f.mov.deadbeef.part'));
  const sweep = { kind: 'remove_parts', route: ids.route, sweepId: sweepId('s'), mount: { path: '', mountId: null } } as const;
  const parts = [dead, 'a.mov', '.f.mov.deadbeef.part', 'gone/.x.mov.deadbeef.part'];
  fixture.carrier.receive({ ...sweep, parts });
  const { removed, kept } = await fixture.swept();
  assert.equal(
    [removed, kept],
    [
      [dead, 'gone/.x.mov.deadbeef.part'],
      ['a.mov', '.f.mov.deadbeef.part'],
    ],
  );
  await rm(fixture.destination, { recursive: true });
  fixture.carrier.receive({ ...sweep, parts: [dead] });
  assert.equal((await fixture.swept()).kept, [dead]);
  await fixture.end();
});

test('withdraw: leaves nothing, after `copied` and before anything has begun', async () => {
  const fixture = await carrierFixture();
  fixture.carrier.receive({ kind: 'copy', order: orderFor('a.mov', await make(join(fixture.source, 'a.mov'), size)) });
  await fixture.next('copied');
  fixture.carrier.receive({ kind: 'withdraw', ...ids });
  assert.is((await fixture.next('withdrawn')).left, false);
  assert.equal(await readdir(fixture.destination), []);
  await fixture.end();
});

test('withdraw: a part that is not to be found because the destination is gone counts as left', async () => {
  const fixture = await carrierFixture();
  fixture.carrier.receive({ kind: 'copy', order: orderFor('a.mov', await make(join(fixture.source, 'a.mov'), size)) });
  await fixture.next('copied');
  await rename(fixture.destination, `${fixture.destination}-away`);
  fixture.carrier.receive({ kind: 'withdraw', ...ids });
  assert.is((await fixture.next('withdrawn')).left, true);
  assert.equal(await readdir(`${fixture.destination}-away`), [part]);
  await rename(`${fixture.destination}-away`, fixture.destination);
  await fixture.end();
});

test.run();
