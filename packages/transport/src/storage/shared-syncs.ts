import type { Clock } from '../waiting.ts';
import type { Storage } from './storage.ts';

/** A sync that takes longer may hang: nobody waits for it who did not ask for it. */
const sharedMs = 1_000;

interface Syncs {
  readonly current: Promise<void>;
  readonly startedAt: number;
  /** The one that begins when the current one is over. */
  next: Promise<void> | null;
}

/**
 * A storage whose folders are synced once for all that ask at the same time: whoever asks while a sync is under way gets the next
 * one, which begins after it.
 */
export function withSharedSyncs(storage: Storage, clock: Clock): Storage {
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
      if (syncs === undefined || clock.now() - syncs.startedAt > sharedMs) return begin(path);
      const next = (): Promise<void> => begin(path);
      syncs.next ??= syncs.current.then(next, next);
      return syncs.next;
    },
  };
}
