import { assert } from '@sluice/core';
import { windowLimits } from './limits.ts';
import type { OrderKeys } from './order-keys.ts';
import type { Place } from './places.ts';

/** Files in order, of which any window can be told at once. A change costs the same in a long list as in a short one. */
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

/** Places side by side; those behind `length` mean nothing. */
interface Block {
  readonly places: Int32Array;
  length: number;
  rows: number;
}

export function createRanked(keys: OrderKeys): Ranked {
  const blocks: Block[] = [];
  let rowCount = 0;
  const rowsAt = (place: Place): number => rowsOfBits[keys.bitsOf(place)] as number;
  const count = (block: Block, rows: number): void => {
    block.rows += rows;
    rowCount += rows;
  };
  const rowsBefore = (block: Block, end: number): number => {
    let rows = 0;
    for (let index = 0; index < end; index += 1) rows += rowsAt(block.places[index] as Place);
    return rows;
  };

  /** The first block whose last file does not come before this one. */
  const blockOf = (place: Place): number => lowerBound(blocks.length, (index) => keys.compare(lastOf(blocks[index]), place) < 0);
  const indexIn = ({ places, length }: Block, place: Place): number =>
    lowerBound(length, (index) => keys.compare(places[index] as Place, place) < 0);

  const find = (place: Place): { readonly number: number; readonly block: Block; readonly index: number } => {
    const number = blockOf(place);
    const block = blocks[number];
    const index = block === undefined ? -1 : indexIn(block, place);
    assert(block !== undefined && index < block.length && block.places[index] === place, `${place} is not in the order`);
    return { number, block, index };
  };
  const split = (number: number, block: Block): void => {
    const half = block.length >> 1;
    const after = emptyBlock();
    after.places.set(block.places.subarray(half, block.length));
    after.length = block.length - half;
    block.length = half;
    after.rows = rowsBefore(after, after.length);
    block.rows -= after.rows;
    blocks.splice(number + 1, 0, after);
  };
  return {
    insert(place) {
      const number = Math.max(0, Math.min(blockOf(place), blocks.length - 1));
      const block = (blocks[number] ??= emptyBlock());
      const index = indexIn(block, place);
      block.places.copyWithin(index + 1, index, block.length);
      block.places[index] = place;
      block.length += 1;
      count(block, rowsAt(place));
      if (block.length === block.places.length) split(number, block);
    },
    remove(place) {
      const { number, block, index } = find(place);
      block.places.copyWithin(index, index + 1, block.length);
      block.length -= 1;
      count(block, -rowsAt(place));
      if (block.length === 0) blocks.splice(number, 1);
    },
    rowCount: () => rowCount,
    rowOf(place) {
      const { number, block, index } = find(place);
      let row = rowsBefore(block, index);
      for (let before = 0; before < number; before += 1) row += (blocks[before] as Block).rows;
      return row;
    },
    *from(wanted) {
      let row = 0;
      for (const { places, length, rows } of blocks) {
        if (row + rows <= wanted) {
          row += rows;
          continue;
        }
        for (let index = 0; index < length; index += 1) {
          const place = places[index] as Place;
          const next = row + rowsAt(place);
          if (next > wanted) yield { place, row };
          row = next;
        }
      }
    },
  };
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
