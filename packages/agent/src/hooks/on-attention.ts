import type { AnyCondition } from '@sluice/words';
import { limits } from '../limits.ts';
import type { Timer } from '../ports.ts';
import { hookCommand } from './command.ts';
import { callsByRoute, type EndedRun, type HookDependencies, HookSeat } from './one-at-a-time.ts';
import { type Call, PendingCalls } from './pending.ts';

/** The parts of the agent that `on_attention` uses, and its settings. */
export interface AttentionHookDependencies extends HookDependencies {
  /** The program and its arguments, as in the configuration. Empty: no command is set. */
  readonly words: readonly string[];
  /** The configured routes. A run for the agent itself is recorded with the first one. */
  readonly routes: readonly EndedRun['routes'][number]['route'][];
  readonly makeTimer: (fire: () => void) => Timer;
}

/**
 * Runs the operator's `on_attention` command: one process at a time, and with a pause between two starts. Conditions that begin
 * or end meanwhile are collected and reported by the next run. However many files need a person, one process runs.
 */
export class AttentionHook {
  readonly #dependencies: AttentionHookDependencies;
  readonly #seat: HookSeat;
  readonly #pause: Timer;
  readonly #pending = new PendingCalls();
  #nextStartAt = Number.NEGATIVE_INFINITY;
  #isEnding = false;

  constructor(dependencies: AttentionHookDependencies) {
    this.#dependencies = dependencies;
    this.#seat = new HookSeat({ hook: 'on_attention', route: null }, dependencies);
    this.#pause = dependencies.makeTimer(() => this.#startNext());
  }

  /** Reports that a condition began. */
  begin(call: Call, condition: AnyCondition): void {
    if (!this.#isInUse()) return;
    const isFirst = this.#pending.isEmpty();
    this.#pending.begin(call, condition, this.#now());
    if (isFirst) this.#arrange();
  }

  /** Reports that a condition ended. @param forMs how long it lasted, milliseconds */
  over(call: Call, forMs: number): void {
    if (!this.#isInUse()) return;
    const isFirst = this.#pending.isEmpty();
    this.#pending.over(call, forMs, this.#now());
    if (isFirst) this.#arrange();
  }

  /** Returns whether no process runs and no call waits. */
  isIdle(): boolean {
    return this.#pending.isEmpty() && !this.#seat.isRunning();
  }

  /** Accepts no more calls, and runs the command at once for those that wait. */
  finish(): void {
    this.#isEnding = true;
    this.#pause.clear();
    this.#startNext();
  }

  /** Ends the running process and drops the calls that wait. */
  end(): void {
    this.#pause.clear();
    if (!this.#pending.isEmpty()) this.#pending.take();
    this.#seat.end();
  }

  #isInUse(): boolean {
    return this.#dependencies.words.length > 0 && !this.#isEnding;
  }

  #now(): string {
    return new Date(this.#dependencies.clock.wall()).toISOString();
  }

  /** Waits a moment, so that conditions that begin together are reported by one run. */
  #arrange(): void {
    if (this.#seat.isRunning()) return;
    const soon = this.#dependencies.clock.monotonic() + limits.hookGatherMs;
    this.#nextStartAt = Math.max(this.#nextStartAt, soon);
    this.#pause.set(this.#nextStartAt);
  }

  #startNext(): void {
    if (this.#pending.isEmpty() || this.#seat.isRunning()) return;
    const { clock, words } = this.#dependencies;
    const now = clock.monotonic();
    if (!this.#isEnding && (now < this.#nextStartAt || !this.#seat.isFree())) {
      this.#nextStartAt = Math.max(this.#nextStartAt, now + limits.hookGatherMs);
      this.#pause.set(this.#nextStartAt);
      return;
    }
    if (!this.#seat.isFree()) return this.end();
    this.#nextStartAt = now + limits.hookEveryMs;
    const values = this.#pending.take();
    const command = hookCommand(words, values);
    if (command !== null) this.#seat.run(command, this.#routesOf(values.conditions), () => this.#startNext());
  }

  #routesOf(conditions: readonly { readonly route: string | null; readonly count: number }[]): EndedRun['routes'] {
    const { routes } = this.#dependencies;
    return callsByRoute(
      conditions.flatMap(({ route: name, count }) => {
        const route = routes.find((each) => each === name) ?? routes[0];
        return route === undefined ? [] : [[route, count] as const];
      }),
    );
  }
}
