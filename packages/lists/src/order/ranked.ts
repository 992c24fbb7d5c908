import { assert } from '@sluice/core';
import { windowLimits } from './limits.ts';
import type { OrderKeys } from './order-keys.ts';
import type { Place } from './places.ts';

/** Files in order, of which any window can be read at once. A change costs the same in a long list as in a short one. */
export interface Ranked {
  /** By the keys that it has now. */
  insert(place: Place): void;
  /**
   * By the keys with which it was put in.
   * @throws ProgrammingError where it is not there
   */
  remove(place: Place): void;
  rowCount(): number;
  /** The first row that a file brings. */
  rowOf(place: Place): number;
  /** Files from that of this row on, each with the row of the order that it brings first; ends where the order does. */
  from(row: number): Generator<{ readonly place: Place; readonly row: number }>;
}

export function createRanked(keys: OrderKeys): Ranked {
  return new BlockOrder(keys);
}

/** Places next to each other; those from `length` on mean nothing. */
interface Block {
  readonly places: Int32Array;
  length: number;
  rows: number;
}

/** Where a file stands. */
interface Position {
  /** Of the block. */
  readonly number: number;
  readonly block: Block;
  /** In the block. */
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

  insert(place: Place): void {
    const number = Math.max(0, Math.min(this.#blockOf(place), this.#blocks.length - 1));
    const block = (this.#blocks[number] ??= emptyBlock());
    const index = this.#indexIn(block, place);
    block.places.copyWithin(index + 1, index, block.length);
    block.places[index] = place;
    block.length += 1;
    this.#count(block, this.#rowsAt(place));
    if (block.length === block.places.length) this.#split(number, block);
  }

  remove(place: Place): void {
    const { number, block, index } = this.#find(place);
    block.places.copyWithin(index, index + 1, block.length);
    block.length -= 1;
    this.#count(block, -this.#rowsAt(place));
    if (block.length === 0) this.#blocks.splice(number, 1);
  }

  rowCount(): number {
    return this.#rowCount;
  }

  rowOf(place: Place): number {
    const { number, block, index } = this.#find(place);
    let row = this.#rowsBefore(block, index);
    for (let before = 0; before < number; before += 1) row += (this.#blocks[before] as Block).rows;
    return row;
  }

  *from(wanted: number): Generator<{ readonly place: Place; readonly row: number }> {
    let row = 0;
    for (const { places, length, rows } of this.#blocks) {
      if (row + rows <= wanted) {
        row += rows;
        continue;
      }
      for (let index = 0; index < length; index += 1) {
        const place = places[index] as Place;
        const next = row + this.#rowsAt(place);
        if (next > wanted) yield { place, row };
        row = next;
      }
    }
  }

  #rowsAt(place: Place): number {
    return rowsOfBits[this.#keys.bitsOf(place)] as number;
  }

  #count(block: Block, rows: number): void {
    block.rows += rows;
    this.#rowCount += rows;
  }

  #rowsBefore(block: Block, end: number): number {
    let rows = 0;
    for (let index = 0; index < end; index += 1) rows += this.#rowsAt(block.places[index] as Place);
    return rows;
  }

  /** The first block whose last file does not come before this one. */
  #blockOf(place: Place): number {
    return lowerBound(this.#blocks.length, (index) => this.#keys.compare(lastOf(this.#blocks[index]), place) < 0);
  }

  #indexIn({ places, length }: Block, place: Place): number {
    return lowerBound(length, (index) => this.#keys.compare(places[index] as Place, place) < 0);
  }

  #find(place: Place): Position {
    const number = this.#blockOf(place);
    const block = this.#blocks[number];
    const index = block === undefined ? -1 : this.#indexIn(block, place);
    assert(block !== undefined && index < block.length && block.places[index] === place, `${place} is not in the order`);
    return { number, block, index };
  }

  #split(number: number, block: Block): void {
    const half = block.length >> 1;
    const after = emptyBlock();
    after.places.set(block.places.subarray(half, block.length));
    after.length = block.length - half;
    block.length = half;
    after.rows = this.#rowsBefore(after, after.length);
    block.rows -= after.rows;
    this.#blocks.splice(number + 1, 0, after);
  }
}

/** By the bits that `rowBits` names. */
const rowsOfBits: readonly number[] = [0, 1, 1, 2];

function emptyBlock(): Block {
  return { places: new Int32Array(windowLimits.blockItems + 1), length: 0, rows: 0 };
}

function lastOf(block: Block | undefined): Place {
  assert(block !== undefined && block.length > 0, 'a block of an order is never empty');
  return block.places[block.length - 1] as Place;
}

/** The first index for which `isBefore` does not hold. */
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
