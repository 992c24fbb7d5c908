/** Time, as the screen needs it. */
export interface ScreenTime {
  /** Wall clock, milliseconds. */
  now(): number;
  /** Goes on evenly, milliseconds. */
  monotonic(): number;
  /** @returns what takes it back */
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
