import process from 'node:process';
import { clearTimeout, setInterval, setTimeout } from 'node:timers';
import { limits } from '../limits.ts';

/** The clocks and timers of the system. A test simulates them. */
export interface WakingSystem {
  /** Milliseconds. On Linux it continues while this process is stopped, and stands still while the machine is suspended. */
  monotonic(): number;
  /** Milliseconds since the epoch. */
  wall(): number;
  /** Runs `work` repeatedly. Does not keep the process from ending. */
  every(everyMs: number, work: () => void): void;
  /** Runs `work` once. @returns a function that cancels it */
  after(delayMs: number, work: () => void, keepsProcess: boolean): () => void;
}

/**
 * Measures how long this process was awake. Time in which it did not run does not count: it was stopped, its machine was paused,
 * or one call blocked its event loop. Deadlines for the silence of others are measured with this clock, because an answer that
 * came during a pause is still unread in a pipe.
 */
export interface WakingClock {
  /** Milliseconds; never goes back. */
  now(): number;
  /**
   * Runs `work` when this clock reaches a moment.
   * @param keepsProcess whether the process stays alive until then
   * @returns a function that cancels it
   */
  at(moment: number, work: () => void, keepsProcess?: boolean): () => void;
  /** Runs `work` after this many waking milliseconds. @see at */
  after(delayMs: number, work: () => void, keepsProcess?: boolean): () => void;
}

/** Returns a waking clock that starts at 0. */
export function createWakingClock(system: WakingSystem): WakingClock {
  return new BeatClock(system);
}

/**
 * A beat shows that the event loop runs. After a late beat the clock stands still until the next beat that is on time. By then the
 * loop has read what waited in its pipes, and processes that were paused together with this one have had time to answer.
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
    // The first beat on time after a pause: the clock continues from where it stood. The beat itself is not counted.
    if (!wasLate && !this.#stands) this.now();
    // Late twice in a row: a process that rarely gets to run has to reach its deadlines too, if slowly.
    if (wasLate && this.#wasLateBefore) this.#shown += limits.wakingBeatMs;
    this.#wasLateBefore = wasLate;
    this.#stands = wasLate;
    this.#shownAtBeat = this.#shown;
    this.#lastBeat = { monotonic: this.#system.monotonic(), wall: this.#system.wall() };
  }

  /**
   * Returns whether a beat is late. A jump of the wall clock shows that the machine was suspended. If only the clock was set,
   * this clock stands still for one beat, which does no harm.
   */
  #isLate(beat: { readonly monotonic: number; readonly wall: number }): boolean {
    const sinceMs = Math.max(this.#system.monotonic() - beat.monotonic, this.#system.wall() - beat.wall);
    return sinceMs > limits.wakingBeatMs + limits.wakingLateMs;
  }
}

/** The waking clock of this process. It starts to beat when it is first read. */
export const wakingClock: WakingClock = createWakingClock({
  monotonic: sinceBootMs,
  wall: () => Date.now(),
  every: (everyMs, work) => void setInterval(work, everyMs).unref(),
  after: (delayMs, work, keepsProcess) => {
    const timer = setTimeout(work, delayMs);
    if (!keepsProcess) timer.unref();
    return () => clearTimeout(timer);
  },
});

/** The same as `performance.now` but for its origin. The module that has that one takes a millisecond of each start to load. */
function sinceBootMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1_000 + nanoseconds / 1e6;
}
