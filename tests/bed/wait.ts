const pollEveryMs = 20;

/**
 * Waits until `look` finds something.
 *
 * @param poll answers undefined, null or false as long as there is nothing
 * @throws Error with `picture` where it does not become so in time
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

/** For what takes its time outside of the program, such as a recorder; never to hope that something is over. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
