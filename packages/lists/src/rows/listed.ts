import { holdOf } from '@sluice/core';
import { type FileId, type Hold, isEnded, isRunning, type RouteName, type Status, type TrackedFile } from '@sluice/core/model';

/**
 * Why a file does not move, as far as the file itself shows. `gate`: its route decides (offline, or held by an operator).
 * `publish`: it is being published, and waits if the destination is offline.
 */
export type OwnHold = Hold | 'gate' | 'publish' | null;

/** The part of a tracked file that decides where it stands in a list. It is small, because there may be 100,000 files. */
export interface Listed {
  readonly id: FileId;
  readonly route: RouteName;
  readonly source: string;
  readonly destination: string;
  readonly status: Status;
  readonly hold: OwnHold;
  readonly sizeBytes: number;
  /** Bytes that are not copied yet; 0 for an ended file. */
  readonly leftBytes: number;
  /** Wall clock, milliseconds since the epoch. */
  readonly discoveredAt: number;
  readonly endedAt: number | null;
  readonly recoveryOf: FileId | null;
  readonly recoveredBy: FileId | null;
  /** Core has the file: it is the newest of its path. */
  readonly isHeld: boolean;
  /** The file is READY and still being written. */
  readonly isWritten: boolean;
  /** Position among the files that an operator put first; the smallest comes first. Null: it was not put first. */
  readonly turn: number | null;
}

/** The columns of an ended file, read from the journal without its record. */
export type EndedBrief = Pick<
  Listed,
  'id' | 'route' | 'source' | 'destination' | 'status' | 'sizeBytes' | 'discoveredAt' | 'recoveryOf' | 'recoveredBy'
> & { readonly endedAt: number };

/**
 * Returns the part of a tracked file that lists use.
 * @param isHeld false: core has dropped the file, and the journal has it
 * @param turn position among the files that an operator put first; null: it was not put first
 */
export function listedOf(file: TrackedFile, isHeld: boolean, turn: number | null = null): Listed {
  const { sizeBytes } = file.fingerprint;
  return {
    id: file.id,
    route: file.route,
    source: file.source,
    destination: file.destination,
    status: file.status,
    hold: ownHold(file),
    sizeBytes,
    leftBytes: isEnded(file.status) ? 0 : Math.max(0, sizeBytes - (isRunning(file) ? file.copiedBytes : 0)),
    discoveredAt: file.discoveredAt,
    endedAt: file.endedAt,
    recoveryOf: file.recoveryOf,
    recoveredBy: file.recoveredBy,
    isHeld,
    isWritten: file.status === 'READY' && file.growing,
    turn,
  };
}

/** Returns the same for an ended file that only the journal has. */
export function listedFromJournal(brief: EndedBrief): Listed {
  return { ...brief, hold: null, leftBytes: 0, isHeld: false, isWritten: false, turn: null };
}

function ownHold(file: TrackedFile): OwnHold {
  if (file.status === 'READY' && file.hold === null) return 'gate';
  if (file.status === 'VERIFYING' && file.publishing.step !== 'none') return 'publish';
  return holdOf(file, true, false);
}

/** What the state of a file's route means for its files. */
export interface RouteCondition {
  readonly isOpen: boolean;
  readonly isHeld: boolean;
}

/** Returns the hold that is shown for a file of a route in this condition. */
export function holdUnder(hold: OwnHold, { isOpen, isHeld }: RouteCondition): Hold | null {
  if (hold === 'gate' && isHeld) return 'operator';
  if (hold === 'gate' || hold === 'publish') return isOpen ? null : 'network';
  return hold;
}

/** Returns whether the file is an attempt that failed and was followed by another one. */
export function isRecovered(file: Listed): boolean {
  return file.status === 'FAILED' && file.recoveredBy !== null;
}

/**
 * Returns whether the file failed without another attempt after it. A failed attempt whose source was discovered again is no
 * longer in core.
 */
export function isLost(file: Listed): boolean {
  return file.status === 'FAILED' && file.recoveredBy === null && file.isHeld;
}
