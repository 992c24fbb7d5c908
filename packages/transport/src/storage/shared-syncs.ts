import { storageLimits } from './limits.ts';
import type { Storage } from './storage.ts';

interface Syncs {
  readonly current: Promise<void>;
  readonly startedAt: number;
  /** The one that begins when the current one is over. */
  next: Promise<void> | null;
}

/**
 * A storage whose folders are synced once for all that ask at the same time: a call during a sync gets the next one, which
 * begins after it. Where the first one fails, so has theirs: the system reports an error only once.
 *
 * @param clock its `now` is in milliseconds
 */
export function withSharedSyncs(storage: Storage, clock: { now(): number }): Storage {
  const underWay = new Map<string, Syncs>();
  const begin = (path: string): Promise<void> => {
    const syncs: Syncs = { current: storage.syncFolder(path), startedAt: clock.now(), next: null };
    underWay.set(path, syncs);
    const forget = (): void => {
      if (underWay.get(path) === syncs) underWay.delete(path);
    };
    syncs.current.then(forget, forget);
    return syncs.current;
  };
  return {
    ...storage,
    syncFolder: (path) => {
      const syncs = underWay.get(path);
      if (syncs === undefined || clock.now() - syncs.startedAt > storageLimits.sharedSyncMs) return begin(path);
      syncs.next ??= syncs.current.then(() => begin(path));
      return syncs.next;
    },
  };
}
