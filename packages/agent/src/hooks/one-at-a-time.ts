import type { HookEnd, HookName, RouteName } from '@sluice/core/model';
import { clean } from '@sluice/words';
import type { Clock } from '../ports.ts';
import type { HookCommand } from './command.ts';
import type { RunningHook, StartHook } from './run.ts';
import type { HookOwner } from './tracking.ts';

/** A hook that ended, for the journal. */
export interface EndedRun {
  readonly hook: HookName;
  readonly program: string;
  readonly tookMs: number;
  readonly end: HookEnd;
  /** The routes of the run, each with the number of calls that it was for. */
  readonly routes: readonly { readonly route: RouteName; readonly calls: number }[];
}

/** Adds up the calls of each route. */
export function callsByRoute(calls: Iterable<readonly [RouteName, number]>): EndedRun['routes'] {
  const sums = new Map<RouteName, number>();
  for (const [route, count] of calls) sums.set(route, (sums.get(route) ?? 0) + count);
  return [...sums].map(([route, sum]) => ({ route, calls: sum }));
}

/** The parts of the agent that every hook uses. */
export interface HookDependencies {
  readonly start: StartHook;
  /** Returns whether a process of this hook hangs that an earlier life of the agent started. */
  readonly hangs: (owner: HookOwner) => boolean;
  readonly clock: Clock;
  readonly log: (level: 'debug' | 'warn', text: string) => void;
  /** Records how a hook ended. */
  readonly record: (run: EndedRun) => void;
}

/** Runs the processes of one hook, one at a time. */
export class HookSeat {
  readonly #dependencies: HookDependencies;
  readonly #owner: HookOwner;
  #running: RunningHook | null = null;
  /** The last process. It may still exist after it was killed, if it hangs in a system call. */
  #last: RunningHook | null = null;
  #isHangReported = false;

  constructor(owner: HookOwner, dependencies: HookDependencies) {
    this.#owner = owner;
    this.#dependencies = dependencies;
  }

  isRunning(): boolean {
    return this.#running !== null;
  }

  /** Returns whether a process may be started. It may not while an earlier one runs, or was killed and has not ended. */
  isFree(): boolean {
    if (this.#running !== null || this.#last?.isEndingRest() === true) return false;
    const isGone = (this.#last?.hasGone() ?? true) && !this.#dependencies.hangs(this.#owner);
    if (!isGone && !this.#isHangReported) {
      this.#dependencies.log(
        'warn',
        `${this.#owner.hook}: an earlier process was killed and has not ended: no other is started until it has`,
      );
    }
    this.#isHangReported = !isGone;
    return isGone;
  }

  /** Starts a process. Call it only if `isFree`. @param onEnd called after its end was recorded */
  run(command: HookCommand, routes: EndedRun['routes'], onEnd: (end: HookEnd) => void): void {
    const { clock, record, start } = this.#dependencies;
    const startedAt = clock.monotonic();
    this.#running = start(this.#owner, command, (end) => {
      this.#running = null;
      const tookMs = end.kind === 'not_started' ? 0 : Math.round(clock.monotonic() - startedAt);
      record({ hook: this.#owner.hook, program: clean(command.program), tookMs, end: cleaned(end), routes });
      onEnd(end);
    });
    this.#last = this.#running;
  }

  /** Ends the running process. */
  end(): void {
    this.#running?.end();
  }
}

function cleaned(end: HookEnd): HookEnd {
  switch (end.kind) {
    case 'not_started':
      return { ...end, why: clean(end.why) };
    case 'ended':
    case 'killed':
    case 'overdue':
      return { ...end, diagnosis: end.diagnosis.trim().split('\n').map(clean).join('\n') };
  }
}
