import type { ControlServer } from '@sluice/control';
import type { CoreState, JournalRecord } from '@sluice/core';
import { type Sentence, sentenceOf } from '@sluice/words';
import type { Log } from '../log/log.ts';
import type { Audience } from '../ports.ts';
import type { StallReport } from '../stall.ts';
import { logNoteOf } from './log-notes.ts';
import { type Note, noteOf } from './notes.ts';
import type { ScreenServing } from './screen/screens.ts';

export interface AudienceDependencies {
  readonly screens: Pick<ScreenServing, 'committed'>;
  readonly log: Log;
  readonly stall: Pick<StallReport, 'begin' | 'over'>;
  readonly onNote: (note: Note) => void;
}

/** Shows what was committed: on the screens, in the log, and to clients and programs that watch. */
export class AgentAudience implements Audience {
  readonly #dependencies: AudienceDependencies;
  /** Null until clients can connect. */
  #control: Pick<ControlServer, 'publish'> | null = null;

  constructor(dependencies: AudienceDependencies) {
    this.#dependencies = dependencies;
  }

  /** Publishes to clients from now on. */
  publishTo(control: Pick<ControlServer, 'publish'>): void {
    this.#control = control;
  }

  committed(state: CoreState, records: readonly JournalRecord[]): void {
    this.#dependencies.screens.committed(records);
    for (const record of records) {
      this.#logRecord(record);
      const note = noteOf(state, record);
      if (note !== null) this.#publish(note);
    }
  }

  stalled(code: string, pendingRecords: number): void {
    this.#dependencies.stall.begin(code, pendingRecords);
  }

  resumed(records: number): void {
    this.#dependencies.stall.over(records);
  }

  #logRecord(record: JournalRecord): void {
    const sentence = logRecord(this.#dependencies.log, record);
    const note = logNoteOf(record, sentence);
    if (note !== null) this.#control?.publish('log', sentence.route, note);
  }

  #publish(note: Note): void {
    this.#dependencies.onNote(note);
    if (note.event === 'transition') this.#control?.publish('transition', note.file.route, note);
    else this.#control?.publish('gate', note.route, note);
  }
}

/** Writes what was committed to the log. @returns what was written */
export function logRecord(log: Log, record: JournalRecord): Sentence {
  const sentence = sentenceOf(record);
  log.forRoute(sentence.route)[sentence.level](sentence.text, sentence.fields);
  return sentence;
}
