import type { HookEnd, RouteName, RouteSettings } from '@sluice/core/model';
import { hookEndText } from '@sluice/words';
import { limits } from '../limits.ts';
import { probeCommand } from './command.ts';
import { type EndedRun, type HookDependencies, HookSeat } from './one-at-a-time.ts';

/** The parts of the agent that the `before_probe` command of one route uses, and its settings. */
export interface PrepareHookDependencies extends HookDependencies {
  readonly route: Pick<RouteSettings, 'name' | 'destination' | 'beforeProbe'>;
  /** The command has ended, or cannot be run now. */
  readonly prepared: (route: RouteName) => void;
}

/** Runs `before_probe` for one route. While every run ends in the same way, its end is recorded only every ten minutes. */
export class PrepareHook {
  readonly #dependencies: PrepareHookDependencies;
  readonly #seat: HookSeat;
  #recorded: { readonly end: string; readonly at: number } | null = null;

  constructor(dependencies: PrepareHookDependencies) {
    this.#dependencies = dependencies;
    this.#seat = new HookSeat('before_probe', { ...dependencies, record: (run) => this.#record(run) });
  }

  /** Runs the command once. `prepared` is called in any case. */
  run(): void {
    const { clock, prepared, route } = this.#dependencies;
    const { beforeProbe, destination, name } = route;
    const at = new Date(clock.wall()).toISOString();
    const command = probeCommand(beforeProbe, { event: 'before_probe', route: name, destination, at });
    if (command === null || !this.#seat.isFree()) return prepared(name);
    this.#seat.run(command, [{ route: name, calls: 1 }], () => prepared(name));
  }

  /** Ends the running process. */
  end(): void {
    this.#seat.end();
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
