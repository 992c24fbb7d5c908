import type { LogNote } from '@sluice/control';
import { limits } from '../limits.ts';
import type { LogDialog, LogPage } from '../model/dialogs.ts';

/** A page of the log, as it arrived. */
export interface ArrivedPage {
  readonly page: LogPage;
  /** Oldest first. */
  readonly notes: readonly LogNote[];
  /** Where the next page begins. Null: this is the last page. */
  readonly next: number | null;
}

const newest: LogPage = { before: null, after: null };
const oldest: LogPage = { before: null, after: 0 };

/** Returns a log that shows its newest lines as soon as they arrive. */
export function newestLog(): LogDialog {
  return { kind: 'log', notes: [], older: null, newer: null, last: -1, asked: newest, trouble: null };
}

/** Returns the same log, which shows its oldest lines as soon as they arrive. */
export function askedOldest(log: LogDialog): LogDialog {
  return { ...log, asked: oldest, trouble: null };
}

/** Returns the same log, which shows its newest lines as soon as they arrive. */
export function askedNewest(log: LogDialog): LogDialog {
  return { ...log, asked: newest, trouble: null };
}

/** Adds a page. A page that was not requested or is no longer needed is ignored. @param tail the newest lines that were reported */
export function withPage(log: LogDialog, arrived: ArrivedPage, tail: readonly LogNote[]): LogDialog {
  const { page } = arrived;
  if (log.asked === null || !isSame(log.asked, page)) return log;
  const answered: LogDialog = { ...log, asked: null, trouble: null };
  if (page.before !== null) return withOlder(answered, arrived);
  if (page.after !== null && page.after === log.newer) return withNewer(answered, arrived, tail);
  return page.after === null ? withNewest(answered, arrived, tail) : withOldest(answered, arrived, tail);
}

/** Notes that a requested page could not be loaded. */
export function withoutPage(log: LogDialog, page: LogPage, why: string): LogDialog {
  return log.asked === null || !isSame(log.asked, page) ? log : { ...log, asked: null, trouble: why };
}

/** Adds a line that was just reported. If the end of the log is visible, the view follows. */
export function withLive(log: LogDialog, note: LogNote): LogDialog {
  // Ignored if the loaded lines do not end with the newest, or are about to be replaced.
  if (log.newer !== null || isReplaced(log)) return log;
  const notes = joined(log.notes, [note]);
  if (notes.length === log.notes.length) return log;
  const isFollowed = log.last === log.notes.length - 1;
  const grown = withinBound({ ...log, notes, last: isFollowed ? notes.length - 1 : log.last });
  // While old lines are visible they are kept, and the new lines are requested when the operator scrolls back.
  return grown ?? { ...log, newer: log.notes.at(-1)?.seq ?? null };
}

/** Returns the page that is needed next, or null. @param rows largest number of visible lines */
export function neededPage({ asked, trouble, older, newer, last, notes }: LogDialog, rows: number): LogPage | null {
  if (asked !== null || trouble !== null) return null;
  if (older !== null && last - rows < limits.logSpare) return { before: older, after: null };
  return newer !== null && last + limits.logSpare >= notes.length ? { before: null, after: newer } : null;
}

function withNewest(log: LogDialog, { notes, next }: ArrivedPage, tail: readonly LogNote[]): LogDialog {
  const all = joined(notes, tail);
  return { ...log, notes: all, older: next, newer: null, last: all.length - 1 };
}

function withOldest(log: LogDialog, { notes, next }: ArrivedPage, tail: readonly LogNote[]): LogDialog {
  const all = next === null ? joined(notes, tail) : notes;
  return { ...log, notes: all, older: null, newer: next, last: 0 };
}

function withOlder(log: LogDialog, { notes, next }: ArrivedPage): LogDialog {
  const all = [...notes, ...log.notes];
  const last = log.last + notes.length;
  // The operator has moved to the other end meanwhile.
  if (last >= limits.logNotes) return log;
  const kept = all.slice(0, limits.logNotes);
  const newer = kept.length < all.length ? (kept.at(-1)?.seq ?? null) : log.newer;
  return { ...log, notes: kept, older: next, newer, last };
}

function withNewer(log: LogDialog, { notes, next }: ArrivedPage, tail: readonly LogNote[]): LogDialog {
  const all = next === null ? joined([...log.notes, ...notes], tail) : [...log.notes, ...notes];
  return withinBound({ ...log, notes: all, newer: next }) ?? log;
}

/** Drops the oldest lines beyond the limit. @returns null if the visible lines would be among them */
function withinBound(log: LogDialog): LogDialog | null {
  const surplus = log.notes.length - limits.logNotes;
  if (surplus <= 0) return log;
  if (log.last - surplus < limits.logSpare) return null;
  const notes = log.notes.slice(surplus);
  return { ...log, notes, older: notes[0]?.seq ?? null, last: log.last - surplus };
}

/** Appends the lines that are later than the last one. An older agent does not number its lines. */
function joined(notes: readonly LogNote[], more: readonly LogNote[]): readonly LogNote[] {
  const last = notes.at(-1);
  if (last === undefined) return more;
  const later = more.filter((note) => isLater(note, last));
  return later.length === 0 ? notes : [...notes, ...later];
}

function isLater(note: LogNote, last: LogNote): boolean {
  if (note.seq !== undefined && last.seq !== undefined) return note.seq > last.seq;
  return note.at > last.at || (note.at === last.at && note.text !== last.text);
}

/** Returns whether a request that replaces all lines is under way. */
function isReplaced({ asked }: LogDialog): boolean {
  return asked !== null && (isSame(asked, newest) || isSame(asked, oldest));
}

function isSame(a: LogPage, b: LogPage): boolean {
  return a.before === b.before && a.after === b.after;
}
