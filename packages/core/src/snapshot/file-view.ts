import { unreachable } from '../model/assert.ts';
import type { ContentHash, Phase, ReadbackMethod } from '../model/copy.ts';
import type { FileError } from '../model/fault.ts';
import { type Hold, isCompleted, isRunning, percentOf, type Status, type TrackedFile } from '../model/file.ts';

/**
 * A tracked file as it is shown: bytes, RFC 3339 UTC, null where there is none. Scripts and screens get it with the texts of its error
 * (`fileJson` in `words`).
 */
export interface FileView {
  readonly v: 1;
  readonly id: string;
  readonly route: string;
  readonly source: string;
  readonly destination: string;
  readonly nameValid: boolean;
  readonly nameReason: 'recovery' | 'name_taken' | null;
  readonly status: Status;
  readonly hold: Hold | null;
  readonly growing: boolean;
  readonly phase: Phase | null;
  readonly behindBytes: number | null;
  readonly sizeBytes: number;
  readonly copiedBytes: number;
  readonly percent: number;
  readonly bytesPerSecond: number;
  readonly attempt: number;
  readonly error: FileError | null;
  readonly recoveryOf: string | null;
  readonly recoveredBy: string | null;
  /** Only where its source went on after it was copied: the tracked file of what it is since. */
  readonly supersededBy?: string;
  /** Only where its source had another path before, and which; or has one now. */
  readonly renamedFrom?: string;
  readonly renamedTo?: string;
  readonly copied: boolean | null;
  readonly hash: ContentHash | null;
  readonly readback: ReadbackMethod | null;
  readonly afterCopy: 'none' | 'pending' | 'done' | 'failed';
  readonly sourceGone: boolean;
  readonly discoveredAt: string;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
}

/**
 * @param gateIsOpen of the file's destination: a READY file without its own hold waits for the network while it is closed
 * @param routeIsHeld by an operator: then it waits until the operator releases it
 */
export function viewFile(file: TrackedFile, gateIsOpen: boolean, routeIsHeld = false): FileView {
  const copiedBytes = copiedOf(file);
  return {
    v: 1,
    id: file.id,
    route: file.route,
    source: file.source,
    destination: file.destination,
    nameValid: file.nameValid,
    nameReason: file.nameReason,
    status: file.status,
    hold: holdOf(file, gateIsOpen, routeIsHeld),
    growing: growingOf(file),
    phase: phaseOf(file),
    behindBytes: file.status === 'GROWING_COPY' ? Math.max(file.fingerprint.sizeBytes - file.copiedBytes, 0) : null,
    sizeBytes: file.fingerprint.sizeBytes,
    copiedBytes,
    percent: percentFor(file, copiedBytes),
    bytesPerSecond: isRunning(file) ? file.bytesPerSecond : 0,
    attempt: file.attempt,
    error: file.status === 'FAILED' ? file.error : null,
    recoveryOf: file.recoveryOf,
    recoveredBy: file.recoveredBy,
    ...(isCompleted(file) && file.supersededBy !== undefined ? { supersededBy: file.supersededBy } : {}),
    ...(file.renamedFrom?.isGone === true ? { renamedFrom: file.renamedFrom.source } : {}),
    ...(file.renamedTo === undefined ? {} : { renamedTo: file.renamedTo }),
    copied: isCompleted(file) ? file.copied : null,
    hash: file.status === 'VERIFYING' || isCompleted(file) ? file.hash : null,
    readback: file.status === 'VERIFYING' || isCompleted(file) ? file.readback : null,
    afterCopy: isCompleted(file) ? file.afterCopy : 'none',
    sourceGone: file.sourceGone,
    discoveredAt: timeText(file.discoveredAt),
    startedAt: file.startedAt === null ? null : timeText(file.startedAt),
    endedAt: file.endedAt === null ? null : timeText(file.endedAt),
  };
}

function copiedOf(file: TrackedFile): number {
  if (isRunning(file) || file.status === 'FAILED') return file.copiedBytes;
  return isCompleted(file) ? file.fingerprint.sizeBytes : 0;
}

function percentFor(file: TrackedFile, copiedBytes: number): number {
  if (file.status === 'FAILED') return file.error.percent;
  // An empty file has no share of its size.
  return isCompleted(file) ? 100 : percentOf(copiedBytes, file.fingerprint.sizeBytes);
}

function growingOf(file: TrackedFile): boolean {
  return 'growing' in file && file.growing;
}

function phaseOf(file: TrackedFile): Phase | null {
  if (file.status === 'VERIFYING') return 'reading_back';
  return file.status === 'GROWING_COPY' ? file.phase : null;
}

/** Why it does not move, as it is reported; `network` and the hold of a whole route are not stored with every file. */
export function holdOf(file: TrackedFile, gateIsOpen: boolean, routeIsHeld: boolean): Hold | null {
  switch (file.status) {
    case 'READY':
      if (file.hold === null && routeIsHeld) return 'operator';
      return file.hold ?? (gateIsOpen ? null : 'network');
    case 'WAITING_FOR_NETWORK':
      return 'network';
    case 'WAITING_FOR_SPACE':
      return 'space';
    case 'GROWING':
      return file.stuck ? 'needs_you' : null;
    case 'VERIFYING':
      return gateIsOpen || file.publishing.step === 'none' ? null : 'network';
    case 'DISCOVERED':
    case 'IN_QUEUE':
    case 'COPYING':
    case 'GROWING_COPY':
    case 'COMPLETED':
    case 'COMPLETED_DELETE_FAILED':
    case 'FAILED':
    case 'REMOVED':
      return null;
    default:
      return unreachable(file);
  }
}

const millisecondsADay = 86_400_000;

/**
 * RFC 3339 in UTC with milliseconds. Calendar arithmetic after Howard Hinnant, "chrono-Compatible Low-Level Date
 * Algorithms": core has no `Date`.
 *
 * @param wall milliseconds since the epoch
 */
export function timeText(wall: number): string {
  const days = Math.floor(wall / millisecondsADay);
  const rest = wall - days * millisecondsADay;
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthIndex = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * monthIndex + 2) / 5) + 1;
  const month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  const two = (n: number): string => String(n).padStart(2, '0');
  const clock = `${two(Math.floor(rest / 3_600_000))}:${two(Math.floor(rest / 60_000) % 60)}:${two(Math.floor(rest / 1000) % 60)}`;
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T${clock}.${String(Math.floor(rest % 1000)).padStart(3, '0')}Z`;
}
