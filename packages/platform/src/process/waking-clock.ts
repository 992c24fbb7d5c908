import { performance } from 'node:perf_hooks';
import { clearTimeout, setInterval, setTimeout } from 'node:timers';
import { limits } from '../limits.ts';

/** What a waking clock is made of. A test has its own time. */
export interface WakingSystem {
  /** Milliseconds. On Linux it counts on while this process is stopped, and stands still while the machine is suspended. */
  monotonic(): number;
  /** Milliseconds since the epoch. */
  wall(): number;
  /** Runs `work` again and again. Does not keep the process from ending. */
  every(everyMs: number, work: () => void): void;
  /** Runs `work` once. @returns a function that calls it off */
  after(delayMs: number, work: () => void, keepsProcess: boolean): () => void;
}

/**
 * How long this process was awake. Time in which it did not run does not count: it was stopped, its machine was paused, or one
 * call held its event loop. A deadline for the silence of others is measured with this clock, for an answer that came
 * meanwhile lies unread in a pipe.
 */
export interface WakingClock {
  /** Milliseconds; never goes back. */
  now(): number;
  /**
   * Runs `work` when this clock has come to a moment.
   *
   * @param keepsProcess whether the process waits for it with its end
   * @returns a function that calls it off
   */
  at(moment: number, work: () => void, keepsProcess?: boolean): () => void;
  /** Runs `work` after so many waking milliseconds. @see at */
  after(delayMs: number, work: () => void, keepsProcess?: boolean): () => void;
}

export function createWakingClock(system: WakingSystem): WakingClock {
  return new BeatClock(system);
}

/**
 * A beat shows that the event loop runs. After one that was late the clock stands until the next one in time: by then the loop
 * has read what waited in its pipes, and those who were paused with this process have had a moment to answer.
 */
class BeatClock implements WakingClock {
  readonly #system: WakingSystem;
  #lastBeat: { readonly monotonic: number; readonly wall: number } | null = null;
  /** What this clock showed at the last beat. */
  #shownAtBeat = 0;
  #shown = 0;
  #stands = false;
  #wasLateBefore = false;

  constructor(system: WakingSystem) {
    this.#system = system;
  }

  now(): number {
    const beat = this.#lastBeat ?? this.#begin();
    if (!this.#stands && this.#isLate(beat)) this.#stands = true;
    if (!this.#stands) this.#shown = this.#shownAtBeat + this.#system.monotonic() - beat.monotonic;
    return this.#shown;
  }

  at(moment: number, work: () => void, keepsProcess = true): () => void {
    let callOff = (): void => undefined;
    const wait = (): void => {
      const restMs = Math.ceil(moment - this.now());
      const leastMs = restMs > 0 && this.#stands ? limits.wakingRetryMs : 0;
      const delayMs = Math.min(Math.max(restMs, leastMs), limits.timerMs);
      // A timer may fire a part of a millisecond early.
      callOff = this.#system.after(delayMs, () => (moment - this.now() < 1 ? work() : wait()), keepsProcess);
    };
    wait();
    return () => callOff();
  }

  after(delayMs: number, work: () => void, keepsProcess = true): () => void {
    return this.at(this.now() + delayMs, work, keepsProcess);
  }

  #begin(): { readonly monotonic: number; readonly wall: number } {
    const { monotonic, wall } = this.#system;
    const first = { monotonic: monotonic(), wall: wall() };
    this.#lastBeat = first;
    this.#shownAtBeat = first.monotonic;
    this.#system.every(limits.wakingBeatMs, () => this.#beat());
    return first;
  }

  #beat(): void {
    const wasLate = this.#lastBeat !== null && this.#isLate(this.#lastBeat);
    // In time, after a pause: the clock goes on from where it stood. The beat itself is not counted.
    if (!wasLate && !this.#stands) this.now();
    // Late again: a process that hardly gets to run has to come to its deadlines, too, if slowly.
    if (wasLate && this.#wasLateBefore) this.#shown += limits.wakingBeatMs;
    this.#wasLateBefore = wasLate;
    this.#stands = wasLate;
    this.#shownAtBeat = this.#shown;
    this.#lastBeat = { monotonic: this.#system.monotonic(), wall: this.#system.wall() };
  }

  /** The wall clock shows that the machine was suspended. Where it was only set, the clock stands for a beat, which does no harm. */
  #isLate(beat: { readonly monotonic: number; readonly wall: number }): boolean {
    const sinceMs = Math.max(this.#system.monotonic() - beat.monotonic, this.#system.wall() - beat.wall);
    return sinceMs > limits.wakingBeatMs + limits.wakingLateMs;
  }
}

/** The one waking clock of this process. It begins to beat when it is first read. */
export const wakingClock: WakingClock = createWakingClock({
  monotonic: () => performance.now(),
  wall: () => Date.now(),
  every: (everyMs, work) => void setInterval(work, everyMs).unref(),
  after: (delayMs, work, keepsProcess) => {
    const timer = setTimeout(work, delayMs);
    if (!keepsProcess) timer.unref();
    return () => clearTimeout(timer);
  },
});
