import { assert } from '@sluice/core/model';
import { windowLimits } from '../limits.ts';
import type { Handle } from './handles.ts';
import type { OrderKeys } from './order-keys.ts';

/** Files in order. Any window of them can be read directly. A change costs the same in a long list as in a short one. */
export interface Ranked {
  /** Inserts the file by its present keys. */
  insert(handle: Handle): void;
  /**
   * Removes the file, which has to have the keys with which it was inserted.
   * @throws ProgrammingError if it is not in the order
   */
  remove(handle: Handle): void;
  rowCount(): number;
  /** Returns the number of the first row that a file brings. */
  rowOf(handle: Handle): number;
  /** Yields the files from the one of this row to the end, each with the number of the first row that it brings. */
  from(row: number): Generator<{ readonly handle: Handle; readonly row: number }>;
}

/** Returns an empty order. */
export function createRanked(keys: OrderKeys): Ranked {
  return new BlockOrder(keys);
}

/** Handles in order. Elements from `length` on have no meaning. */
interface Block {
  readonly handles: Int32Array;
  length: number;
  rows: number;
}

/** The place of a file. */
interface Position {
  /** The number of the block. */
  readonly number: number;
  readonly block: Block;
  /** The index in the block. */
  readonly index: number;
}

/** The order in blocks, none of which is empty. A block that is full is split in two. */
class BlockOrder implements Ranked {
  readonly #keys: OrderKeys;
  readonly #blocks: Block[] = [];
  #rowCount = 0;

  constructor(keys: OrderKeys) {
    this.#keys = keys;
  }

  insert(handle: Handle): void {
    const number = Math.max(0, Math.min(this.#blockOf(handle), this.#blocks.length - 1));
    const block = (this.#blocks[number] ??= emptyBlock());
    const index = this.#indexIn(block, handle);
    block.handles.copyWithin(index + 1, index, block.length);
    block.handles[index] = handle;
    block.length += 1;
    this.#count(block, this.#rowsAt(handle));
    if (block.length === block.handles.length) this.#split(number, block);
  }

  remove(handle: Handle): void {
    const { number, block, index } = this.#find(handle);
    block.handles.copyWithin(index, index + 1, block.length);
    block.length -= 1;
    this.#count(block, -this.#rowsAt(handle));
    if (block.length === 0) this.#blocks.splice(number, 1);
  }

  rowCount(): number {
    return this.#rowCount;
  }

  rowOf(handle: Handle): number {
    const { number, block, index } = this.#find(handle);
    let row = this.#rowsBefore(block, index);
    for (let before = 0; before < number; before += 1) row += (this.#blocks[before] as Block).rows;
    return row;
  }

  *from(wanted: number): Generator<{ readonly handle: Handle; readonly row: number }> {
    let row = 0;
    for (const { handles, length, rows } of this.#blocks) {
      if (row + rows <= wanted) {
        row += rows;
        continue;
      }
      for (let index = 0; index < length; index += 1) {
        const handle = handles[index] as Handle;
        const next = row + this.#rowsAt(handle);
        if (next > wanted) yield { handle, row };
        row = next;
      }
    }
  }

  #rowsAt(handle: Handle): number {
    return rowsOfBits[this.#keys.bitsOf(handle)] as number;
  }

  #count(block: Block, rows: number): void {
    block.rows += rows;
    this.#rowCount += rows;
  }

  #rowsBefore(block: Block, end: number): number {
    let rows = 0;
    for (let index = 0; index < end; index += 1) rows += this.#rowsAt(block.handles[index] as Handle);
    return rows;
  }

  /** Returns the first block whose last file does not come before this one. */
  #blockOf(handle: Handle): number {
    return lowerBound(this.#blocks.length, (index) => this.#keys.compare(lastOf(this.#blocks[index]), handle) < 0);
  }

  #indexIn({ handles, length }: Block, handle: Handle): number {
    return lowerBound(length, (index) => this.#keys.compare(handles[index] as Handle, handle) < 0);
  }

  #find(handle: Handle): Position {
    const number = this.#blockOf(handle);
    const block = this.#blocks[number];
    const index = block === undefined ? -1 : this.#indexIn(block, handle);
    assert(block !== undefined && index < block.length && block.handles[index] === handle, `${handle} is not in the order`);
    return { number, block, index };
  }

  #split(number: number, block: Block): void {
    const half = block.length >> 1;
    const after = emptyBlock();
    after.handles.set(block.handles.subarray(half, block.length));
    after.length = block.length - half;
    block.length = half;
    after.rows = this.#rowsBefore(after, after.length);
    block.rows -= after.rows;
    this.#blocks.splice(number + 1, 0, after);
  }
}

/** The number of rows, by the bits of `rowBits`. */
const rowsOfBits: readonly number[] = [0, 1, 1, 2];

function emptyBlock(): Block {
  return { handles: new Int32Array(windowLimits.blockItems + 1), length: 0, rows: 0 };
}

function lastOf(block: Block | undefined): Handle {
  assert(block !== undefined && block.length > 0, 'a block of an order is never empty');
  return block.handles[block.length - 1] as Handle;
}

/** Returns the first index for which `isBefore` is false. */
function lowerBound(length: number, isBefore: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBefore(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
