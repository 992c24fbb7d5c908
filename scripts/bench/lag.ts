import { threadMs } from './processor.ts';

export interface Lag {
  begin(): void;
  /** How long the loop was held each time it was, milliseconds of the processor; ends the watching. */
  taken(): number[];
}

const everyMs = 2;

/** Whatever runs between two firings of a short timer held the loop for as long as that. */
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
