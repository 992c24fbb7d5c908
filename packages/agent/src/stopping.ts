import { limits } from './limits.ts';
import type { Clock, Offer, Timer } from './ports.ts';

/** `drain` copies what is queued first; `graceful` gives running copies `stop_after`; `now` gives them no time. */
export type StopMode = 'graceful' | 'drain' | 'now';

/** Share of `stop_after` for the copies. The rest is for ending the agent. */
const stopShare = 0.8;

/** What stopping works with. */
export interface StoppingDependencies {
  readonly offer: Offer;
  readonly clock: Clock;
  readonly makeTimer: (fire: () => void) => Timer;
  readonly log: (text: string) => void;
  readonly stopAfterMs: number;
  /** Returns whether the journal refuses records. Events then have no effect. */
  readonly isStalled: () => boolean;
  /** Ends the agent without the journal. */
  readonly giveUp: () => void;
}

/**
 * Asks core to stop, and reports the deadline after which core no longer waits for copies. Core cannot stop while the journal is
 * stalled: then the agent ends at the deadline, and its copies are left to the next start.
 */
export class Stopping {
  readonly #dependencies: StoppingDependencies;
  readonly #timer: Timer;
  readonly #stallTimer: Timer;
  /** Monotonic milliseconds. A further request may bring it forward, but never postpones it. */
  #deadline = Number.POSITIVE_INFINITY;
  /** When the agent stops waiting for a stalled journal. Monotonic milliseconds. */
  #stallDeadline = Number.POSITIVE_INFINITY;
  /** Since when a drain has seen the journal stalled. */
  #drainStalledSince: number | null = null;

  constructor(dependencies: StoppingDependencies) {
    this.#dependencies = dependencies;
    this.#timer = dependencies.makeTimer(() => dependencies.offer({ kind: 'stop_deadline' }));
    this.#stallTimer = dependencies.makeTimer(() => this.#look());
  }

  /** @param by who requests the stop, for the journal */
  request(mode: StopMode, by: string, reason: string | null = null): void {
    const { clock, log, offer, stopAfterMs } = this.#dependencies;
    log(`stopping (${mode}), requested by ${by}${reason === null || reason === '' ? '' : `: ${reason}`}`);
    offer({ kind: 'stop_requested', by, reason, mode: mode === 'drain' ? 'drain' : 'graceful' });
    const now = clock.monotonic();
    if (mode !== 'drain') {
      const graceMs = mode === 'now' ? 0 : stopAfterMs * stopShare;
      this.#deadline = Math.min(this.#deadline, now + graceMs);
      this.#timer.set(this.#deadline);
      this.#stallDeadline = Math.min(this.#stallDeadline, now + Math.max(graceMs, Math.min(limits.stallStopMs, stopAfterMs)));
    }
    this.#look();
  }

  end(): void {
    this.#timer.clear();
    this.#stallTimer.clear();
  }

  /** Checks regularly, because the journal may stall at any time during the stop. */
  #look(): void {
    const { clock, giveUp, isStalled, stopAfterMs } = this.#dependencies;
    const now = clock.monotonic();
    if (isStalled()) {
      this.#drainStalledSince ??= now;
      if (now >= this.#stallDeadline || now - this.#drainStalledSince >= Math.max(stopAfterMs, limits.stallStopMs)) return giveUp();
    } else {
      this.#drainStalledSince = null;
    }
    const next = now + limits.stallStopMs;
    this.#stallTimer.set(this.#stallDeadline > now ? Math.min(next, this.#stallDeadline) : next);
  }
}
