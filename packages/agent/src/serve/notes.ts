import type { GateNote, TransitionNote } from '@sluice/control';
import { type CoreState, type JournalRecord, timeText } from '@sluice/core';
import { foundBy, gateJson } from '@sluice/words';
import { viewLive } from './status.ts';

/** A note about a committed record, for clients that watch and for the lines of `run --json`. */
export type Note = TransitionNote | GateNote;

type Of<Kind extends JournalRecord['kind']> = Extract<JournalRecord, { kind: Kind }>;

/** Returns the note of a transition. */
export function transitionNote(state: CoreState, { at, file, from, to }: Of<'transition'>): TransitionNote {
  return { v: 1, at: timeText(at), event: 'transition', file: viewLive(state, file), from, to };
}

/** Returns the note of a gate that opened or closed. */
export function gateNote({ at, event, route }: Of<'gate'>): GateNote {
  const since = timeText(at);
  const gate = gateJson({ state: event.kind === 'gate_opened' ? 'open' : 'closed', since, ...foundBy(event) });
  return { v: 1, at: since, event: 'gate', route, gate };
}
