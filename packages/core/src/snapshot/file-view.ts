import { unreachable } from '../model/assert.ts';
import type { ContentHash, Phase, ReadbackMethod } from '../model/copy.ts';
import type { FileError } from '../model/fault.ts';
import { type Hold, isCompleted, isRunning, percentOf, type Status, type TrackedFile } from '../model/file.ts';

/** Why the source of a copied file could not be removed. */
export interface RemovalError {
  /** What was to become of it: deletion, or a move into the archive. */
  readonly to: 'delete' | 'archive';
  /** Error code of the last try, such as `EACCES`. `IMMUTABLE`, `APPEND_ONLY`, `STICKY`, `NO_LINKS` and `NAME_TAKEN` are codes of Sluice. */
  readonly code: string;
  /** Number of failed tries in a row. */
  readonly failures: number;
  /** When it is tried again. Null: unknown. */
  readonly retryAt: string | null;
}

/**
 * A tracked file: one attempt to copy one source file along one route. Scripts and screens get it with the texts of its error
 * (`fileJson` in `words`).
 */
export interface FileView {
  /** Version of this format. */
  readonly v: 1;
  /** UUID of this attempt. It is never used again. */
  readonly id: string;
  /** Name of the route. */
  readonly route: string;
  /** Path at the source, relative to the source folder, with `/` between the parts. */
  readonly source: string;
  /** Path at the destination, relative to the destination folder. It is planned until the copy begins, and final when `status` is `COMPLETED`. */
  readonly destination: string;
  /** False if the name at the source is not valid UTF-8. Such a file is never copied. */
  readonly nameValid: boolean;
  /** Why the copy has another name than its source: it recovers a failed attempt, or another file has the name. Null: it has the same name. */
  readonly nameReason: 'recovery' | 'name_taken' | null;
  /** State of the attempt. */
  readonly status: Status;
  /** Why a waiting file does not move. Null: nothing holds it. */
  readonly hold: Hold | null;
  /** True if it is copied as a growing file, or will be. */
  readonly growing: boolean;
  /** How far a growing copy or a verification is. Null in all other states. */
  readonly phase: Phase | null;
  /** Bytes that the source has and the growing copy does not have yet. Null if this is not a growing copy. */
  readonly behindBytes: number | null;
  /** Size of the source when it was last seen. */
  readonly sizeBytes: number;
  /** Bytes that are synced at the destination. 0 while the file waits, its size when it is completed. */
  readonly copiedBytes: number;
  /** `copiedBytes` as a share of `sizeBytes`, with one decimal. */
  readonly percent: number;
  /** Rate of the running copy, averaged over the last seconds. 0 if none runs. */
  readonly bytesPerSecond: number;
  /** Number of this attempt for the source file. The first one is 1. */
  readonly attempt: number;
  /** Why the attempt failed. Null unless `status` is `FAILED`. */
  readonly error: FileError | null;
  /** `id` of the failed attempt that this one follows. Null: it follows none. */
  readonly recoveryOf: string | null;
  /** `id` of the attempt that follows this failed one. Null: none does. */
  readonly recoveredBy: string | null;
  /** `id` of the tracked file that has the newer content, if the source changed after it was copied. Otherwise absent. */
  readonly supersededBy?: string;
  /** Path that the source had before it was renamed. Absent if it was not. */
  readonly renamedFrom?: string;
  /** Path that the source has since it was renamed. Absent if it was not. */
  readonly renamedTo?: string;
  /** True if the bytes were copied, false if the same bytes were at the destination already. Null until the file is completed. */
  readonly copied: boolean | null;
  /** Hash of the content. Null until all bytes are copied. */
  readonly hash: ContentHash | null;
  /** How the copy was verified: read back past the page cache (`direct`) or through it (`cached`), or by its size only (`size`). Null until then. */
  readonly readback: ReadbackMethod | null;
  /** What becomes of the source after the copy: it stays (`none`), is to be removed (`pending`), was removed (`done`), or could not be and is tried again (`failed`). */
  readonly afterCopy: 'none' | 'pending' | 'done' | 'failed';
  /** The failed removal of its source. Absent unless `afterCopy` is `failed`. */
  readonly removalError?: RemovalError;
  /** True if the file was removed at the source. */
  readonly sourceGone: boolean;
  /** When the file was found. */
  readonly discoveredAt: string;
  /** When the copy began. Null: it has not begun. */
  readonly startedAt: string | null;
  /** When the attempt ended. Null: it has not ended. */
  readonly endedAt: string | null;
}

/**
 * Returns a tracked file as it is shown.
 *
 * @param gateIsOpen whether the destination is online. While it is not, a READY file without its own hold has the hold `network`
 * @param routeIsHeld whether an operator holds the route. While it is held, such a file has the hold `operator`
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
    ...removalErrorOf(file),
    sourceGone: file.sourceGone,
    discoveredAt: timeText(file.discoveredAt),
    startedAt: file.startedAt === null ? null : timeText(file.startedAt),
    endedAt: file.endedAt === null ? null : timeText(file.endedAt),
  };
}

function removalErrorOf(file: TrackedFile): Pick<FileView, 'removalError'> {
  if (!isCompleted(file) || file.afterCopy !== 'failed' || file.removal === undefined || file.removal.code === null) return {};
  const { code, failures, retryAt, to } = file.removal;
  return { removalError: { to: to.kind, code, failures, retryAt: retryAt === undefined ? null : timeText(retryAt) } };
}

function copiedOf(file: TrackedFile): number {
  if (isRunning(file) || file.status === 'FAILED') return file.copiedBytes;
  return isCompleted(file) ? file.fingerprint.sizeBytes : 0;
}

function percentFor(file: TrackedFile, copiedBytes: number): number {
  if (file.status === 'FAILED') return file.error.percent;
  // The percentage of an empty file cannot be computed from its size.
  return isCompleted(file) ? 100 : percentOf(copiedBytes, file.fingerprint.sizeBytes);
}

function growingOf(file: TrackedFile): boolean {
  return 'growing' in file && file.growing;
}

function phaseOf(file: TrackedFile): Phase | null {
  if (file.status === 'VERIFYING') return 'reading_back';
  return file.status === 'GROWING_COPY' ? file.phase : null;
}

/**
 * Returns the hold of a file as it is reported. `network` and the hold of a whole route are derived here; they are not stored
 * with each file.
 */
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
 * Returns a time as RFC 3339 in UTC with milliseconds. Core has no `Date`; the calendar arithmetic is from Howard Hinnant,
 * "chrono-Compatible Low-Level Date Algorithms".
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
