/** How a backlog shows its items. */
export interface BacklogOptions<Item> {
  /** Items that may wait. Beyond this the oldest are dropped. */
  readonly limit: number;
  readonly show: (items: readonly Item[]) => Promise<void>;
  /** Returns whether the output is still read. */
  readonly isHeard: () => boolean;
  /** Called with the number of items that were dropped before the next one. */
  readonly onLost: (count: number) => void;
}

/** Items that are shown in order, one after the other, however slowly. */
export interface Backlog<Item> {
  readonly add: (item: Item) => void;
  /** Resolves when everything that was added is shown. */
  shown(): Promise<void>;
  /** Resolves with null when the reader of the output is gone. */
  readonly unheard: Promise<null>;
}

/** Returns an empty backlog. */
export function createBacklog<Item>({ limit, show, isHeard, onLost }: BacklogOptions<Item>): Backlog<Item> {
  const unheard = Promise.withResolvers<null>();
  let waiting: Item[] = [];
  let lost = 0;
  let work: Promise<void> | null = null;

  const showAll = async (): Promise<void> => {
    while (waiting.length > 0 && isHeard()) {
      const items = waiting;
      waiting = [];
      if (lost > 0) onLost(lost);
      lost = 0;
      await show(items);
    }
    work = null;
    if (!isHeard()) unheard.resolve(null);
  };

  return {
    add: (item) => {
      waiting.push(item);
      if (waiting.length > limit) {
        waiting.shift();
        lost += 1;
      }
      work ??= Promise.resolve().then(showAll);
    },
    shown: () => work ?? Promise.resolve(),
    unheard: unheard.promise,
  };
}
