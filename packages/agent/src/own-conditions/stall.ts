import type { ConditionJson } from '@sluice/control';
import { type AgentCondition, timeText } from '@sluice/core';
import { agentConditionJson, duration } from '@sluice/words';
import { limits } from '../limits.ts';
import type { Clock, Timer } from '../ports.ts';

/** How a stalled journal is reported. */
export interface StallDependencies {
  readonly clock: Clock;
  readonly makeTimer: (fire: () => void) => Timer;
  readonly log: (level: 'warn' | 'error', text: string) => void;
  /** Calls a person, once per stall. */
  readonly call: (condition: AgentCondition) => void;
  /** Reports that the condition for which a person was called has ended, and how many milliseconds it lasted. */
  readonly over: (forMs: number) => void;
  /** How long a stall lasts before that, milliseconds. */
  readonly callAfterMs: number;
}

interface Stall {
  readonly since: number;
  /** Wall clock. */
  readonly sinceWall: number;
  readonly code: string;
  readonly records: number;
  isCalled: boolean;
}

/**
 * Reports a journal that cannot be written: when it begins, every ten minutes, and when it is over. The log may be on the same
 * disk.
 */
export class StallReport {
  readonly #dependencies: StallDependencies;
  readonly #again: Timer;
  readonly #calling: Timer;
  #stall: Stall | null = null;

  constructor(dependencies: StallDependencies) {
    this.#dependencies = dependencies;
    this.#again = dependencies.makeTimer(() => this.#repeat());
    this.#calling = dependencies.makeTimer(() => this.#call());
  }

  /** @param records number of records that the journal refused */
  begin(code: string, records: number): void {
    if (this.#stall !== null) return;
    const { clock, callAfterMs, log } = this.#dependencies;
    const since = clock.monotonic();
    this.#stall = { since, sinceWall: clock.wall(), code, records, isCalled: false };
    log('error', `the journal cannot be written (${code}); ${recordsText(records)}, and no copy starts or finishes until it can`);
    this.#again.set(since + limits.stallAgainMs);
    this.#calling.set(since + callAfterMs);
  }

  /** The journal accepts the refused records. */
  over(records: number): void {
    if (this.#stall === null) return;
    const lastedMs = this.#dependencies.clock.monotonic() - this.#stall.since;
    this.#dependencies.log(
      'warn',
      `the journal can be written again, after ${duration(lastedMs)}; ${records === 1 ? '1 record that waited is' : `${records} records that waited are`} in it`,
    );
    if (this.#stall.isCalled) this.#dependencies.over(lastedMs);
    this.end();
  }

  /** Returns the condition that the stall is, for `status`. Null: the journal is not stalled. */
  view(): ConditionJson | null {
    if (this.#stall === null) return null;
    const { code, isCalled, sinceWall } = this.#stall;
    return agentConditionJson({ kind: 'journal_not_writable', forMs: 0, code }, timeText(sinceWall), isCalled);
  }

  /** Ends the reports. */
  end(): void {
    this.#stall = null;
    this.#again.clear();
    this.#calling.clear();
  }

  #repeat(): void {
    if (this.#stall === null) return;
    const { clock, log } = this.#dependencies;
    const { code, records, since } = this.#stall;
    const now = clock.monotonic();
    log('error', `the journal still cannot be written (${code}); this has lasted ${duration(now - since)}; ${recordsText(records)}`);
    this.#again.set(now + limits.stallAgainMs);
  }

  #call(): void {
    if (this.#stall === null) return;
    const { code, since } = this.#stall;
    this.#stall.isCalled = true;
    this.#dependencies.call({ kind: 'journal_not_writable', forMs: this.#dependencies.clock.monotonic() - since, code });
  }
}

function recordsText(records: number): string {
  return records === 1 ? '1 record waits' : `${records} records wait`;
}
