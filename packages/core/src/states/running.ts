import type { RunningFile } from '../file.ts';
import type { Work } from '../work.ts';

const smoothing = 0.3;

/** New figures of a running copy: a sign of life, and with it the end of a mere silence. */
export function progressed<Of extends RunningFile>(work: Work, file: Of, copiedBytes: number, sizeBytes: number): Of {
  const seconds = Math.max((work.at - file.aliveAt) / 1000, 0.001);
  const rate = Math.max(copiedBytes - file.copiedBytes, 0) / seconds;
  const suspicion = file.suspicion?.isFinal === true ? file.suspicion : null;
  return {
    ...file,
    copiedBytes,
    fingerprint: { ...file.fingerprint, sizeBytes: Math.max(sizeBytes, copiedBytes) },
    bytesPerSecond: Math.round(file.bytesPerSecond * (1 - smoothing) + rate * smoothing),
    aliveAt: work.at,
    suspicion,
  };
}
