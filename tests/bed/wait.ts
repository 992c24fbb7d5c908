import { availableParallelism, loadavg } from 'node:os';

const pollEveryMs = { first: 20, afterAWhile: 100 } as const;
const whileMs = 1_000;

/** Returns how long to wait before the next poll. A request to an agent takes some milliseconds of processor time at both ends. */
function pollPause(waitedMs: number): number {
  const slower = pollEveryMs.first + (waitedMs - whileMs) / 25;
  return Math.min(Math.max(slower, pollEveryMs.first), pollEveryMs.afterAWhile);
}

/**
 * Returns 1 on an idle machine, and more if other programs wait for its processors too: a promise is about the time of this
 * program.
 */
export function busyness(): number {
  const [lastMinute = 0] = loadavg();
  return Math.max(1, lastMinute / availableParallelism());
}

/** On a busy machine a limit is longer, up to this many times. */
const longestWait = 2;

/**
 * Waits until `poll` finds something.
 * @param poll returns undefined, null or false while there is nothing
 * @param withinMs the limit on an idle machine
 * @throws Error with `picture` if that takes too long
 */
export async function until<Found>(
  poll: () => Found | undefined | null | false | Promise<Found | undefined | null | false>,
  withinMs: number,
  picture: () => string = () => '',
): Promise<Found> {
  const startedAt = performance.now();
  for (;;) {
    const found = await poll();
    if (found !== undefined && found !== null && found !== false) return found;
    const waitedMs = performance.now() - startedAt;
    if (waitedMs > withinMs * Math.min(busyness(), longestWait))
      throw new Error(`it did not become so within ${Math.round(waitedMs)} ms\n${picture()}`);
    await pause(pollPause(waitedMs));
  }
}

/** Waits for something that needs time outside the program, such as a recorder; never in the hope that something has ended. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
