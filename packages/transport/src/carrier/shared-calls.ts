import { closeQuietly } from '@sluice/platform';
import { type MarkerFound, readMarker } from '../mounted/marker.ts';
import { storageLimits } from '../storage/limits.ts';
import type { Storage } from '../storage/storage.ts';

/** What the root of a destination is at a moment. */
export interface RootFacts {
  /** Null where the system does not say. */
  readonly mountId: number | null;
  readonly marker: MarkerFound;
}

/** A destination that is asked once for all copies that ask at the same time. */
export interface SharedDestination {
  /** Its folders are synced, and its room is looked up, once for all. */
  readonly storage: Storage;
  /** Opens the root, and reads the marker in it. */
  root(): Promise<RootFacts>;
}

interface Asked {
  readonly current: Promise<unknown>;
  readonly startedAt: number;
  /** The one that begins when the current one is over. */
  next: Promise<unknown> | null;
}

/**
 * Shares what is asked of a destination as a whole: who asks during a call gets the answer of the next one, which begins after it, and
 * so is as true as an answer of their own. Where the first one fails, so has theirs: the system reports an error of a sync only once.
 *
 * @param clock its `now` is in milliseconds
 */
export function shareCalls(storage: Storage, clock: { now(): number }): SharedDestination {
  const underWay = new Map<string, Asked>();
  const begin = <Answer>(key: string, call: () => Promise<Answer>): Promise<Answer> => {
    const current = call();
    const asked: Asked = { current, startedAt: clock.now(), next: null };
    underWay.set(key, asked);
    const forget = (): void => {
      if (underWay.get(key) === asked) underWay.delete(key);
    };
    current.then(forget, forget);
    return current;
  };
  const share = <Answer>(key: string, call: () => Promise<Answer>): Promise<Answer> => {
    const asked = underWay.get(key);
    if (asked === undefined || clock.now() - asked.startedAt > storageLimits.sharedCallMs) return begin(key, call);
    asked.next ??= asked.current.then(() => begin(key, call));
    return asked.next as Promise<Answer>;
  };
  return {
    storage: {
      ...storage,
      room: () => share('room', () => storage.room()),
      syncFolder: (path) => share(`sync ${path}`, () => storage.syncFolder(path)),
    },
    root: () => share('root', () => rootOf(storage)),
  };
}

async function rootOf(storage: Storage): Promise<RootFacts> {
  const root = await storage.open('', 'folder');
  const { mountId } = root;
  void closeQuietly(root);
  return { mountId, marker: await readMarker(storage) };
}
