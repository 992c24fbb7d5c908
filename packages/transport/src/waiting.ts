// Waits that end when a lane is stopped: for time, and for a mutex.

/** What a caller gets whose lane was withdrawn or given up; says nothing about the call itself. */
export class Stopped extends Error {
  override name = 'Stopped';
}

/** Time in which this process runs, injected so that a test need not wait for real quiet. */
export interface Clock {
  /** Milliseconds. */
  now(): number;
  /** @throws Stopped when the signal fires first. */
  wait(forMs: number, signal: AbortSignal): Promise<void>;
}

/** Lets one at a time through, in the order they came. */
export interface Mutex {
  /**
   * @returns releases the mutex; may be called twice.
   * @throws Stopped when the signal fires first.
   */
  acquire(signal: AbortSignal): Promise<() => void>;
}

/** Creates a mutex that is free. */
export function createMutex(): Mutex {
  let last: Promise<void> = Promise.resolve();
  return {
    acquire: async (signal) => {
      const before = last;
      let end = (): void => undefined;
      last = new Promise((resolve) => {
        end = resolve;
      });
      try {
        await orStopped(before, signal);
      } catch (error) {
        // Who comes next still waits for who was before.
        void before.then(end);
        throw error;
      }
      return end;
    },
  };
}

/** @throws Stopped when the signal fires first. */
export function orStopped(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(new Stopped());
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    void promise.then(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    });
  });
}
