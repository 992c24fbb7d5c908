import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createCalls } from '../../src/calls.ts';
import { copyLimits } from '../../src/limits.ts';
import { type Machine, openSharing, type SharedReading, type Sharing } from '../../src/sharing/sharing.ts';
import type { FileFacts } from '../../src/storage/storage.ts';
import { loadHashing } from '../../src/streams/read-chunks.ts';
import { Stopped } from '../../src/waiting.ts';
import { bytesOf } from '../support/files.ts';
import { makeWindows, type Windows } from '../support/windows.ts';

interface Context {
  readonly windows: Windows;
  readonly machine: TestMachine;
}

const chunkBytes = 4096;
const limits = { ...copyLimits, chunkBytes, windowPieces: 4, windowReaders: 2, shareFromBytes: 2 * chunkBytes };
const chunks = 12;
const source = bytesOf(chunks * chunkBytes, 7);
const { chunk: hashOf } = await loadHashing();

/** A clock that only the test advances. A wait ends when the test ends it. */
class TestMachine implements Machine {
  nowMs = 1_000;
  pauses = 0;
  /** Pauses advance the clock. Off while a call is to return: how many pauses it lasts depends on the load of the machine. */
  pausesTakeTime = false;
  readonly #long: (() => void)[] = [];

  readonly clock = {
    now: () => this.nowMs,
    wait: () => new Promise<void>((resolve) => void this.#long.push(resolve)),
  };

  now(): number {
    return this.nowMs;
  }

  async pause(forMs: number): Promise<void> {
    this.pauses += 1;
    if (this.pausesTakeTime) this.nowMs += forMs;
    // Taking a chunk needs a system call.
    await new Promise((resolve) => setImmediate(resolve));
  }

  async endLongWaits(): Promise<void> {
    for (const resolve of this.#long.splice(0)) resolve();
    await Promise.resolve();
  }
}

const test = suite<Context>('sharing');

test.before.each((context) => {
  Object.assign(context, { windows: makeWindows(3), machine: new TestMachine() });
});
test.after.each(({ windows }) => windows.remove());

const facts: FileFacts = {
  kind: 'file',
  device: '1',
  inode: '2',
  mode: 0o644,
  sizeBytes: source.length,
  mtimeNs: '3',
  changeNs: '4',
};

function openOne({ windows, machine }: Context, seat: number): Sharing {
  return openSharing(windows.seat(seat), { limits, hashOf, clock: machine.clock, machine });
}

/** A copy that reads the source, and the chunks that it read itself. */
class Copy {
  readonly ownReads: number[] = [];
  readonly #machine: TestMachine;
  readonly #reading: SharedReading;
  readonly calls;

  constructor(machine: TestMachine, sharing: Sharing, seen: FileFacts = facts) {
    this.#machine = machine;
    this.calls = createCalls(machine.clock);
    const reading = sharing.join('a.mxf', seen, this.calls);
    if (reading === null) throw new Error('it is not shared');
    this.#reading = reading;
  }

  /** @param during what happens while it reads the source */
  async read(chunk: number, during: () => Promise<void> | void = () => undefined): Promise<void> {
    const into = new Uint8Array(chunkBytes);
    const count = await this.#reading.readChunk(chunk, into, async () => {
      this.ownReads.push(chunk);
      this.#machine.nowMs += 1;
      await during();
      into.set(source.subarray(chunk * chunkBytes, (chunk + 1) * chunkBytes));
      return chunkBytes;
    });
    assert.is(count, chunkBytes);
    assert.ok(source.subarray(chunk * chunkBytes, (chunk + 1) * chunkBytes).equals(into), `the bytes of chunk ${chunk}`);
  }

  async readAll(from = 0): Promise<void> {
    for (let chunk = from; chunk < chunks; chunk += 1) await this.read(chunk);
  }

  leave(): void {
    this.#reading.leave();
  }
}

const all = Array.from({ length: chunks }, (_, chunk) => chunk);

function copiesOf(context: Context, count: number): Copy[] {
  const opened = Array.from({ length: count }, (_, seat) => openOne(context, seat));
  return opened.map((sharing) => new Copy(context.machine, sharing));
}

test('readChunk: two copies, and three, read every chunk of the source once', async (context) => {
  for (const count of [2, 3]) {
    const copies = copiesOf(context, count);
    await Promise.all(copies.map((copy) => copy.readAll()));
    const read = copies.flatMap(({ ownReads }) => ownReads).sort((a, b) => a - b);
    assert.equal(read, all, `${count} copies`);
    for (const copy of copies) copy.leave();
  }
});

test('readChunk: a copy that begins a little later takes the chunks that were read before', async (context) => {
  const [first, second] = copiesOf(context, 2) as [Copy, Copy];
  for (const chunk of [0, 1, 2, 3]) await first.read(chunk);
  for (const chunk of [0, 1, 2, 3]) await second.read(chunk);
  assert.equal(second.ownReads, []);
});

test('readChunk: a copy that falls too far behind reads alone, and delays no other', async (context) => {
  const [fast, slow] = copiesOf(context, 2) as [Copy, Copy];
  await fast.readAll();
  assert.equal([fast.ownReads, context.machine.pauses], [all, 0], 'it waited for nothing');
  await slow.readAll();
  assert.equal(slow.ownReads, all.slice(limits.windowPieces), 'it took what was still in the window');
});

test('readChunk: if the first copy falls behind, the other one reads first', async (context) => {
  const [one, other] = copiesOf(context, 2) as [Copy, Copy];
  for (const chunk of [0, 1]) await one.read(chunk);
  for (const chunk of [0, 1, 2, 3]) await other.read(chunk);
  for (const chunk of [2, 3]) await one.read(chunk);
  assert.equal(
    [one.ownReads, other.ownReads],
    [
      [0, 1],
      [2, 3],
    ],
  );
});

test('readChunk: nothing is shared between two states of a source', async (context) => {
  const [one, other] = [openOne(context, 0), openOne(context, 1)];
  const first = new Copy(context.machine, one);
  const changes = [{ changeNs: '5' }, { mtimeNs: '5' }, { sizeBytes: facts.sizeBytes + 1 }, { inode: '5' }, { device: '5' }];
  await first.read(0);
  for (const change of changes) {
    const second = new Copy(context.machine, other, { ...facts, ...change });
    await second.read(0);
    assert.equal(second.ownReads, [0], JSON.stringify(change));
    second.leave();
  }
});

test('readChunk: waits for another copy that reads the chunk, but only `shareWaitMs`', async (context) => {
  const [one, other] = copiesOf(context, 2) as [Copy, Copy];
  const hung = new Promise<void>(() => undefined);
  let hasBegun = (): void => undefined;
  const begun = new Promise<void>((resolve) => {
    hasBegun = resolve;
  });
  void one.read(0, () => {
    hasBegun();
    return hung;
  });
  await begun;
  context.machine.pausesTakeTime = true;
  const before = context.machine.nowMs;
  await other.read(0);
  assert.equal(other.ownReads, [0]);
  const waitedMs = context.machine.nowMs - before;
  assert.ok(waitedMs > 0 && waitedMs <= limits.shareWaitMs + 2 * limits.sharePollMs, `waited ${waitedMs} ms`);
  await other.readAll(1);
  assert.ok(context.machine.nowMs - before < 2 * limits.shareWaitMs, 'it waited once');
});

test('readChunk: a chunk that is damaged in the window is read from the source', async (context) => {
  const [one, other] = copiesOf(context, 2) as [Copy, Copy];
  await one.read(0);
  const path = context.windows.files[0]?.path ?? '';
  const held = readFileSync(path);
  const at = held.indexOf(source.subarray(0, chunkBytes));
  assert.ok(at > 0, 'the piece is in the window');
  held[at + 100] = (held[at + 100] ?? 0) ^ 1;
  writeFileSync(path, held);
  await other.read(0);
  assert.equal(other.ownReads, [0]);
});

test('readChunk: a damaged table is ignored', async (context) => {
  const [one, other] = copiesOf(context, 2) as [Copy, Copy];
  await one.read(0);
  const path = context.windows.files[0]?.path ?? '';
  const held = readFileSync(path);
  held[20] = (held[20] ?? 0) ^ 1;
  writeFileSync(path, held);
  await other.read(0);
  assert.equal(other.ownReads, [0]);
});

test('readChunk: a failed read of the source fails only its own copy', async (context) => {
  const [one, other] = copiesOf(context, 2) as [Copy, Copy];
  const failure = new Error('planted');
  await one
    .read(0, () => Promise.reject(failure))
    .then(
      () => assert.unreachable(),
      (error: unknown) => assert.is(error, failure),
    );
  await other.readAll();
  assert.equal(other.ownReads, all);
  assert.is(context.machine.pauses, 0);
});

test('readChunk: a copy that is stopped stops waiting', async (context) => {
  const [one, other] = copiesOf(context, 2) as [Copy, Copy];
  void one.read(0, () => new Promise<void>(() => undefined));
  await Promise.resolve();
  const waiting = other.read(0);
  other.calls.stop();
  await waiting.then(
    () => assert.unreachable(),
    (error: unknown) => assert.instance(error, Stopped),
  );
  assert.equal(other.ownReads, []);
});

test('readChunk: a chunk that no other copy can need is not put into the window', async (context) => {
  const [one] = [new Copy(context.machine, openOne(context, 0))];
  const before = context.windows.sizeOf(0);
  await one.readAll();
  assert.is(context.windows.sizeOf(0), before);
});

test('leave: the memory is freed after `windowLingerMs`, unless a copy joins meanwhile', async (context) => {
  const { windows, machine } = context;
  const [one, other] = [openOne(context, 0), openOne(context, 1)];
  const empty = windows.sizeOf(0);
  const first = new Copy(machine, one);
  new Copy(machine, other);
  await first.read(0);
  assert.ok(windows.sizeOf(0) > empty);
  first.leave();
  const second = new Copy(machine, one);
  await machine.endLongWaits();
  assert.ok(windows.sizeOf(0) > empty, 'a copy takes part');
  second.leave();
  await machine.endLongWaits();
  assert.is(windows.sizeOf(0), empty);
});

test('join: null for a small file, and for one copy too many', (context) => {
  const sharing = openOne(context, 0);
  const calls = createCalls(context.machine.clock);
  assert.is(sharing.join('a', { ...facts, sizeBytes: limits.shareFromBytes - 1 }, calls), null);
  for (let place = 0; place < limits.windowReaders; place += 1) assert.ok(sharing.join(String(place), facts, calls) !== null);
  assert.is(sharing.join('z', facts, calls), null);
});

test('openSharing: does not touch a path that names another file now', (context) => {
  const { windows, machine } = context;
  const [first, ...others] = windows.files;
  if (first === undefined) return assert.unreachable();
  writeFileSync(first.path, 'not a window');
  const seat = { files: [{ ...first, inode: `${first.inode}0` }, ...others], own: 0 };
  const calls = createCalls(machine.clock);
  const sharing = openSharing(seat, { limits, hashOf, clock: machine.clock, machine });
  assert.is(sharing.join('a', facts, calls), null);
  assert.is(readFileSync(first.path, 'utf8'), 'not a window');
});

test('openSharing: a window whose process has ended is not used', async (context) => {
  const [one, other] = copiesOf(context, 2) as [Copy, Copy];
  await one.read(0);
  truncateSync(context.windows.files[0]?.path ?? '', 0);
  await other.read(0);
  assert.equal(other.ownReads, [0]);
  assert.ok(statSync(context.windows.files[1]?.path ?? '').size > 0);
});

test.run();
