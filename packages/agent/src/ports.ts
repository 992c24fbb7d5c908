import type { CoreState, Effect, Event, JournalRecord } from '@sluice/core';
import type { IdSource } from '@sluice/core/model';
import type { JournalUnusable } from '@sluice/persistence';

/** Monotonic and wall time, milliseconds. */
export interface Clock {
  /** Deadlines for the silence of others are measured with it. It may stand still while the agent does not run. */
  monotonic(): number;
  wall(): number;
}

/** Fires once at a monotonic moment; setting it again replaces the earlier one. */
export interface Timer {
  set(at: number): void;
  clear(): void;
}

/** Everything outside core that can be asked to do something. Answers come back as events. */
export interface Performer {
  perform(effect: Effect): void;
}

/** Those who want to know what was committed. */
export interface Audience {
  committed(state: CoreState, records: readonly JournalRecord[]): void;
  /** The journal refuses what happened; nothing is done until it accepts it. Called once, until it has. */
  stalled(code: string, pendingRecords: number): void;
  /** It accepts again what it refused. */
  resumed(records: number): void;
}

/** What the loop is made of; the simulator hands over fakes. */
export interface LoopPorts {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly performer: Performer;
  readonly audience: Audience;
  /** The journal cannot be read, or has damage, in the middle of an event: this loop has ended. */
  readonly unusable: (why: JournalUnusable) => void;
  /** Runs `work` soon, after what is already on its way. */
  readonly defer: (work: () => void) => void;
  readonly makeTimer: (fire: () => void) => Timer;
}

export type Offer = (event: Event) => void;
