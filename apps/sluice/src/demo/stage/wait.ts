import { setTimeout as pauseFor } from 'node:timers/promises';
import { demoLimits } from '../limits.ts';

/** Waits. @throws Error (`AbortError`) at once if `signal` is aborted */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await pauseFor(ms, undefined, { signal });
}

/**
 * Waits until `isSo`. Returns false if that takes too long.
 * @throws Error (`AbortError`) at once if `signal` is aborted
 */
export async function until(isSo: () => boolean | Promise<boolean>, withinMs: number, signal: AbortSignal): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (performance.now() < deadline) {
    if (await isSo()) return true;
    await pause(demoLimits.pollMs, signal);
  }
  return await isSo();
}
