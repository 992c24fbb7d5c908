import { type CoreState, type Effect, type Envelope, type Event, type Journal, type JournalRecord, nextWake, step } from '@sluice/core';
import { limits } from './limits.ts';
import type { LoopPorts } from './ports.ts';

/** Takes events in order; nothing is done before what led to it is committed. */
export interface Loop {
  offer(event: Event): void;
  readonly state: CoreState;
  /** True while the journal refuses what happened. */
  isStalled(): boolean;
  /** No event waits and nothing is uncommitted. */
  isSettled(): boolean;
  /** Takes no more events. */
  end(): void;
}

interface Uncommitted {
  readonly records: readonly JournalRecord[];
  readonly effects: readonly Effect[];
}

/**
 * For every batch of events: step each, append all records in ONE transaction, and only then run the effects and tell
 * the audience. A commit that fails is kept and tried again; until it is through no effect runs.
 *
 * @param firstSeq number of the first record to be written
 */
export function createLoop(journal: Journal, state: CoreState, firstSeq: number, ports: LoopPorts): Loop {
  const events: Event[] = [];
  let seq = firstSeq;
  let isDrainSet = false;
  let uncommitted: Uncommitted | null = null;
  let hasEnded = false;
  const retry = ports.makeTimer(drain);
  const wake = ports.makeTimer(() => offer({ kind: 'tick' }));

  function offer(event: Event): void {
    if (hasEnded) return;
    events.push(event);
    setDrain();
  }

  function setDrain(): void {
    if (isDrainSet) return;
    isDrainSet = true;
    ports.defer(drain);
  }

  function drain(): void {
    isDrainSet = false;
    if (hasEnded) return;
    if (uncommitted !== null && !commit(uncommitted)) return;
    if (events.length > 0) commit(stepBatch());
    if (uncommitted !== null) return;
    armWake();
    if (events.length > 0) setDrain();
  }

  function stepBatch(): Uncommitted {
    const records: JournalRecord[] = [];
    const effects: Effect[] = [];
    for (const event of events.splice(0, limits.batchEvents)) {
      const done = step(state, envelope(event, seq + records.length));
      records.push(...done.records);
      effects.push(...done.effects);
    }
    return { records, effects };
  }

  function envelope(event: Event, next: number): Envelope {
    return { seq: next, at: ports.clock.monotonic(), wall: ports.clock.wall(), ids: ports.ids, event };
  }

  function commit(batch: Uncommitted): boolean {
    try {
      if (batch.records.length > 0) journal.append(batch.records);
    } catch (error) {
      uncommitted = batch;
      ports.audience.stalled(codeOf(error), batch.records.length);
      retry.set(ports.clock.monotonic() + limits.commitRetryMs);
      return false;
    }
    uncommitted = null;
    seq += batch.records.length;
    for (const effect of batch.effects) ports.world.perform(effect);
    if (batch.records.length > 0) ports.audience.committed(state, batch.records);
    return true;
  }

  function armWake(): void {
    const at = nextWake(state);
    if (Number.isFinite(at)) wake.set(at);
    else if (at === Number.NEGATIVE_INFINITY) wake.set(ports.clock.monotonic());
    else wake.clear();
  }

  return {
    offer,
    state,
    isStalled: () => uncommitted !== null,
    isSettled: () => events.length === 0 && uncommitted === null,
    end() {
      hasEnded = true;
      wake.clear();
      retry.clear();
    },
  };
}

/** What no disk and no patience can mend: a broken promise of the program itself. */
const ownFaults = /^SQLITE_(?:CONSTRAINT|ERROR|MISMATCH|MISUSE|RANGE)/;

/** SQLite's name for what went wrong. @throws what is the program's own fault: it is not tried again */
function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (typeof code === 'string' && !ownFaults.test(code)) return code;
  throw error;
}
