import { assert } from '@sluice/core/model';
import type { Listed } from '../rows/listed.ts';

/** A small number that stands for a file in every order while the file is listed. Afterwards another file may get it. */
export type Handle = number;

/** A file as the orders see it. */
export interface HandledFile {
  readonly handle: Handle;
  file: Listed;
  /** The path of its source in lower case, for orders by name. */
  sortName: string;
}

/** The files by their handles. */
export interface HandleTable<Item extends HandledFile> {
  /** Adds an item. @param make makes the item with a free handle */
  add(make: (handle: Handle) => Item): Item;
  /** @throws ProgrammingError if no file has this handle */
  at(handle: Handle): Item;
  find(handle: Handle): Item | undefined;
  free(item: Item): void;
  /** A number that is greater than every handle. */
  end(): number;
}

/** A power of two. With a single array, all entries would have to be moved whenever it grows. */
const handlesOfPage = 1_024;

/** Returns a table without files. */
export function createHandleTable<Item extends HandledFile>(): HandleTable<Item> {
  const pages: (Item | undefined)[][] = [];
  const free: Handle[] = [];
  let end = 0;
  const find = (handle: Handle): Item | undefined => pages[Math.floor(handle / handlesOfPage)]?.[handle % handlesOfPage];
  const put = (handle: Handle, item: Item | undefined): void => {
    (pages[Math.floor(handle / handlesOfPage)] ??= [])[handle % handlesOfPage] = item;
  };
  return {
    add(make) {
      const handle = free.pop() ?? end++;
      const item = make(handle);
      put(handle, item);
      return item;
    },
    at(handle) {
      const item = find(handle);
      assert(item !== undefined, `no file has the handle ${handle}`);
      return item;
    },
    find,
    free({ handle }) {
      put(handle, undefined);
      free.push(handle);
    },
    end: () => end,
  };
}
