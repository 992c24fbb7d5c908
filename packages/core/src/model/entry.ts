/** What tells two states of one source file apart. */
export interface Fingerprint {
  readonly sizeBytes: number;
  /** Nanoseconds since the epoch, decimal: JSON has no 64-bit integers. */
  readonly mtimeNs: string;
}

/** One regular file that the rules take in, as a listing or a check saw it. */
export interface SourceEntry {
  /** Relative to the source root, `/` between the parts. */
  readonly path: string;
  /** False where the name is not valid UTF-8; such a file is shown and never copied. */
  readonly nameValid: boolean;
  readonly fingerprint: Fingerprint;
  /** Permission bits. */
  readonly mode: number;
  /** Growing copies are on for this name. */
  readonly mayGrow: boolean;
}

export function sameFingerprint(a: Fingerprint, b: Fingerprint): boolean {
  return a.sizeBytes === b.sizeBytes && a.mtimeNs === b.mtimeNs;
}

export type SourceStateName = 'ok' | 'missing' | 'unreadable' | 'silent' | 'suddenly_empty';
