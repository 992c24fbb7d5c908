import { type ChildProcess, spawn } from 'node:child_process';
import process from 'node:process';
import type { HookEnd } from '@sluice/core/model';
import { wakingClock } from '@sluice/platform';
import { limits } from '../limits.ts';
import type { HookCommand } from './command.ts';
import { endGroup, type HookOwner, type Tracked } from './tracking.ts';

/** A running hook. */
export interface RunningHook {
  /** Ends the process and everything that it started. `onEnd` is called later. */
  end(): void;
  /** Returns whether what it started outside its process group is being ended. */
  isEndingRest(): boolean;
  /** Returns whether its processes have ended. A process that hangs in a system call may still exist after `onEnd`. */
  hasGone(): boolean;
}

/**
 * Starts a hook.
 * @param onEnd called once: when the process ends, or when it has not ended although it was killed
 */
export type StartHook = (owner: HookOwner, command: HookCommand, onEnd: (end: HookEnd) => void) => RunningHook;

/** How long a hook may run, and how long its process may take to end after that. Milliseconds. */
interface HookDeadlines {
  readonly deadlineMs: number;
  readonly killMs: number;
}

const usual: HookDeadlines = { deadlineMs: limits.hookDeadlineMs, killMs: limits.hookKillMs };

/**
 * Runs a hook in its own process group. When the hook ends, everything in the group is ended. After a deadline everything that it
 * started is ended, in whatever group: so no process that an attacker or a mistake starts through a hook that hangs outlives it.
 */
export function startHook(
  command: HookCommand,
  onEnd: (end: HookEnd) => void,
  { tracked, deadlines = usual }: { readonly tracked: Tracked; readonly deadlines?: HookDeadlines },
): RunningHook {
  const child = spawnHook(command, tracked.env);
  if (child instanceof Error) {
    tracked.gone();
    setImmediate(() => onEnd({ kind: 'not_started', why: child.message }));
    return { end() {}, isEndingRest: () => false, hasGone: () => true };
  }
  if (child.pid !== undefined) tracked.begun(child.pid);
  return new HookProcess(child, command.input, onEnd, { tracked, deadlines });
}

class HookProcess implements RunningHook {
  readonly #child: ChildProcess;
  readonly #onEnd: (end: HookEnd) => void;
  readonly #deadlines: HookDeadlines;
  readonly #tracked: Tracked;
  readonly #startedAt = wakingClock.now();
  #said = '';
  #hasGone = false;
  #isOver = false;
  /** How long the hook had run when the agent ended it. Null: the agent did not end it. */
  #endedAfterMs: number | null = null;
  #callOff: () => void;

  constructor(
    child: ChildProcess,
    input: string,
    onEnd: (end: HookEnd) => void,
    how: { readonly tracked: Tracked; readonly deadlines: HookDeadlines },
  ) {
    const { tracked, deadlines } = how;
    this.#child = child;
    this.#onEnd = onEnd;
    this.#deadlines = deadlines;
    this.#tracked = tracked;
    this.#callOff = wakingClock.after(deadlines.deadlineMs, () => this.end());
    child.on('error', (error) => this.#gone({ kind: 'not_started', why: error.message }));
    child.on('exit', (code, signal) => {
      if (code === null) this.#gone({ kind: 'killed', signal: signal ?? 'unknown', diagnosis: this.#said });
      else this.#gone({ kind: 'ended', code, diagnosis: this.#said });
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#said = (this.#said + text).slice(-limits.hookDiagnosisLength);
    });
    child.stderr?.on('error', () => {});
    // The hook need not read its input.
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  }

  end(): void {
    if (this.#isOver || this.#endedAfterMs !== null) return;
    this.#endedAfterMs = wakingClock.now() - this.#startedAt;
    this.#callOff();
    endHook(this.#child);
    this.#tracked.ending();
    // A process that hangs in a system call cannot be killed. After this time the agent waits no longer.
    this.#callOff = wakingClock.after(this.#deadlines.killMs, () => this.#finish({ kind: 'overdue', afterMs: 0, diagnosis: this.#said }));
  }

  isEndingRest(): boolean {
    return this.#tracked.isEnding();
  }

  hasGone(): boolean {
    return this.#hasGone && this.#tracked.hasGone();
  }

  #gone(end: HookEnd): void {
    this.#hasGone = true;
    this.#tracked.gone();
    this.#finish(end);
  }

  #finish(end: HookEnd): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#callOff();
    endHook(this.#child);
    this.#child.stdin?.destroy();
    this.#child.stderr?.destroy();
    // Otherwise a process that cannot be killed would keep the agent running.
    this.#child.unref();
    const afterMs = this.#endedAfterMs;
    this.#onEnd(afterMs === null ? end : { kind: 'overdue', afterMs: Math.round(afterMs), diagnosis: this.#said });
  }
}

function spawnHook({ program, args, env }: HookCommand, mark: Tracked['env']): ChildProcess | Error {
  try {
    return spawn(program, args, {
      stdio: ['pipe', 'ignore', 'pipe'],
      detached: process.platform !== 'win32',
      windowsHide: true,
      env: { ...process.env, ...env, ...mark },
    });
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Kills the process group. Its number is not reused while its leader is not collected or any member is alive. */
function endHook(child: ChildProcess): void {
  if (child.pid === undefined) return;
  if (process.platform === 'win32') {
    if (child.exitCode === null)
      spawn('taskkill', ['/pid', String(child.pid), '/t', '/f'], { stdio: 'ignore' }).on('error', () => child.kill());
    return;
  }
  endGroup(child.pid);
}
