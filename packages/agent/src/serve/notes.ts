import type { GateNote, TransitionNote } from '@sluice/control';
import { type CoreState, type GateEvent, type GateView, type JournalRecord, timeText } from '@sluice/core';
import { unreachable } from '@sluice/core/model';
import { gateJson } from '@sluice/words';
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
  const at = timeText(record.at);
  return { v: 1, at, event: 'gate', route: record.route, gate: gateJson(viewOf(record.event, at)) };
}

function viewOf(event: GateEvent, since: string): GateView {
  switch (event.kind) {
    case 'gate_opened':
      return { state: 'open', since, cause: null, code: null, destination: event.destination, finding: { kind: 'answers' } };
    case 'gate_closed': {
      const { cause, code, destination, finding } = event;
      return { state: 'closed', since, cause, code, destination, finding };
    }
    default:
      return unreachable(event);
  }
}
