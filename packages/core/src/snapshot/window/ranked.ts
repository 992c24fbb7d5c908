import { assert } from '../../assert.ts';
import type { FileId } from '../../ids.ts';
import { limits } from './limits.ts';
import { compareKeys, type SortKey } from './sorting.ts';

/** A file in an order, with the rows it brings. */
export interface RankedItem extends SortKey {
  readonly own: boolean;
  /** Whose row stands above its own. */
  readonly original: FileId | null;
}

/** One row of an order. `depth` 1: right under the original that it recovers. */
export interface Slot {
  readonly id: FileId;
  readonly depth: 0 | 1;
  /** The recovery that brings this row; null: it stands for itself. */
  readonly originalOf: FileId | null;
}

/** Files in order, of which any window can be told at once. A change costs the same in a long list as in a short one. */
export interface Ranked {
  insert(item: RankedItem): void;
  /** @throws ProgrammingError where it is not there */
  remove(item: RankedItem): void;
  rowCount(): number;
  slice(offset: number, count: number): Slot[];
  /** The first row that an item brings. */
  rowOf(item: RankedItem): number;
}

interface Block {
  items: RankedItem[];
  rows: number;
}

export function createRanked(isReversed: boolean): Ranked {
  const blocks: Block[] = [];
  let rowCount = 0;
  const compare = (a: SortKey, b: SortKey): number => (isReversed ? compareKeys(b, a) : compareKeys(a, b));

  /** The first block whose last item does not come before this key. */
  const blockOf = (key: SortKey): number => lowerBound(blocks.length, (index) => compare(lastKey(blocks[index]), key) < 0);
  const placeIn = (block: Block, key: SortKey): number =>
    lowerBound(block.items.length, (index) => compare(block.items[index] as RankedItem, key) < 0);

  const find = (item: RankedItem): { readonly index: number; readonly block: Block; readonly place: number } => {
    const index = blockOf(item);
    const block = blocks[index];
    const place = block === undefined ? -1 : placeIn(block, item);
    assert(block?.items[place]?.id === item.id, `${item.id} is not in the order`);
    return { index, block, place };
  };
  const split = (index: number, block: Block): void => {
    const items = block.items.splice(limits.blockItems / 2);
    const rows = sumRows(items);
    block.rows -= rows;
    blocks.splice(index + 1, 0, { items, rows });
  };
  return {
    insert(item) {
      const index = Math.max(0, Math.min(blockOf(item), blocks.length - 1));
      const block = (blocks[index] ??= { items: [], rows: 0 });
      block.items.splice(placeIn(block, item), 0, item);
      block.rows += rowsOfItem(item);
      rowCount += rowsOfItem(item);
      if (block.items.length > limits.blockItems) split(index, block);
    },
    remove(item) {
      const { index, block, place } = find(item);
      const [removed] = block.items.splice(place, 1);
      block.rows -= rowsOfItem(removed as RankedItem);
      rowCount -= rowsOfItem(removed as RankedItem);
      if (block.items.length === 0) blocks.splice(index, 1);
    },
    rowCount: () => rowCount,
    slice: (offset, count) => slice(blocks, offset, count),
    rowOf(item) {
      const { index, block, place } = find(item);
      let row = sumRows(block.items.slice(0, place));
      for (let before = 0; before < index; before += 1) row += (blocks[before] as Block).rows;
      return row;
    },
  };
}

function lastKey(block: Block | undefined): SortKey {
  const last = block?.items.at(-1);
  assert(last !== undefined, 'a block of an order is never empty');
  return last;
}

function slice(blocks: readonly Block[], offset: number, count: number): Slot[] {
  const slots: Slot[] = [];
  let skip = offset;
  for (const block of blocks) {
    if (skip >= block.rows) {
      skip -= block.rows;
      continue;
    }
    for (const item of block.items) {
      const rows = rowsOfItem(item);
      if (skip < rows) slots.push(...slotsOf(item).slice(skip));
      skip = Math.max(0, skip - rows);
      if (slots.length >= count) return slots.slice(0, count);
    }
  }
  return slots;
}

function slotsOf({ id, own, original }: RankedItem): Slot[] {
  const above: Slot[] = original === null ? [] : [{ id: original, depth: 0, originalOf: id }];
  return own ? [...above, { id, depth: original === null ? 0 : 1, originalOf: null }] : above;
}

function rowsOfItem({ own, original }: RankedItem): number {
  return (own ? 1 : 0) + (original === null ? 0 : 1);
}

function sumRows(items: readonly RankedItem[]): number {
  return items.reduce((sum, item) => sum + rowsOfItem(item), 0);
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
