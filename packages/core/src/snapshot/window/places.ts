import { assert } from '../../assert.ts';
import type { Listed } from './listed.ts';

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

export function createPlaces<Item extends Placed>(): Places<Item> {
  const items: (Item | undefined)[] = [];
  const free: Place[] = [];
  return {
    add(make) {
      const place = free.pop() ?? items.length;
      const item = make(place);
      items[place] = item;
      return item;
    },
    at(place) {
      const item = items[place];
      assert(item !== undefined, `nobody has the place ${place}`);
      return item;
    },
    find: (place) => items[place],
    free({ place }) {
      items[place] = undefined;
      free.push(place);
    },
    end: () => items.length,
  };
}
