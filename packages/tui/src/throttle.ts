import type { ScreenTime } from './model/time.ts';

/** Limits how often a function runs. */
export interface Throttle {
  /** Runs at once if the last run is long enough ago, otherwise as soon as it is. */
  request(): void;
  /** Runs at once if the last run is that long ago, otherwise as soon as it is. For what a person waits for. */
  soon(withinMs: number): void;
  /** Runs at once in any case, in place of the next run. */
  urgent(): void;
  stop(): void;
}

/** Returns a throttle that runs `work` on request, at most once in `everyMs`. The last request is never lost. */
export function throttle(work: () => void, everyMs: number, time: Pick<ScreenTime, 'monotonic' | 'after'>): Throttle {
  let last = Number.NEGATIVE_INFINITY;
  let cancel: (() => void) | null = null;

  const run = (): void => {
    cancel = null;
    last = Math.max(last, time.monotonic());
    work();
  };
  return {
    request: () => {
      cancel ??= time.after(Math.max(0, last + everyMs - time.monotonic()), run);
    },
    soon: (withinMs) => {
      cancel?.();
      cancel = time.after(Math.max(0, last + withinMs - time.monotonic()), run);
    },
    urgent: () => {
      cancel?.();
      last += everyMs;
      run();
    },
    stop: () => {
      cancel?.();
      cancel = null;
    },
  };
}
