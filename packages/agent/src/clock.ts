import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { IdSource } from '@sluice/core/model';
import type { Clock, Timer } from './ports.ts';

export const systemClock: Clock = { monotonic: () => performance.now(), wall: () => Date.now() };

export const systemIds: IdSource = { fresh: () => randomUUID() };

const maxTimeoutMs = 2 ** 31 - 1;

/** One timer on the monotonic clock. */
export function makeSystemTimer(fire: () => void): Timer {
  let handle: ReturnType<typeof setTimeout> | null = null;
  const clear = (): void => {
    if (handle !== null) clearTimeout(handle);
    handle = null;
  };
  return {
    set(at) {
      clear();
      const waitMs = Math.min(Math.max(Math.ceil(at - performance.now()), 0), maxTimeoutMs);
      handle = setTimeout(() => {
        handle = null;
        fire();
      }, waitMs);
    },
    clear,
  };
}
