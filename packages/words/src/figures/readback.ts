import { type ReadbackMethod, unreachable } from '@sluice/core/model';

/** Returns how the destination's bytes were verified. */
export function readbackText(readback: ReadbackMethod): string {
  switch (readback) {
    case 'direct':
      return 'read back past the cache';
    case 'cached':
      return 'read back (cache only)';
    case 'size':
      return 'only its size was compared';
    default:
      return unreachable(readback);
  }
}
