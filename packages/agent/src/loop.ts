import {
  type CoreState,
  type Effect,
  type Envelope,
  type Event,
  isReport,
  type Journal,
  type JournalRecord,
  leaveToJournal,
  nextWake,
  step,
} from '@sluice/core';
import { JournalUnusable } from '@sluice/persistence';
import { limits } from './limits.ts';
import type { LoopPorts, Timer } from './ports.ts';

/** Handles events in order. No effect runs before the events that caused it are committed. */
export interface Loop {
  offer(event: Event): void;
  /** Accepts an event that only leads to records. They are committed even after the end, if the journal accepts them. */
  record(event: Event): void;
  readonly state: CoreState;
  /** True while the journal refuses records. */
  isStalled(): boolean;
  /** Returns whether no event waits and nothing is uncommitted. */
  isSettled(): boolean;
  /** Returns the number of events that were handled so far. */
  eventsTaken(): number;
  /** Accepts no more events. */
  end(): void;
}

interface Batch {
  readonly records: readonly JournalRecord[];
  readonly effects: readonly Effect[];
}

/**
 * Creates the loop. For every batch of events it steps each event, appends all records in ONE transaction, and only then runs the
 * effects and shows the records to the audience. A batch that the journal refuses is kept and tried again. Until it is committed,
 * no effect runs.
 *
 * @param firstSeq number of the first record to be written
 */
export function createLoop(journal: Journal, state: CoreState, firstSeq: number, ports: LoopPorts): Loop {
  return new EventLoop(journal, state, firstSeq, ports);
}

class EventLoop implements Loop {
  readonly state: CoreState;
  readonly #journal: Journal;
  readonly #ports: LoopPorts;
  readonly #retry: Timer;
  readonly #wake: Timer;
  readonly #pace: Timer;
  readonly #events: Event[] = [];
  /** The number of the next record. */
  #seq: number;
  /** The batch that the journal refused. */
  #uncommitted: Batch | null = null;
  #retryMs: number = limits.commitRetryMs;
  /** When the next transaction may begin. */
  #mayCommitAt = Number.NEGATIVE_INFINITY;
  #isScheduled = false;
  #eventsTaken = 0;
  #hasEnded = false;
  #isUnusable = false;

  constructor(journal: Journal, state: CoreState, firstSeq: number, ports: LoopPorts) {
    this.state = state;
    this.#journal = journal;
    this.#seq = firstSeq;
    this.#ports = ports;
    this.#retry = ports.makeTimer(() => this.#run());
    this.#pace = ports.makeTimer(() => this.#run());
    this.#wake = ports.makeTimer(() => this.offer({ kind: 'tick' }));
  }

  offer(event: Event): void {
    if (this.#hasEnded) return;
    this.#events.push(event);
    this.#schedule();
  }

  record(event: Event): void {
    if (!this.#hasEnded) return this.offer(event);
    if (this.#uncommitted !== null || this.#isUnusable) return;
    const { records } = step(this.state, this.#envelope(event, this.#seq));
    if (records.length > 0) this.#commit({ records, effects: [] });
    // The loop has ended, so no retry may follow.
    this.#retry.clear();
  }

  isStalled(): boolean {
    return this.#uncommitted !== null;
  }

  eventsTaken(): number {
    return this.#eventsTaken;
  }

  isSettled(): boolean {
    return this.#events.length === 0 && this.#uncommitted === null;
  }

  end(): void {
    this.#hasEnded = true;
    this.#wake.clear();
    this.#pace.clear();
    this.#retry.clear();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    if (this.#mayCommitAt > this.#ports.clock.monotonic()) this.#pace.set(this.#mayCommitAt);
    else this.#ports.defer(() => this.#run());
  }

  #run(): void {
    this.#isScheduled = false;
    if (this.#hasEnded) return;
    try {
      this.#takeBatch();
    } catch (error) {
      if (!(error instanceof JournalUnusable)) throw error;
      // An event was applied in part. As after a crash, the next start continues from what is committed.
      this.end();
      this.#isUnusable = true;
      this.#ports.unusable(error);
    }
  }

  #takeBatch(): void {
    if (this.#uncommitted !== null) {
      if (!this.#commit(this.#uncommitted)) return;
      this.#events.unshift({ kind: 'journal_resumed' });
    }
    if (this.#events.length > 0 && !this.#commit(this.#stepBatch())) return;
    this.#setWake();
    if (this.#events.length > 0) this.#schedule();
  }

  #stepBatch(): Batch {
    const records: JournalRecord[] = [];
    const effects: Effect[] = [];
    const events = this.#events.splice(0, limits.batchEvents);
    let taken = 0;
    let isFollowed = false;
    for (const event of events) {
      // An event that is followed is never the last: what it leads to is done after those that follow it.
      if (!isFollowed && records.length >= limits.batchRecords) break;
      isFollowed = isReport(event) && isReport(events[taken + 1]);
      const done = step(this.state, { ...this.#envelope(event, this.#seq + records.length), isFollowed });
      for (const record of done.records) records.push(record);
      for (const effect of done.effects) effects.push(effect);
      taken += 1;
    }
    this.#events.unshift(...events.slice(taken));
    this.#eventsTaken += taken;
    return { records, effects };
  }

  #envelope(event: Event, seq: number): Envelope {
    const { clock, ids } = this.#ports;
    return { seq, at: clock.monotonic(), wall: clock.wall(), ids, event };
  }

  /** Commits a batch. @returns false if the journal refused it; it is then tried again */
  #commit(batch: Batch): boolean {
    const { clock, performer, audience } = this.#ports;
    try {
      if (batch.records.length > 0) this.#append(batch.records);
    } catch (error) {
      const code = codeOf(error);
      // This is reported once, because the journal may refuse twice a second for hours.
      if (this.#uncommitted === null) audience.stalled(code, batch.records.length);
      this.#uncommitted = batch;
      this.#retry.set(clock.monotonic() + this.#retryMs);
      this.#retryMs = Math.min(2 * this.#retryMs, limits.commitRetryLastMs);
      return false;
    }
    if (this.#uncommitted !== null) audience.resumed(batch.records.length);
    this.#uncommitted = null;
    this.#retryMs = limits.commitRetryMs;
    this.#seq += batch.records.length;
    for (const effect of batch.effects) performer.perform(effect);
    if (batch.records.length > 0) audience.committed(this.state, batch.records);
    leaveToJournal(this.state, batch.records);
    return true;
  }

  /**
   * Appends records. If a transaction takes long, the disk is slow to sync: the next one waits for as long, so that the reports
   * of many copies go into one transaction.
   */
  #append(records: readonly JournalRecord[]): void {
    const { clock } = this.#ports;
    const beganAt = clock.monotonic();
    this.#journal.append(records);
    const endedAt = clock.monotonic();
    const tookMs = endedAt - beganAt;
    if (tookMs >= 1) this.#mayCommitAt = endedAt + Math.min(tookMs, limits.commitGapMs);
  }

  #setWake(): void {
    const at = nextWake(this.state);
    if (Number.isFinite(at)) this.#wake.set(at);
    else if (at === Number.NEGATIVE_INFINITY) this.#wake.set(this.#ports.clock.monotonic());
    else this.#wake.clear();
  }
}

/** Errors that a retry cannot fix, because the program is at fault. */
const ownFaults = /^SQLITE_(?:CONSTRAINT|ERROR|MISMATCH|MISUSE|RANGE)/;

/** Returns SQLite's name of an error. @throws the error if the program is at fault; it is not tried again */
function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (typeof code === 'string' && !ownFaults.test(code)) return code;
  throw error;
}
