import type { HookEnd, RouteName, RouteSettings } from '@sluice/core/model';
import { clean, hookEndText } from '@sluice/words';
import { limits } from '../limits.ts';
import type { Timer } from '../ports.ts';
import { probeCommand } from './command.ts';
import { type EndedRun, type HookDependencies, HookSeat } from './one-at-a-time.ts';

/** The parts of the agent that the `before_probe` command of one route uses, and its settings. */
export interface PrepareHookDependencies extends HookDependencies {
  readonly route: Pick<RouteSettings, 'name' | 'destination' | 'beforeProbe'>;
  readonly makeTimer: (fire: () => void) => Timer;
  /** The command has ended, or cannot be run now. */
  readonly prepared: (route: RouteName) => void;
}

/**
 * Runs `before_probe` for one route. While every run ends in the same way, its end is recorded only every ten minutes. A command
 * that does not end soon is in the log before it has ended.
 */
export class PrepareHook {
  readonly #dependencies: PrepareHookDependencies;
  readonly #seat: HookSeat;
  readonly #slow: Timer;
  #running: { readonly program: string; readonly isAwaited: boolean } | null = null;
  #slowSaidAt = Number.NEGATIVE_INFINITY;
  #recorded: { readonly end: string; readonly at: number } | null = null;

  constructor(dependencies: PrepareHookDependencies) {
    this.#dependencies = dependencies;
    this.#seat = new HookSeat(
      { hook: 'before_probe', route: dependencies.route.name },
      { ...dependencies, record: (run) => this.#record(run) },
    );
    this.#slow = dependencies.makeTimer(() => this.#saySlow());
  }

  /** Runs the command once. `prepared` is called in any case. @param isAwaited whether the first probe waits until it has ended */
  run(isAwaited: boolean): void {
    const { clock, prepared, route } = this.#dependencies;
    const { beforeProbe, destination, name } = route;
    const at = new Date(clock.wall()).toISOString();
    const command = probeCommand(beforeProbe, { event: 'before_probe', route: name, destination, at });
    if (command === null || !this.#seat.isFree()) return prepared(name);
    this.#running = { program: clean(command.program), isAwaited };
    this.#slow.set(clock.monotonic() + limits.hookSlowMs);
    this.#seat.run(command, [{ route: name, calls: 1 }], () => {
      this.#slow.clear();
      prepared(name);
    });
  }

  /** Ends the running process. */
  end(): void {
    this.#slow.clear();
    this.#seat.end();
  }

  #saySlow(): void {
    const { clock, log } = this.#dependencies;
    const now = clock.monotonic();
    if (this.#running === null || now - this.#slowSaidAt < limits.hookAgainMs) return;
    this.#slowSaidAt = now;
    const { program, isAwaited } = this.#running;
    const then = isAwaited
      ? 'the first probe of the destination waits until it ends'
      : 'the destination is probed without waiting for it any longer';
    const text = `before_probe: ${program} has run for ${limits.hookSlowMs / 1_000} s; ${then}. Sluice ends it after ${limits.hookDeadlineMs / 1_000} s`;
    log('warn', text);
  }

  #record(run: EndedRun): void {
    const { clock, log, record } = this.#dependencies;
    const [now, end] = [clock.monotonic(), outcomeOf(run.end)];
    if (this.#recorded?.end === end && now - this.#recorded.at < limits.hookAgainMs) {
      log('debug', hookEndText({ ...run, calls: 1 }));
      return;
    }
    this.#recorded = { end, at: now };
    record(run);
  }
}

function outcomeOf(end: HookEnd): string {
  return end.kind === 'ended' ? `ended ${end.code}` : end.kind;
}
