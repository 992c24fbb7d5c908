import { randomUUID } from 'node:crypto';
import type { IdSource } from '@sluice/core/model';
import { wakingClock } from '@sluice/platform';
import type { Clock, Timer } from './ports.ts';

/** Every deadline of the agent is one for the silence of others: time in which the agent did not run does not count. */
export const systemClock: Clock = { monotonic: () => wakingClock.now(), wall: () => Date.now() };

/** A source of random UUIDs. */
export const systemIds: IdSource = { fresh: () => randomUUID() };

/** One timer on the monotonic time of `systemClock`. */
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
