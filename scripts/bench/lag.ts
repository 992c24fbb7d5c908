import { threadMs } from './processor.ts';

/** Measures how long the event loop is blocked. */
export interface Lag {
  begin(): void;
  /** Returns how long the loop was blocked each time, in milliseconds of processor time, and ends the measurement. */
  taken(): number[];
}

const everyMs = 2;

/** Starts measuring: whatever runs between two firings of a short timer has blocked the loop for that long. */
export function watchLag(): Lag {
  let held: number[] = [];
  let timer: ReturnType<typeof setInterval> | undefined;
  return {
    begin() {
      clearInterval(timer);
      held = [];
      let before = threadMs();
      timer = setInterval(() => {
        const now = threadMs();
        held.push(now - before);
        before = now;
      }, everyMs);
    },
    taken() {
      clearInterval(timer);
      return held.splice(0);
    },
  };
}
