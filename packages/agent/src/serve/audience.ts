import type { ControlServer } from '@sluice/control';
import type { CoreState, JournalRecord } from '@sluice/core';
import { type Sentence, sentenceOf } from '@sluice/words';
import type { Hooks } from '../hooks/hooks.ts';
import type { Log } from '../log/log.ts';
import type { Counters } from '../metrics/counters.ts';
import type { StallReport } from '../own-conditions/stall.ts';
import type { Audience } from '../ports.ts';
import { logNoteOf } from './log-notes.ts';
import { gateNote, type Note, transitionNote } from './notes.ts';
import type { ScreenServing } from './screen/screens.ts';
import { viewLive } from './status.ts';

/** Where committed records are shown. */
export interface AudienceDependencies {
  readonly screens: Pick<ScreenServing, 'committed'>;
  readonly counters: Pick<Counters, 'committed'>;
  /** The operator's commands. */
  readonly hooks: Pick<Hooks, 'committed'>;
  readonly log: Log;
  readonly stall: Pick<StallReport, 'begin' | 'over'>;
  /** Receives notes. Null: none are made. */
  readonly onNote: ((note: Note) => void) | null;
}

/** Shows committed records: on the screens, in the log, and to clients and programs that watch. */
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
    const { screens, counters, hooks, log } = this.#dependencies;
    screens.committed(records);
    counters.committed(records);
    hooks.committed(records, (file) => viewLive(state, file));
    const tellAll = (): void => {
      for (const record of records) {
        this.#logRecord(record);
        this.#publish(state, record);
      }
    };
    if (log.together === undefined) tellAll();
    else log.together(tellAll);
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
    if (note !== null) this.#control?.publish('log', sentence.route, () => note);
  }

  #publish(state: CoreState, record: JournalRecord): void {
    if (record.kind === 'transition') this.#tell('transition', record.file.route, () => transitionNote(state, record));
    else if (record.kind === 'gate') this.#tell('gate', record.route, () => gateNote(record));
  }

  /**
   * Sends a note. A note without a receiver is not made, since most agents have no client. A note for several receivers is made
   * once.
   */
  #tell<Topic extends Note['event']>(topic: Topic, route: string, make: () => Extract<Note, { event: Topic }>): void {
    const { onNote } = this.#dependencies;
    const made = onNote === null ? null : make();
    if (made !== null) onNote?.(made);
    this.#control?.publish<Note['event']>(topic, route, () => made ?? make());
  }
}

/** Logs a committed record. @returns the sentence */
export function logRecord(log: Log, record: JournalRecord): Sentence {
  const sentence = sentenceOf(record, log.hasDebug !== false);
  log.forRoute(sentence.route)[sentence.level](sentence.text, sentence.fields);
  return sentence;
}
