import type { AnyCondition } from '@sluice/words';
import { limits } from '../limits.ts';
import type { Timer } from '../ports.ts';
import { hookCommand } from './command.ts';
import { type Call, PendingCalls } from './pending.ts';
import { type EndedRun, type HookDependencies, HookSeat } from './seat.ts';

/** What the hook for attention needs. */
export interface AttentionHookDependencies extends HookDependencies {
  /** The program and its arguments, as the configuration has them; empty: none. */
  readonly words: readonly string[];
  /** The routes that are configured. What concerns the agent itself is recorded with the first. */
  readonly routes: readonly EndedRun['routes'][number]['route'][];
  readonly makeTimer: (fire: () => void) => Timer;
}

/**
 * Runs the operator's `on_attention` command: one at a time, and with a pause between two starts. What comes meanwhile waits and is
 * one call. However many files need a person, one process runs.
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
    this.#seat = new HookSeat('on_attention', dependencies);
    this.#pause = dependencies.makeTimer(() => this.#startNext());
  }

  /** Something needs a person. */
  begin(call: Call, condition: AnyCondition): void {
    if (!this.#isInUse()) return;
    const isFirst = this.#pending.isEmpty();
    this.#pending.begin(call, condition, this.#now());
    if (isFirst) this.#arrange();
  }

  /** What needed a person is over. @param forMs how long it lasted, milliseconds */
  over(call: Call, forMs: number): void {
    if (!this.#isInUse()) return;
    const isFirst = this.#pending.isEmpty();
    this.#pending.over(call, forMs, this.#now());
    if (isFirst) this.#arrange();
  }

  /** Whether nothing runs and nothing waits. */
  isIdle(): boolean {
    return this.#pending.isEmpty() && !this.#seat.isRunning();
  }

  /** Takes no more calls, and runs what waits at once. */
  finish(): void {
    this.#isEnding = true;
    this.#pause.clear();
    this.#startNext();
  }

  /** Ends what runs and forgets what waits. */
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

  /** What begins at the same moment is one call. */
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
    const calls = new Map<EndedRun['routes'][number]['route'], number>();
    for (const { route: name, count } of conditions) {
      const route = routes.find((each) => each === name) ?? routes[0];
      if (route !== undefined) calls.set(route, (calls.get(route) ?? 0) + count);
    }
    return [...calls].map(([route, count]) => ({ route, calls: count }));
  }
}
