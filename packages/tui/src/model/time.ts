/** Time, as the screen needs it. */
export interface ScreenTime {
  /** Wall clock, milliseconds. */
  now(): number;
  /** Goes on evenly, milliseconds. */
  monotonic(): number;
  /** @returns a function that cancels it */
  after(ms: number, work: () => void): () => void;
}

export const systemTime: ScreenTime = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (ms, work) => {
    const timer = setTimeout(work, ms);
    return () => clearTimeout(timer);
  },
};
