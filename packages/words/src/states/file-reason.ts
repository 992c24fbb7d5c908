import type { FileJson } from '@sluice/control';
import type { GateView } from '@sluice/core';
import { type Hold, unreachable } from '@sluice/core/model';
import { type KnownError, problemText } from '../failures/failure.ts';
import { type FoundThere, findingText } from '../failures/finding.ts';
import { sizeText } from '../figures/figures.ts';
import { heldText, type ShownHold } from './held.ts';
import { removalFailsText } from './removals.ts';

/** What is known besides a file. Each value may be missing. */
export interface KnownAround {
  /** 0 to 1, for a phase that has an end. */
  readonly phaseDone?: number | null;
  /** The state of its destination. */
  readonly gate?: FoundThere | null;
  /** Why the attempt before this one failed. */
  readonly before?: KnownError | null;
  /** The hold of its route. Null: an operator skipped the file itself. Absent: it is not known which. */
  readonly routeHold?: ShownHold | null | undefined;
}

/** Returns why a file is where it is. */
export function reasonOf(file: FileJson, around: KnownAround = {}): string {
  if (file.error !== null) return failed(file, file.error);
  if (file.hold === null) return progress(file, around.phaseDone ?? null);
  const { before = null } = around;
  const because = before === null ? '' : `: ${problemText(before, file.destination)}`;
  return waitText({ ...file, hold: file.hold }, because, around);
}

/** What is known about a file that waits. */
export interface WaitingFile extends Pick<FileJson, 'status' | 'attempt' | 'nameValid'> {
  readonly hold: Hold;
}

/** Returns what a file waits for. @param because why the attempt before failed, with a colon before it */
export function waitText(file: WaitingFile, because: string, { gate = null, routeHold }: KnownAround = {}): string {
  switch (file.hold) {
    case 'network':
      return `waits for the destination${gate !== null && mended.has(gate.cause) ? `: ${findingText(gate).operator}` : ''}`;
    case 'space':
      return 'waits for room';
    case 'backoff':
      return `waits for its next attempt${because}`;
    case 'operator':
      if (routeHold === undefined) return 'skipped by an operator, or its route is held';
      return routeHold === null ? 'skipped by an operator' : `its route is ${heldText(routeHold)}`;
    case 'needs_you':
      return needsYou(file, because);
    default:
      return unreachable(file.hold);
  }
}

/** Causes that only a person can end. The others end by themselves, and their texts say how long they last. */
const mended: ReadonlySet<GateView['cause']> = new Set(['not_the_destination', 'read_only', 'denied']);

/** What was to follow the failure may be over by now. If an attempt has followed, it is named instead. */
function failed({ recoveredBy, destination }: FileJson, error: NonNullable<FileJson['error']>): string {
  if (recoveredBy === null) return error.operator;
  return `${problemText(error, destination)}; copied again by attempt ${recoveredBy.slice(0, 8)}`;
}

function needsYou(file: WaitingFile, because: string): string {
  if (!file.nameValid) return 'needs you: its name is not valid UTF-8; rename it at the source';
  return file.status === 'GROWING' ? 'needs you: it does not stop changing' : `needs you${attempts(file)}${because}`;
}

function attempts({ attempt }: WaitingFile): string {
  return attempt < 2 ? '' : ` after ${attempt - 1} failed attempt${attempt === 2 ? '' : 's'}`;
}

function progress(file: FileJson, phaseDone: number | null): string {
  const share = phaseDone === null ? '' : ` ${Math.floor(phaseDone * 100)}%`;
  switch (file.status) {
    case 'COPYING':
      return `${file.percent}%`;
    case 'GROWING_COPY':
      if (file.phase === 'settling') return `rechecking the source${share}`;
      return file.phase === 'draining' ? 'catching up' : `recording, ${sizeText(file.behindBytes ?? 0)} behind`;
    case 'VERIFYING':
      return `reading back${share}`;
    case 'COMPLETED':
      return [file.copied === false ? 'already there' : verifiedAs(file), ...renamed(file), ...superseded(file)].join('; ');
    case 'COMPLETED_DELETE_FAILED':
      return file.removalError === undefined ? 'copied; its source could not be removed' : `copied; ${removalFailsText(file.removalError)}`;
    case 'GROWING':
      return 'still changing';
    case 'REMOVED':
      return file.renamedTo === undefined
        ? 'removed from the source before it was copied'
        : `renamed to ${file.renamedTo} before it was copied`;
    case 'DISCOVERED':
    case 'READY':
    case 'WAITING_FOR_NETWORK':
    case 'WAITING_FOR_SPACE':
    case 'IN_QUEUE':
    case 'FAILED':
      return '';
    default:
      return unreachable(file.status);
  }
}

function renamed({ renamedFrom, renamedTo }: FileJson): readonly string[] {
  const from = renamedFrom === undefined ? [] : [`renamed from ${renamedFrom}`];
  return renamedTo === undefined ? from : [...from, `renamed to ${renamedTo} at the source`];
}

function superseded({ supersededBy }: FileJson): readonly string[] {
  return supersededBy === undefined ? [] : [`superseded: the source changed again, see attempt ${supersededBy.slice(0, 8)}`];
}

function verifiedAs(file: FileJson): string {
  if (file.readback === 'direct') return 'verified';
  return file.readback === 'cached' ? 'verified (cache only)' : 'size only';
}
