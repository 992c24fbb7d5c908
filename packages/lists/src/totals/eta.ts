import { type FileOf, isRunning, type TrackedFile, unreachable } from '@sluice/core/model';

/**
 * Returns how long the rest of a file takes at its present rate.
 * @returns milliseconds; null if nothing moves, or the phase has no known end
 */
export function etaOf(file: TrackedFile): number | null {
  if (!isRunning(file) || file.bytesPerSecond <= 0) return null;
  const left = leftOf(file);
  return left === null ? null : Math.round((left / file.bytesPerSecond) * 1000);
}

/** Returns the bytes left in the running phase; null while the phase has no known end. */
function leftOf(file: FileOf<'COPYING' | 'GROWING_COPY' | 'VERIFYING'>): number | null {
  const { sizeBytes } = file.fingerprint;
  switch (file.status) {
    case 'COPYING':
      return Math.max(0, sizeBytes - file.copiedBytes);
    case 'GROWING_COPY':
      if (file.phase === 'draining') return Math.max(0, sizeBytes - file.copiedBytes);
      return file.phase === 'settling' ? restOf(sizeBytes, file.phaseDone) : null;
    case 'VERIFYING':
      return restOf(sizeBytes, file.phaseDone);
    default:
      return unreachable(file);
  }
}

function restOf(sizeBytes: number, phaseDone: number | null): number | null {
  return phaseDone === null ? null : Math.max(0, sizeBytes * (1 - phaseDone));
}
