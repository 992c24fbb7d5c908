import type { ScreenFrame, ScreenRow } from '@sluice/control';
import { type CoreState, type JournalRecord, type RouteState, timeText } from '@sluice/core';
import { codeOfReason, type FileId, isCompleted, isEnded, isLost, type TrackedFile } from '@sluice/core/model';
import { etaOf, type FileList, type Slot, type View } from '@sluice/lists';
import { reasonOf, type ShownHold } from '@sluice/words';
import { viewLive } from '../status.ts';
import type { ScreenFiles } from './files.ts';
import type { ScreenJournal } from './journal.ts';
import { screenLimits as limits } from './limits.ts';

/** The rows of windows, from core's newest record, or from the journal for a file that core has dropped. */
export interface ScreenRows {
  /**
   * Returns the rows of a window. One turn reads only a limited part of the journal.
   *
   * @returns null if the window is not complete yet; the call is to be repeated in another turn
   */
  rowsOf(list: FileList, view: View): ScreenFrame['rows'] | null;
  /** Drops kept records that were journaled again. */
  committed(records: readonly JournalRecord[]): void;
}

/** Creates the rows of a screen. */
export function createScreenRows(state: CoreState, reader: Pick<ScreenJournal, 'file'>, files: ScreenFiles): ScreenRows {
  const { catalogue } = files;
  const kept = new Map<FileId, TrackedFile>();
  const made = new Map<FileId, { readonly file: TrackedFile; readonly key: string; readonly row: ScreenRow }>();

  const knownOf = (id: FileId): TrackedFile | undefined => state.files.get(id) ?? kept.get(id);
  /** Reads a record. Null: it no longer exists. Undefined: the journal could not be read just now. */
  const readOf = (id: FileId): TrackedFile | null | undefined => {
    const file = reader.file(id);
    if (file !== null && file !== undefined) keep(kept, id, file);
    return file;
  };
  /** Removes the row of a file. */
  const forget = ({ id, originalOf }: Slot): void => {
    if (originalOf === null) catalogue.drop(id);
    else catalogue.forgetOriginal(originalOf);
  };
  const rowOf = (file: TrackedFile, depth: Slot['depth'], reads: Reads): ScreenRow => {
    const { isOpen, isHeld } = files.condition(file.route);
    const route = state.routes.get(file.route);
    const failure = failureBefore(file, reads, knownOf, readOf);
    const isFirst = route?.firsts.has(file.source) === true && isPending(file);
    const key = `${isFirst} ${isOpen} ${isHeld ? JSON.stringify(route?.hold) : ''} ${depth} ${failure === undefined} ${isOpen ? '' : gateText(route)}`;
    const before = made.get(file.id);
    if (before?.file === file && before.key === key) return before.row;
    const row = makeRow(state, file, { depth, route, failure, isFirst });
    keep(made, file.id, { file, key, row });
    return row;
  };
  return {
    rowsOf(list, view) {
      const { matched, offset, slots } = catalogue.window(list, view);
      const rows: ScreenRow[] = [];
      const reads: Reads = { left: limits.readRecords };
      let [isNearer, isMissing, isShorter] = [false, false, false];
      /** Set if the original is not listed yet, or could not be read just now. The file is then shown alone. */
      let alone: FileId | null = null;
      for (const slot of slots) {
        const known = knownOf(slot.id);
        const mayRead = known === undefined && reads.left > 0;
        reads.left -= mayRead ? 1 : 0;
        const file = mayRead ? readOf(slot.id) : known;
        if (file === undefined) {
          isMissing = true;
          alone = slot.originalOf;
          continue;
        }
        isNearer ||= mayRead;
        if (file !== null) rows.push(rowOf(file, slot.id === alone ? 0 : slot.depth, reads));
        else {
          forget(slot);
          isShorter = true;
        }
      }
      // Rows that are missing although nothing was read are left out.
      if (isShorter || (isMissing && isNearer)) return null;
      const { tab, hideRecovered } = list.rules;
      return { total: catalogue.tally.rowsOf(tab, hideRecovered), matched, offset, rows };
    },
    committed(records) {
      for (const record of records) if ('file' in record) kept.delete(record.file.id);
    },
  };
}

function gateText(route: RouteState | undefined): string {
  return `${route?.gate.cause} ${route?.gate.code} ${route?.gate.finding.kind}`;
}

/** Returns the failed attempt because of which a file waits. Null: it does not wait for that. */
function waitsAfter(file: TrackedFile): FileId | null {
  return file.status === 'READY' && (file.hold === 'needs_you' || file.hold === 'backoff') ? file.recoveryOf : null;
}

/** @param reads how many records may still be read */
function failureBefore(
  file: TrackedFile,
  reads: Reads,
  knownOf: (id: FileId) => TrackedFile | undefined,
  readOf: (id: FileId) => TrackedFile | null | undefined,
): ScreenRow['failure'] | undefined {
  const id = waitsAfter(file);
  if (id === null) return undefined;
  const known = knownOf(id);
  if (known !== undefined || reads.left === 0) return failureIn(known);
  reads.left -= 1;
  return failureIn(readOf(id));
}

function failureIn(file: TrackedFile | null | undefined): ScreenRow['failure'] | undefined {
  if (file?.status !== 'FAILED') return undefined;
  const { kind, percent, reason } = file.error;
  return { kind, percent, code: codeOfReason(reason) };
}

/** Number of records that one turn may still read. */
interface Reads {
  left: number;
}

/**
 * Keeps a value, and drops the oldest one if there are too many. (A `WeakMap` of everything ever shown would grow to the size of
 * the state, and be slow to do so.)
 */
function keep<Kept>(kept: Map<FileId, Kept>, id: FileId, what: Kept): void {
  if (kept.size >= limits.keptRows && !kept.has(id)) {
    const [oldest] = kept.keys();
    if (oldest !== undefined) kept.delete(oldest);
  }
  kept.set(id, what);
}

/** Returns whether a file has not begun to be copied. */
function isPending({ status }: TrackedFile): boolean {
  return !isEnded(status) && status !== 'COPYING' && status !== 'GROWING_COPY' && status !== 'VERIFYING';
}

/** What is known around a file. */
interface Around {
  readonly depth: Slot['depth'];
  readonly route: RouteState | undefined;
  readonly failure: ScreenRow['failure'] | undefined;
  readonly isFirst: boolean;
}

function makeRow(state: CoreState, file: TrackedFile, { depth, route, failure, isFirst }: Around): ScreenRow {
  const view = viewLive(state, file);
  const phaseDone = 'phaseDone' in file ? file.phaseDone : null;
  const found = route === undefined ? null : { ...route.gate, destination: route.settings.destination };
  return {
    file: view,
    depth,
    reason: reasonOf(view, { phaseDone, gate: found, before: failure ?? null, routeHold: isSkipped(file) ? null : holdOf(route) }),
    etaMs: route?.gate.state === 'open' ? etaOf(file) : null,
    phaseDone,
    ...(failure === undefined ? {} : { failure }),
    ...(isSkipped(file) ? { isSkipped: true as const } : {}),
    ...(isLost(file) ? { isLost: true as const } : {}),
    ...removalOf(file),
    ...(isFirst ? { isFirst: true as const } : {}),
    ...(file.status === 'READY' && file.hold === 'backoff' && file.retryAt !== null ? { retryAt: timeText(file.retryAt) } : {}),
  };
}

/** How far the removal of its source file is, while it is not done. */
function removalOf(file: TrackedFile): Pick<ScreenRow, 'removal'> {
  if (!isCompleted(file) || file.removal === undefined) return {};
  const { to, code, retryAt } = file.removal;
  return { removal: { to: to.kind, code, ...(retryAt === undefined ? {} : { retryAt: timeText(retryAt) }) } };
}

function isSkipped(file: TrackedFile): boolean {
  return file.status === 'READY' && file.hold === 'operator';
}

function holdOf(route: RouteState | undefined): ShownHold | null {
  if (route === undefined || route.hold === null) return null;
  const { by, until, reason } = route.hold;
  return { by, until: until === null ? null : timeText(until), reason };
}
