import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { OpenFile } from '../../src/storage/storage.ts';
import { readChunks } from '../../src/streams/read-chunks.ts';

const chunkBytes = 10;

/** Reads a file of `sizeBytes` through three buffers; each read returns when the test says so. */
class ReadBed {
  /** Offsets of the reads that have begun. */
  readonly begun: number[] = [];
  /** Offsets of the chunks that `onChunk` got. */
  readonly chunks: number[] = [];
  readonly ended: Promise<number | string>;
  isOver = false;
  readonly #reads = new Map<number, PromiseWithResolvers<number>>();

  constructor(toByte: number) {
    const buffers = [new Uint8Array(chunkBytes), new Uint8Array(chunkBytes), new Uint8Array(chunkBytes)] as const;
    const span = { file: this.#file(), chunkBytes, fromByte: 0, toByte, buffers };
    this.ended = readChunks(span, (_, atByte) => void this.chunks.push(atByte)).catch((error: Error) => error.message);
    void this.ended.then(() => {
      this.isOver = true;
    });
  }

  async returns(atByte: number, outcome: number | Error): Promise<void> {
    const read = this.#reads.get(atByte);
    if (typeof outcome === 'number') read?.resolve(outcome);
    else read?.reject(outcome);
    await new Promise(setImmediate);
  }

  #file(): OpenFile {
    const read = (_: Uint8Array, atByte: number): Promise<number> => {
      this.begun.push(atByte);
      const pending = Promise.withResolvers<number>();
      this.#reads.set(atByte, pending);
      return pending.promise;
    };
    return { read, isDirect: false, isShortAtEndOnly: true } as Partial<OpenFile> as OpenFile;
  }
}

test('readChunks: one read is under way for each buffer, and chunks come in order', async () => {
  const bed = new ReadBed(45);
  assert.equal(bed.begun, [0, 10, 20]);
  await bed.returns(10, 10);
  assert.equal(bed.chunks, []);
  await bed.returns(0, 10);
  assert.equal(
    [bed.chunks, bed.begun],
    [
      [0, 10],
      [0, 10, 20, 30, 40],
    ],
  );
  for (const [at, length] of [
    [20, 10],
    [30, 10],
    [40, 5],
  ] as const) {
    await bed.returns(at, length);
  }
  assert.is(await bed.ended, 45);
  assert.equal(bed.chunks, [0, 10, 20, 30, 40]);
});

test('readChunks: if the file ends early, it returns when no read is under way', async () => {
  const bed = new ReadBed(45);
  await bed.returns(0, 4);
  assert.equal([bed.chunks, bed.isOver], [[0], false]);
  await bed.returns(10, 0);
  assert.not(bed.isOver);
  await bed.returns(20, 0);
  assert.is(await bed.ended, 4);
  assert.equal([bed.chunks, bed.begun], [[0], [0, 10, 20]]);
});

test('readChunks: if a read fails, it throws when no read is under way', async () => {
  const bed = new ReadBed(45);
  await bed.returns(0, new Error('EINVAL'));
  await bed.returns(20, new Error('EINVAL'));
  assert.not(bed.isOver);
  await bed.returns(10, 10);
  assert.is(await bed.ended, 'EINVAL');
  assert.equal(bed.chunks, []);
});

test.run();
