import { type RouteName, unreachable } from '@sluice/core/model';
import { clean } from '@sluice/words';
import { limits } from '../limits.ts';
import type { Clock, Timer } from '../ports.ts';
import { type HookValues, hookCommand } from './command.ts';
import type { HookEnd, RunningHook, StartHook } from './run.ts';

/** What the hook for attention needs. */
export interface AttentionHookDependencies {
  /** The program and its arguments, as the configuration has them; empty: none. */
  readonly words: readonly string[];
  readonly start: StartHook;
  readonly clock: Clock;
  readonly makeTimer: (fire: () => void) => Timer;
  readonly log: (level: 'debug' | 'warn', text: string) => void;
}

/** What waits for its turn: the newest summary, and how many it stands for. */
interface Waiting {
  readonly route: RouteName | null;
  readonly summary: string;
  readonly more: number;
  /** Wall clock, milliseconds since the epoch. */
  readonly at: number;
}

/**
 * Runs the operator's `on_attention` command: one at a time, and with a pause between two starts. What comes meanwhile
 * waits as one: the newest summary and a number. However many files need a person, one process runs.
 */
export class AttentionHook {
  readonly #dependencies: AttentionHookDependencies;
  readonly #pause: Timer;
  #waiting: Waiting | null = null;
  #running: RunningHook | null = null;
  #nextStartAt = Number.NEGATIVE_INFINITY;
  /** Called when nothing runs and nothing waits any more. */
  #onIdle: (() => void) | null = null;

  constructor(dependencies: AttentionHookDependencies) {
    this.#dependencies = dependencies;
    this.#pause = dependencies.makeTimer(() => this.#startNext());
  }

  /** @param route null: the agent itself */
  call(route: RouteName | null, summary: string): void {
    if (this.#dependencies.words.length === 0 || this.#onIdle !== null) return;
    const more = this.#waiting === null ? 0 : this.#waiting.more + 1;
    this.#waiting = { route, summary, more, at: this.#dependencies.clock.wall() };
    this.#startNext();
  }

  /** Takes no more calls. Lets what runs and what waits finish, for a moment, then ends it. */
  async end(): Promise<void> {
    this.#pause.clear();
    if (this.#running === null && this.#waiting === null) return;
    await new Promise<void>((resolve) => {
      const deadline = this.#dependencies.makeTimer(() => {
        this.#waiting = null;
        this.#running?.end();
        resolve();
      });
      deadline.set(this.#dependencies.clock.monotonic() + limits.hookEndMs);
      this.#onIdle = () => {
        deadline.clear();
        resolve();
      };
      this.#startNext();
    });
  }

  #startNext(): void {
    if (this.#running !== null || this.#waiting === null) return;
    const { clock } = this.#dependencies;
    const isEnding = this.#onIdle !== null;
    if (clock.monotonic() < this.#nextStartAt && !isEnding) {
      this.#pause.set(this.#nextStartAt);
      return;
    }
    const { route, summary, more, at } = this.#waiting;
    this.#waiting = null;
    this.#nextStartAt = clock.monotonic() + limits.hookEveryMs;
    this.#run({ event: 'attention', route, summary, more, at: new Date(at).toISOString() });
  }

  #run(values: HookValues): void {
    const command = hookCommand(this.#dependencies.words, values);
    if (command === null) return;
    this.#running = this.#dependencies.start(command, (end) => {
      this.#running = null;
      this.#logEnd(command.program, end);
      this.#startNext();
      if (this.#running === null && this.#waiting === null) this.#onIdle?.();
    });
  }

  #logEnd(program: string, end: HookEnd): void {
    const ok = end.kind === 'ended' && end.code === 0;
    this.#dependencies.log(ok ? 'debug' : 'warn', clean(`on_attention: ${program} ${endText(end)}`));
  }
}

function endText(end: HookEnd): string {
  switch (end.kind) {
    case 'ended':
      return `ended with exit code ${end.code}${saidText(end.diagnosis)}`;
    case 'killed':
      return `was ended by ${end.signal}${saidText(end.diagnosis)}`;
    case 'overdue':
      return `ran too long, so Sluice ended it and everything it had started: the limit is ${limits.hookDeadlineMs / 1000} s, and ${limits.hookEndMs / 1000} s when the agent stops`;
    case 'not_started':
      return `cannot be run: ${end.why}; check on_attention in sluice.toml`;
    default:
      return unreachable(end);
  }
}

function saidText(diagnosis: string): string {
  const said = diagnosis.trim().split('\n').slice(-3).join(' | ');
  return said === '' ? '' : `: ${said}`;
}
