import type { CoreState, Effect, Event, JournalRecord } from '@sluice/core';
import type { JournalUnusable } from '@sluice/persistence';

/** Monotonic and wall time, milliseconds. */
export interface Clock {
  /** Measures deadlines for the silence of others. It may stand still while the agent does not run. */
  monotonic(): number;
  wall(): number;
}

/** The source of new ids. It is injected, so that a simulation can count instead of drawing random numbers. */
export interface IdSource {
  /** @returns a UUIDv4 in lower case that was never returned before. */
  fresh(): string;
}

/** Fires once at a monotonic moment. Setting it again replaces the earlier moment. */
export interface Timer {
  set(at: number): void;
  clear(): void;
}

/** Performs effects outside core. Answers come back as events. */
export interface Performer {
  perform(effect: Effect): void;
}

/** Receives committed records. */
export interface Audience {
  committed(state: CoreState, records: readonly JournalRecord[]): void;
  /** The journal refuses records; no effect runs until it accepts them. Called once per stall. */
  stalled(code: string, pendingRecords: number): void;
  /** The journal accepts the refused records. */
  resumed(records: number): void;
}

/** The parts of the loop. The simulator passes fakes. */
export interface LoopPorts {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly performer: Performer;
  readonly audience: Audience;
  /** The journal cannot be read, or is damaged, and this loop has ended. */
  readonly unusable: (why: JournalUnusable) => void;
  /** Runs `work` soon, after events that are already queued. */
  readonly defer: (work: () => void) => void;
  readonly makeTimer: (fire: () => void) => Timer;
}

/** Passes an event to core. */
export type Offer = (event: Event) => void;
