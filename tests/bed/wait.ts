const pollEveryMs = 20;

/**
 * Waits until `poll` finds something.
 * @param poll returns undefined, null or false while there is nothing
 * @throws Error with `picture` if that takes too long
 */
export async function until<Found>(
  poll: () => Found | undefined | null | false | Promise<Found | undefined | null | false>,
  withinMs: number,
  picture: () => string = () => '',
): Promise<Found> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const found = await poll();
    if (found !== undefined && found !== null && found !== false) return found;
    if (performance.now() > deadline) throw new Error(`it did not become so within ${withinMs} ms\n${picture()}`);
    await pause(pollEveryMs);
  }
}

/** Waits for something that needs time outside the program, such as a recorder; never in the hope that something has ended. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
