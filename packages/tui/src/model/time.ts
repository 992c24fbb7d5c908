/** The clocks and timers of the screen. */
export interface ScreenTime {
  /** Wall clock, milliseconds. */
  now(): number;
  /** Monotonic clock, milliseconds. */
  monotonic(): number;
  /** Runs `work` once. @returns a function that cancels it */
  after(ms: number, work: () => void): () => void;
}

/** The time of the system. */
export const systemTime: ScreenTime = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (ms, work) => {
    const timer = setTimeout(work, ms);
    return () => clearTimeout(timer);
  },
};
