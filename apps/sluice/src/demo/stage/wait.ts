import { setTimeout as pauseFor } from 'node:timers/promises';
import { demoLimits } from '../limits.ts';

/** @throws Error (`AbortError`) at once where `signal` says so */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await pauseFor(ms, undefined, { signal });
}

/**
 * Waits until `isSo`; false where it did not become so in time.
 *
 * @throws Error (`AbortError`) at once where `signal` says so
 */
export async function until(isSo: () => boolean | Promise<boolean>, withinMs: number, signal: AbortSignal): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (performance.now() < deadline) {
    if (await isSo()) return true;
    await pause(demoLimits.pollMs, signal);
  }
  return await isSo();
}
