import { appendFile, mkdir, open, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sweepId } from '@sluice/core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Storage } from '../../src/storage/storage.ts';
import { bench, chunk, ids, orderFor, publishFor } from '../support/bench-of-one.ts';
import { errno, failing, interposed } from '../support/faults.ts';
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
    const b = await bench();
    b.carrier.receive({ kind: 'copy', order: orderFor('a.mov', await make(join(b.source, 'a.mov'), size)) });
    await b.next('copied');
    await flip(join(b.destination, part), atByte);
    b.carrier.receive(readBack);
    const { fault, syncedBytes, sizeBytes } = await b.next('failed');
    assert.equal([fault.side, fault.code, syncedBytes, sizeBytes], ['destination', 'MISMATCH', size, size]);
    await b.end();
  });
}

for (const [what, change] of [
  ['longer', (path: string) => appendFile(path, 'x')],
  ['shorter', (path: string) => writeFile(path, bytesOf(size - 1))],
] as const) {
  for (const verify of ['readback', 'size'] as const) {
    test(`read_back: a ${what} file is a MISMATCH (verify = ${verify})`, async () => {
      const b = await bench({ route: { verify } });
      b.carrier.receive({ kind: 'copy', order: orderFor('a.mov', await make(join(b.source, 'a.mov'), size)) });
      await b.next('copied');
      await change(join(b.destination, part));
      b.carrier.receive(readBack);
      assert.is((await b.next('failed')).fault.code, 'MISMATCH');
      await b.end();
    });
  }
}

test('read_back: where O_DIRECT is refused a fresh process reads through the cache', async () => {
  const b = await bench({ wrapDestination: failing('open_direct', 'EINVAL') });
  const order = orderFor('a.mov', await make(join(b.source, 'a.mov'), size));
  b.carrier.receive({ kind: 'copy', order });
  const { hash, fingerprint } = await b.next('copied');
  b.carrier.receive(readBack);
  await b.next('direct_refused');
  const fresh = await bench({ after: b });
  const asked = { kind: 'read_back_fresh', order: { ...order, expected: fingerprint }, hash, sizeBytes: size } as const;
  fresh.carrier.receive(asked);
  assert.equal(await fresh.next('verified'), { kind: 'verified', readback: 'cached', sourceGone: false });
  await appendFile(join(b.source, 'a.mov'), 'more');
  fresh.carrier.receive(asked);
  assert.is((await fresh.next('source_moved')).sizeBytes, size + 4);
  b.carrier.receive({ kind: 'follow_again', ...ids });
  assert.is((await b.next('copied')).fingerprint.sizeBytes, size + 4);
  await flip(join(b.destination, part), 5);
  fresh.carrier.receive(asked);
  assert.is((await fresh.next('failed')).fault.code, 'MISMATCH');
  await fresh.end();
  await b.end();
});

test('read_back: a process that did not make the copy says CHILD_LOST', async () => {
  const b = await bench();
  b.carrier.receive(readBack);
  assert.is((await b.next('failed')).fault.code, 'CHILD_LOST');
  await b.end();
});

/** Every file opened by name pretends to lie on mount 7. */
const elsewhere =
  (paths: (path: string) => boolean) =>
  (storage: Storage): Storage => ({
    ...storage,
    open: async (path, how) => ({ ...(await storage.open(path, how)), mountId: paths(path) ? 7 : 8 }),
  });

test('copy: what came to lie on another mount is removed and DIVERTED', async () => {
  const b = await bench({ wrapDestination: elsewhere((path) => path !== '') });
  const mount = { path: '', mountId: 8 };
  b.carrier.receive({ kind: 'copy', order: orderFor('a.mov', await make(join(b.source, 'a.mov'), size), { mount }) });
  await b.next('creating');
  assert.equal((await b.next('failed')).fault.code, 'DIVERTED');
  assert.equal(await readdir(b.destination), []);
  await b.end();
});

test('copy: nothing is made under a root on another mount', async () => {
  const b = await bench({ wrapDestination: elsewhere(() => true) });
  const mount = { path: '', mountId: 8 };
  await mkdir(join(b.source, 'x'));
  const order = orderFor('x/a.mov', await make(join(b.source, 'x/a.mov'), size), { mount });
  b.carrier.receive({ kind: 'preflight', order });
  assert.is((await b.next('failed')).fault.code, 'DIVERTED');
  b.carrier.receive({ kind: 'copy', order });
  assert.is((await b.next('failed')).fault.code, 'DIVERTED');
  assert.equal(await readdir(b.destination), []);
  await b.end();
});

test('copy: a missing root is a failure and is not made', async () => {
  const b = await bench();
  const order = orderFor('a.mov', await make(join(b.source, 'a.mov'), size));
  await rm(b.destination, { recursive: true });
  for (const kind of ['preflight', 'copy'] as const) {
    b.carrier.receive({ kind, order });
    const { fault } = await b.next('failed');
    assert.equal([fault.side, fault.code], ['destination', 'ENOENT']);
  }
  await b.end();
});

test('copy: a taken visible name is taken, and the next one is used in the same lane', async () => {
  const b = await bench();
  const order = orderFor('a.mov', await make(join(b.source, 'a.mov'), size), { growing: true, part: null });
  await writeFile(join(b.destination, 'a.mov'), 'theirs');
  b.carrier.receive({ kind: 'copy', order });
  await b.next('name_taken');
  const next = { ...order, destination: 'a_1.mov' };
  b.carrier.receive({ kind: 'copy', order: next });
  b.carrier.receive({ kind: 'publish', order: publishFor(next, await b.next('copied')) });
  await b.next('published');
  assert.ok(await isSame(join(b.source, 'a.mov'), join(b.destination, 'a_1.mov')));
  assert.is(await readFile(join(b.destination, 'a.mov'), 'utf8'), 'theirs');
  await b.end();
});

test('compare: the same bytes are already there, others are a taken name', async () => {
  const b = await bench();
  const order = orderFor('a.mov', await make(join(b.source, 'a.mov'), size), { compare: true });
  await writeFile(join(b.destination, 'a.mov'), bytesOf(size));
  b.carrier.receive({ kind: 'preflight', order });
  assert.is((await b.next('preflight')).preflight.existingSizeBytes, size);
  b.carrier.receive({ kind: 'copy', order });
  const found = await b.next('already_there');
  assert.equal([found.readback, found.fingerprint], ['direct', order.expected]);
  await flip(join(b.destination, 'a.mov'), size - 1);
  b.carrier.receive({ kind: 'copy', order });
  await b.next('name_taken');
  assert.equal(await readdir(b.destination), ['a.mov']);
  await b.end();
});

test('hash_source: answers with the hash a copy of the same source has, CHANGED where it moved', async () => {
  const b = await bench();
  const expected = await make(join(b.source, 'a.mov'), size);
  b.carrier.receive({ kind: 'copy', order: orderFor('a.mov', expected) });
  const copied = await b.next('copied');
  b.carrier.receive({ kind: 'hash_source', ...ids, source: 'a.mov', expected });
  assert.equal((await b.next('source_hashed')).hash, copied.hash);
  await appendFile(join(b.source, 'a.mov'), 'x');
  b.carrier.receive({ kind: 'hash_source', ...ids, source: 'a.mov', expected });
  assert.is((await b.next('failed')).fault.code, 'CHANGED');
  await b.end();
});

test('preflight: a writer that denies reading is reported as such', async () => {
  const b = await bench({ wrapSource: failing('open', 'EBUSY', 1) });
  const order = orderFor('a.mov', await make(join(b.source, 'a.mov'), size));
  b.carrier.receive({ kind: 'preflight', order });
  assert.is((await b.next('held_by_writer')).code, 'EBUSY');
  b.carrier.receive({ kind: 'preflight', order });
  assert.ok(((await b.next('preflight')).preflight.freeBytes ?? 0) > 0);
  await b.end();
});

test('preflight: neither a link nor a name that leads out of the root is a source', async () => {
  const b = await bench();
  await make(join(b.source, 'a.mov'), size);
  await symlink('a.mov', join(b.source, 'l.mov'));
  for (const name of ['l.mov', '../source/a.mov', 'x/../a.mov', '/a.mov']) {
    b.carrier.receive({ kind: 'preflight', order: orderFor(name, { sizeBytes: size, mtimeNs: '0' }) });
    assert.is((await b.next('failed')).fault.side, 'source');
  }
  await b.end();
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
        // The root is only looked at; what its close says is of no interest.
        if (called === verb && path !== '') throw errno('EIO');
      });
    const b = await bench(side === 'source' ? { wrapSource: wrap } : { wrapDestination: closing });
    b.carrier.receive({ kind: 'copy', order: orderFor('a.mov', await make(join(b.source, 'a.mov'), size)) });
    const { fault } = await b.next('failed');
    assert.equal([fault.side, fault.code], [side, 'EIO']);
    await b.end();
  });
}

test('copy: EIO of a destination without room is ENOSPC', async () => {
  const wrapDestination = (storage: Storage): Storage => ({
    ...failing('write', 'EIO')(storage),
    room: async () => ({ freeBytes: 4096 }),
  });
  const b = await bench({ wrapDestination });
  b.carrier.receive({ kind: 'copy', order: orderFor('a.mov', await make(join(b.source, 'a.mov'), size)) });
  assert.is((await b.next('failed')).fault.code, 'ENOSPC');
  await b.end();
});

test('copy: an end of file before the size is SHORT', async () => {
  const wrapSource = (storage: Storage): Storage => ({
    ...storage,
    open: async (path, how) => {
      const file = await storage.open(path, how);
      return { ...file, read: async (into, atByte) => (atByte >= chunk ? 0 : await file.read(into, atByte)) };
    },
  });
  for (const growing of [false, true]) {
    const b = await bench({ wrapSource });
    b.carrier.receive({ kind: 'copy', order: orderFor('a.mov', await make(join(b.source, 'a.mov'), size), { growing }) });
    const { fault } = await b.next('failed');
    assert.equal([fault.side, fault.code], ['source', 'SHORT']);
    await b.end();
  }
});

test('copy: short writes lose nothing', async () => {
  const wrapDestination = (storage: Storage): Storage => ({
    ...storage,
    open: async (path, how) => {
      const file = await storage.open(path, how);
      return { ...file, write: (bytes, atByte) => file.write(bytes.subarray(0, 999), atByte) };
    },
  });
  const b = await bench({ wrapDestination });
  b.carrier.receive({ kind: 'copy', order: orderFor('a.mov', await make(join(b.source, 'a.mov'), size)) });
  await b.next('copied');
  assert.ok(await isSame(join(b.source, 'a.mov'), join(b.destination, part)));
  await b.end();
});

test('copy: parts of ended attempts are removed first, and our own dead part is made anew', async () => {
  const b = await bench();
  const dead = '.a.mov.deadbeef.part';
  await writeFile(join(b.destination, dead), 'x');
  await writeFile(join(b.destination, part), 'y');
  const removeFirst = [dead, '.b.mov.deadbeef.part'];
  b.carrier.receive({ kind: 'copy', order: orderFor('a.mov', await make(join(b.source, 'a.mov'), size), { removeFirst }) });
  await b.next('copied');
  assert.equal(await readdir(b.destination), [part]);
  assert.ok(await isSame(join(b.source, 'a.mov'), join(b.destination, part)));
  await b.end();
});

test('remove_parts: only parts, and nothing counts as gone where the root cannot be seen', async () => {
  const b = await bench();
  const dead = '.a.mov.deadbeef.part';
  await writeFile(join(b.destination, dead), 'x');
  await writeFile(join(b.destination, 'a.mov'), 'theirs');
  await mkdir(join(b.destination, '.f.mov.deadbeef.part'));
  const sweep = { kind: 'remove_parts', route: ids.route, sweepId: sweepId('s'), mount: { path: '', mountId: null } } as const;
  const parts = [dead, 'a.mov', '.f.mov.deadbeef.part', 'gone/.x.mov.deadbeef.part'];
  b.carrier.receive({ ...sweep, parts });
  const { removed, kept } = await b.swept();
  assert.equal(
    [removed, kept],
    [
      [dead, 'gone/.x.mov.deadbeef.part'],
      ['a.mov', '.f.mov.deadbeef.part'],
    ],
  );
  await rm(b.destination, { recursive: true });
  b.carrier.receive({ ...sweep, parts: [dead] });
  assert.equal((await b.swept()).kept, [dead]);
  await b.end();
});

test('withdraw: after `copied` and before anything was begun nothing is left', async () => {
  const b = await bench();
  b.carrier.receive({ kind: 'copy', order: orderFor('a.mov', await make(join(b.source, 'a.mov'), size)) });
  await b.next('copied');
  b.carrier.receive({ kind: 'withdraw', ...ids });
  assert.is((await b.next('withdrawn')).left, false);
  assert.equal(await readdir(b.destination), []);
  await b.end();
});

test.run();
