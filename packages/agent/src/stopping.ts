import { makeSystemTimer, systemClock } from './clock.ts';
import type { Log } from './log/log.ts';
import type { Offer } from './ports.ts';

/** `drain` copies what is queued first; `graceful` gives running copies `stop_after`; `now` gives them no time. */
export type StopMode = 'graceful' | 'drain' | 'now';

/** Of `stop_after`: the rest is for the end itself. */
const stopShare = 0.8;

/** Asks core to stop, and reports the deadline after which core waits for no copy. */
export class Stopping {
  readonly #offer: Offer;
  readonly #log: Log;
  readonly #stopAfterMs: number;
  readonly #timer = makeSystemTimer(() => this.#offer({ kind: 'stop_deadline' }));
  /** Monotonic. A further request may bring it forward, never put it off. */
  #deadline = Number.POSITIVE_INFINITY;

  constructor(offer: Offer, log: Log, stopAfterMs: number) {
    this.#offer = offer;
    this.#log = log;
    this.#stopAfterMs = stopAfterMs;
  }

  /** @param by who asks, for the journal */
  request(mode: StopMode, by: string): void {
    this.#log.info(`stopping (${mode}), asked by ${by}`);
    this.#offer({ kind: 'stop_requested', by, mode: mode === 'drain' ? 'drain' : 'graceful' });
    if (mode === 'drain') return;
    const graceMs = mode === 'now' ? 0 : this.#stopAfterMs * stopShare;
    this.#deadline = Math.min(this.#deadline, systemClock.monotonic() + graceMs);
    this.#timer.set(this.#deadline);
  }

  end(): void {
    this.#timer.clear();
  }
}
