import type { Config } from '@sluice/config';
import type { AgentCondition, Condition, Effect, JournalRecord } from '@sluice/core';
import type { RouteName, RouteSettings } from '@sluice/core/model';
import { conditionKinds, conditionText, hookEndText } from '@sluice/words';
import { limits } from '../limits.ts';
import type { Log } from '../log/log.ts';
import type { Offer, Timer } from '../ports.ts';
import { PrepareHook } from './before-probe.ts';
import { AttentionHook } from './on-attention.ts';
import { DoneHook } from './on-done.ts';
import type { EndedRun, HookDependencies } from './one-at-a-time.ts';

/** The parts of the agent that hooks use, and its configuration. */
export interface HooksDependencies extends Pick<HookDependencies, 'start' | 'hangs' | 'clock'> {
  /** Returns the configuration in force. */
  readonly config: () => Pick<Config, 'agent' | 'routes'>;
  readonly makeTimer: (fire: () => void) => Timer;
  readonly log: Log;
  readonly offer: Offer;
  /** Records an event that has no effects. It works also while the agent ends. */
  readonly record: Offer;
  readonly isStalled: () => boolean;
}

/** The commands of the operator. No other work waits for them, with one exception: the probe after `before_probe`. */
export class Hooks {
  readonly #dependencies: HooksDependencies;
  readonly #attention: AttentionHook;
  readonly #done: DoneHook;
  readonly #shared: HookDependencies & Pick<HooksDependencies, 'makeTimer'>;
  /** The `before_probe` hooks by route, created at its first probe. */
  readonly #prepare = new Map<RouteName, PrepareHook>();
  /** Called when no process runs and no call waits any more. */
  #onIdle: (() => void) | null = null;
  #hasEnded = false;

  constructor(dependencies: HooksDependencies) {
    const { clock, config, hangs, log, makeTimer, start } = dependencies;
    const shared = {
      start,
      hangs,
      clock,
      makeTimer,
      log: (level: 'debug' | 'warn', text: string) => log[level](text),
      record: (run: EndedRun) => this.#record(run),
    };
    this.#dependencies = dependencies;
    this.#shared = shared;
    this.#attention = new AttentionHook({
      ...shared,
      get words() {
        return config().agent.onAttention;
      },
      get routes() {
        return config().routes.map(({ name }) => name);
      },
    });
    this.#done = new DoneHook({
      ...shared,
      get words() {
        return config().agent.onDone;
      },
    });
  }

  /** Performs an effect of core. */
  perform(effect: Extract<Effect, { kind: 'attention' | 'attention_over' | 'prepare' }>): void {
    const { route } = effect;
    switch (effect.kind) {
      case 'prepare': {
        const hook = this.#prepareOf(route);
        // Core waits for the answer before it probes the destination.
        return hook === undefined ? this.#dependencies.offer({ kind: 'prepared', route }) : hook.run(effect.isAwaited);
      }
      case 'attention':
        this.#logCondition(route, effect.condition);
        return this.#attention.begin({ route, kind: conditionKinds[effect.name] }, effect.condition);
      case 'attention_over':
        return this.#attention.over({ route, kind: conditionKinds[effect.name] }, effect.forMs);
    }
  }

  /** Returns the `before_probe` hook of a route. The destination of a removed route may still be probed for its last copies. */
  #prepareOf(name: RouteName): PrepareHook | undefined {
    const known = this.#prepare.get(name);
    const { config, log, offer } = this.#dependencies;
    const first = config().routes.find((route) => route.name === name);
    if (known !== undefined || first === undefined) return known;
    const settings = (): RouteSettings => config().routes.find((route) => route.name === name) ?? first;
    const hook = new PrepareHook({
      ...this.#shared,
      log: (level, text) => log.forRoute(name)[level](text),
      get route() {
        return settings();
      },
      prepared: (route) => offer({ kind: 'prepared', route }),
    });
    this.#prepare.set(name, hook);
    return hook;
  }

  /** Reports that a condition of the agent itself began. */
  begin(condition: AgentCondition): void {
    this.#attention.begin({ route: null, kind: condition.kind }, condition);
  }

  /** Reports that it ended. @param forMs how long it lasted, milliseconds */
  over(kind: AgentCondition['kind'], forMs: number): void {
    this.#attention.over({ route: null, kind }, forMs);
  }

  /** Queues the files that these records finished. @param view returns a file as its command gets it */
  committed(records: readonly JournalRecord[], view: Parameters<DoneHook['committed']>[1]): void {
    this.#done.committed(records, view);
  }

  /** Accepts no more calls. Gives running processes and waiting calls a short time to finish, then ends them. */
  async end(): Promise<void> {
    for (const hook of this.#prepare.values()) hook.end();
    this.#attention.finish();
    this.#done.finish();
    if (!this.#isIdle()) await this.#untilIdle();
    this.#hasEnded = true;
  }

  async #untilIdle(): Promise<void> {
    const { clock, makeTimer } = this.#dependencies;
    const idle = Promise.withResolvers<void>();
    this.#onIdle = idle.resolve;
    const deadline = makeTimer(() => {
      this.#attention.end();
      this.#done.end();
      // The processes die at once, unless they hang in a system call.
      makeTimer(idle.resolve).set(clock.monotonic() + limits.hookLastMs);
    });
    deadline.set(clock.monotonic() + limits.hookEndMs);
    await idle.promise;
    deadline.clear();
  }

  #isIdle(): boolean {
    return this.#attention.isIdle() && this.#done.isIdle();
  }

  /** Logs a file that needs a person as a warning. Conditions of a route, lost files and failures are in the log already. */
  #logCondition(route: RouteName, condition: Condition): void {
    const isNews = condition.kind === 'file_stuck' || condition.kind === 'name_invalid';
    this.#dependencies.log.forRoute(route)[isNews ? 'warn' : 'debug'](conditionText(condition));
  }

  /** Records how a hook ended; the log prints the record. While the journal cannot be written, the end is logged directly. */
  #record({ routes, ...run }: EndedRun): void {
    // A process that could not be killed may end so late that the journal is closed already.
    if (this.#hasEnded) return;
    const { isStalled, log, record } = this.#dependencies;
    if (isStalled() || routes.length === 0) log.warn(hookEndText({ ...run, calls: routes[0]?.calls ?? 1 }));
    record({ kind: 'hook_ended', ...run, routes });
    // The hook starts its next process first, if a call waits.
    queueMicrotask(() => {
      if (this.#isIdle()) this.#onIdle?.();
    });
  }
}
