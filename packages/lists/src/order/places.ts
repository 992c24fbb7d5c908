import { assert } from '@sluice/core';
import type { Listed } from '../rows/listed.ts';

/** A small number that stands for a file in every order, for as long as it is listed; afterwards another may have it. */
export type Place = number;

/** A file as the orders see it. */
export interface Placed {
  readonly place: Place;
  file: Listed;
  /** Its source, blind to case: what orders compare where they go by name. */
  sortName: string;
}

/** Who stands where. */
export interface Places<Item extends Placed> {
  /** @param make of the place that is free for it */
  add(make: (place: Place) => Item): Item;
  /** @throws ProgrammingError where nobody has this place */
  at(place: Place): Item;
  find(place: Place): Item | undefined;
  free(item: Item): void;
  /** No place is as large as this. */
  end(): number;
}

/** A power of two. One array of all would have to be moved as a whole whenever it outgrows its room. */
const placesOfPage = 1_024;

export function createPlaces<Item extends Placed>(): Places<Item> {
  const pages: (Item | undefined)[][] = [];
  const free: Place[] = [];
  let end = 0;
  const find = (place: Place): Item | undefined => pages[Math.floor(place / placesOfPage)]?.[place % placesOfPage];
  const put = (place: Place, item: Item | undefined): void => {
    (pages[Math.floor(place / placesOfPage)] ??= [])[place % placesOfPage] = item;
  };
  return {
    add(make) {
      const place = free.pop() ?? end++;
      const item = make(place);
      put(place, item);
      return item;
    },
    at(place) {
      const item = find(place);
      assert(item !== undefined, `nobody has the place ${place}`);
      return item;
    },
    find,
    free({ place }) {
      put(place, undefined);
      free.push(place);
    },
    end: () => end,
  };
}
