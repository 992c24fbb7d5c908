// Waits that end when a lane is stopped: for time, and for a mutex.

/** The error of a call or wait whose lane was withdrawn or given up. The call itself may still succeed. */
export class Stopped extends Error {
  override name = 'Stopped';
}

/** A clock that advances while this process runs. It is injected, so that tests need not wait in real time. */
export interface Clock {
  /** Returns the time in milliseconds, from an arbitrary start. */
  now(): number;
  /** @throws Stopped when the signal fires first. */
  wait(forMs: number, signal: AbortSignal): Promise<void>;
}

/** A mutex. Waiters get it in the order in which they asked. */
export interface Mutex {
  /**
   * @returns a function that releases the mutex; calling it again does nothing
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
        // The next waiter still has to wait for the earlier holder.
        void before.then(end);
        throw error;
      }
      return end;
    },
  };
}

/** Waits for a promise. @throws Stopped when the signal fires first. */
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
