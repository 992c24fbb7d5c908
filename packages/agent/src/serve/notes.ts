import type { GateNote, TransitionNote } from '@sluice/control';
import { type CoreState, type JournalRecord, timeText } from '@sluice/core';
import { viewLive } from './views.ts';

/** What is told of a committed record: to clients that watch, and as a line of `run --json`. */
export type Note = TransitionNote | GateNote;

/** @returns null for what is nobody's business but the journal's */
export function noteOf(state: CoreState, record: JournalRecord): Note | null {
  if (record.kind === 'transition') {
    const file = viewLive(state, record.file);
    return { v: 1, at: timeText(record.at), event: 'transition', file, from: record.from, to: record.to };
  }
  if (record.kind !== 'gate') return null;
  const { state: gateState, cause, code, operator, technical } = record;
  const gate = { state: gateState, since: timeText(record.at), cause, code, operator, technical };
  return { v: 1, at: timeText(record.at), event: 'gate', route: record.route, gate };
}
