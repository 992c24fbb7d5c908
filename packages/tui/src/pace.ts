import type { ScreenTime } from './model/time.ts';

export interface Pace {
  /** At once where the last time is long enough ago, else as soon as it is. */
  request(): void;
  /** At once where the last time is so long ago, else as soon as it is: for what a person waits for. */
  soon(withinMs: number): void;
  /** At once in any case, in place of the next time. */
  urgent(): void;
  stop(): void;
}

/** Runs `work` on request, but not more often than every `everyMs`; the last request is never lost. */
export function pace(work: () => void, everyMs: number, time: Pick<ScreenTime, 'monotonic' | 'after'>): Pace {
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
