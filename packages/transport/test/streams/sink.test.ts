import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { copyLimits } from '../../src/limits.ts';
import type { OpenFile } from '../../src/storage/storage.ts';
import { createSink, type Sink } from '../../src/streams/sink.ts';
import { createUnsyncedBudget, type UnsyncedBudget } from '../../src/streams/unsynced-budget.ts';

const limits = { ...copyLimits, chunkBytes: 40, pieceBytes: 10, firstUnsyncedBytes: 40, minUnsyncedBytes: 40, maxUnsyncedBytes: 40 };

/** A sink whose file records its calls; a sync takes until the test ends it. */
class SinkBed {
  readonly calls: string[] = [];
  readonly budget: UnsyncedBudget = createUnsyncedBudget(limits);
  readonly sink: Sink;
  /** Bytes that one write takes. */
  takes = Number.POSITIVE_INFINITY;
  #syncs: PromiseWithResolvers<void>[] = [];

  constructor(expectedBytes = Number.POSITIVE_INFINITY) {
    this.sink = createSink({
      file: this.#file(),
      name: 'a.mxf',
      startBytes: 0,
      expectedBytes,
      budget: this.budget,
      rate: { pieceBytes: null, spend: () => Promise.resolve() },
      clock: { now: () => 0, wait: () => Promise.resolve() },
      limits,
      signal: new AbortController().signal,
      onSynced: () => void this.calls.push(`synced ${this.sink.syncedBytes}`),
    });
  }

  write(bytes: number, atByte: number): Promise<void> {
    return this.sink.write(new Uint8Array(bytes), atByte);
  }

  /** Ends the sync under way. */
  async endSync(failure: Error | null = null): Promise<void> {
    const sync = this.#syncs.shift();
    if (failure === null) sync?.resolve();
    else sync?.reject(failure);
    await new Promise(setImmediate);
  }

  #file(): OpenFile {
    const sync = (): Promise<void> => {
      this.calls.push('sync');
      const pending = Promise.withResolvers<void>();
      this.#syncs.push(pending);
      return pending.promise;
    };
    const write = async (bytes: Uint8Array, atByte: number): Promise<number> => {
      const count = Math.min(this.takes, bytes.length);
      this.calls.push(`write ${count} at ${atByte}`);
      return count;
    };
    return { sync, write } as Partial<OpenFile> as OpenFile;
  }
}

test('sink: a sync begins during the writes when half the share is unsynced, and confirms what was written before it', async () => {
  const bed = new SinkBed();
  await bed.write(20, 0);
  await bed.write(10, 20);
  assert.equal(bed.calls, ['write 10 at 0', 'write 10 at 10', 'sync', 'write 10 at 20']);
  assert.is(bed.sink.syncedBytes, 0);
  await bed.endSync();
  assert.is(bed.sink.syncedBytes, 20);
  bed.sink.end();
});

test('sink: a write waits while more than the share would be unsynced', async () => {
  const bed = new SinkBed();
  await bed.write(40, 0);
  const writing = bed.write(10, 40);
  await new Promise(setImmediate);
  assert.is(bed.calls.at(-1), 'write 10 at 30');
  await bed.endSync();
  await writing;
  assert.ok(bed.calls.includes('write 10 at 40'));
  bed.sink.end();
});

test('sink: flush returns when everything written is synced, and its share is free', async () => {
  const bed = new SinkBed();
  const others = bed.budget.tryEnter();
  await bed.write(10, 0);
  assert.is(bed.budget.shareBytes(), 20);
  const flushing = bed.sink.flush('data');
  await bed.endSync();
  await flushing;
  assert.equal(bed.calls, ['write 10 at 0', 'sync', 'synced 10']);
  assert.is(bed.budget.shareBytes(), 40);
  others?.();
});

test('sink: a sync that failed is thrown by the next call, and by every later one', async () => {
  const bed = new SinkBed();
  await bed.write(20, 0);
  await bed.endSync(new Error('EIO'));
  for (const call of [() => bed.write(10, 20), () => bed.sink.flush('data')]) assert.is(await failureOf(call()), 'EIO');
  assert.is(bed.sink.syncedBytes, 0);
  bed.sink.end();
});

test('sink: short writes continue where they stopped; a write that takes no bytes fails', async () => {
  const bed = new SinkBed();
  bed.takes = 4;
  await bed.write(10, 0);
  assert.equal(bed.calls, ['write 4 at 0', 'write 4 at 4', 'write 2 at 8']);
  bed.takes = 0;
  assert.match(await failureOf(bed.write(10, 10)), 'a write took no bytes');
  bed.sink.end();
});

test('sink: `meanwhile` gets each piece in order, while it is being written', async () => {
  const bed = new SinkBed();
  await bed.sink.write(
    Uint8Array.from({ length: 25 }, (_, index) => index),
    0,
    (piece) => void bed.calls.push(`${piece[0]} to ${piece.at(-1)}`),
  );
  assert.equal(
    bed.calls.filter((call) => call !== 'sync'),
    [...['write 10 at 0', '0 to 9', 'write 10 at 10', '10 to 19', 'write 5 at 20', '20 to 24']],
  );
  bed.sink.end();
});

test('sink: it waits for its turn, and holds none if it ends meanwhile', async () => {
  const bed = new SinkBed();
  const others = Array.from({ length: 4 }, () => bed.budget.tryEnter());
  const waiting = bed.write(10, 0);
  await new Promise(setImmediate);
  assert.equal(bed.calls, []);
  others[0]?.();
  bed.sink.end();
  assert.is(await failureOf(waiting), '');
  assert.equal(bed.calls, []);
  assert.type(bed.budget.tryEnter(), 'function');
});

test('sink: it counts for the size of a small file, and for a piece when it becomes larger than that', async () => {
  const bed = new SinkBed(4);
  const others = Array.from({ length: 3 }, () => bed.budget.tryEnter());
  const small = bed.budget.tryEnter(6);
  await bed.write(4, 0);
  const growing = bed.write(4, 4);
  await new Promise(setImmediate);
  assert.equal(bed.calls, ['write 4 at 0']);
  small?.();
  await growing;
  assert.ok(bed.calls.includes('write 4 at 4'));
  bed.sink.end();
  for (const other of others) other?.();
});

test('sink: while others wait, its turn ends with the sync under way', async () => {
  const bed = new SinkBed();
  const others = Array.from({ length: 3 }, () => bed.budget.tryEnter());
  await bed.write(10, 0);
  const next = bed.budget.enter(new AbortController().signal);
  const writing = bed.write(10, 10);
  await bed.endSync();
  const leave = await next;
  assert.equal(bed.calls, ['write 10 at 0', 'sync', 'synced 10']);
  leave();
  await writing;
  assert.ok(bed.calls.includes('write 10 at 10'));
  for (const other of others) other?.();
  bed.sink.end();
});

function failureOf(call: Promise<void>): Promise<string> {
  return call.then(
    () => 'it did not fail',
    (error: Error) => error.message,
  );
}

test.run();
