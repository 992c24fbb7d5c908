import type { GateNote, TransitionNote } from '@sluice/control';
import { type CoreState, type JournalRecord, timeText } from '@sluice/core';
import { foundBy, gateJson } from '@sluice/words';
import { viewLive } from './views.ts';

/** What is reported of a committed record: to clients that watch, and as a line of `run --json`. */
export type Note = TransitionNote | GateNote;

/** @returns null for what is nobody's business but the journal's */
export function noteOf(state: CoreState, record: JournalRecord): Note | null {
  if (record.kind === 'transition') {
    const file = viewLive(state, record.file);
    return { v: 1, at: timeText(record.at), event: 'transition', file, from: record.from, to: record.to };
  }
  if (record.kind !== 'gate') return null;
  const { event, route } = record;
  const at = timeText(record.at);
  const gate = gateJson({ state: event.kind === 'gate_opened' ? 'open' : 'closed', since: at, ...foundBy(event) });
  return { v: 1, at, event: 'gate', route, gate };
}
