import type { HookEnd, HookName, RouteName } from '@sluice/core/model';
import { clean } from '@sluice/words';
import type { Clock } from '../ports.ts';
import type { HookCommand } from './command.ts';
import type { RunningHook, StartHook } from './run.ts';

/** A hook that ended, for the journal. */
export interface EndedRun {
  readonly hook: HookName;
  readonly program: string;
  readonly tookMs: number;
  readonly end: HookEnd;
  /** The routes that it was run for, and for how many calls each. */
  readonly routes: readonly { readonly route: RouteName; readonly calls: number }[];
}

/** What all hooks need. */
export interface HookDependencies {
  readonly start: StartHook;
  readonly clock: Clock;
  readonly log: (level: 'debug' | 'warn', text: string) => void;
  /** Records how a hook ended. */
  readonly record: (run: EndedRun) => void;
}

/** One hook, which runs in one process at a time. */
export class HookSeat {
  readonly #dependencies: HookDependencies;
  readonly #hook: HookName;
  #running: RunningHook | null = null;
  /** Its process may still be there: it was killed, and hangs in a call of the system. */
  #last: RunningHook | null = null;
  #isHangReported = false;

  constructor(hook: HookName, dependencies: HookDependencies) {
    this.#hook = hook;
    this.#dependencies = dependencies;
  }

  isRunning(): boolean {
    return this.#running !== null;
  }

  /** Whether a process may be started. False while an earlier one runs, or was killed and does not end. */
  isFree(): boolean {
    if (this.#running !== null) return false;
    const isGone = this.#last?.hasGone() ?? true;
    if (!isGone && !this.#isHangReported) {
      this.#dependencies.log('warn', `${this.#hook}: an earlier process was killed and has not ended: no other is started until it has`);
    }
    this.#isHangReported = !isGone;
    return isGone;
  }

  /** Starts a process. Only if the seat is free. @param onEnd called after its end was recorded */
  run(command: HookCommand, routes: EndedRun['routes'], onEnd: (end: HookEnd) => void): void {
    const { clock, record, start } = this.#dependencies;
    const startedAt = clock.monotonic();
    this.#running = start(command, (end) => {
      this.#running = null;
      const tookMs = end.kind === 'not_started' ? 0 : Math.round(clock.monotonic() - startedAt);
      record({ hook: this.#hook, program: clean(command.program), tookMs, end: cleaned(end), routes });
      onEnd(end);
    });
    this.#last = this.#running;
  }

  /** Ends what runs. */
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
