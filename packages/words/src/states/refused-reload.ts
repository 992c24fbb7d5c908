import type { RefusedReload } from '@sluice/control';
import { momentText } from '../figures/clock.ts';

/** Returns that the last reload was refused, and why. The agent goes on with its settings until the next one. */
export function refusedReloadText({ at, by, problem }: RefusedReload): string {
  return `the settings that ${by} had read again at ${momentText(at)} are not in force: ${problem}; when that is corrected, run sluice reload`;
}
