import { randomUUID } from 'node:crypto';
import { wakingClock } from '@sluice/platform';
import type { Clock, IdSource, Timer } from './ports.ts';

/**
 * The clock of the agent. All deadlines of the agent are for the silence of others, so time in which the agent did not run does
 * not count.
 */
export const systemClock: Clock = { monotonic: () => wakingClock.now(), wall: () => Date.now() };

/** A source of random UUIDs. */
export const systemIds: IdSource = { fresh: () => randomUUID() };

/** Creates a timer on the monotonic time of `systemClock`. */
export function makeSystemTimer(fire: () => void): Timer {
  let callOff = (): void => undefined;
  return {
    set(at) {
      callOff();
      callOff = wakingClock.at(at, fire);
    },
    clear: () => callOff(),
  };
}
