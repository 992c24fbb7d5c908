import { Stopped } from './failure.ts';

/** Monotonic time, injected so that a test need not wait for real quiet. */
export interface Clock {
  /** Milliseconds. */
  now(): number;
  /** @throws Stopped when the signal fires first. */
  wait(forMs: number, signal: AbortSignal): Promise<void>;
}

export const realClock: Clock = {
  now: () => performance.now(),
  wait: (forMs, signal) =>
    new Promise((resolve, reject) => {
      if (signal.aborted) return reject(new Stopped());
      const onAbort = (): void => {
        clearTimeout(timer);
        reject(new Stopped());
      };
      const timer = setTimeout(() => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      }, forMs);
      signal.addEventListener('abort', onAbort, { once: true });
    }),
};
