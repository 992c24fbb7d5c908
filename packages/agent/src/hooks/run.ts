import { type ChildProcess, spawn } from 'node:child_process';
import process from 'node:process';
import type { HookEnd } from '@sluice/core/model';
import { wakingClock } from '@sluice/platform';
import { limits } from '../limits.ts';
import type { HookCommand } from './command.ts';

/** A hook that runs. */
export interface RunningHook {
  /** Ends it and everything it started. `onEnd` follows. */
  end(): void;
  /** Whether its process has ended. One that hangs in a call of the system outlives its end. */
  hasGone(): boolean;
}

/** Starts a hook. @param onEnd called once, when it is over, or when it does not end although it was killed */
export type StartHook = (command: HookCommand, onEnd: (end: HookEnd) => void) => RunningHook;

/** How long a hook may run, and how long its process may take to end after that. Milliseconds. */
interface HookDeadlines {
  readonly deadlineMs: number;
  readonly killMs: number;
}

const usual: HookDeadlines = { deadlineMs: limits.hookDeadlineMs, killMs: limits.hookKillMs };

/**
 * Runs a hook in its own process group. When the hook ends, and at the latest after a deadline, everything in the group
 * is ended: nothing that an attack or an accident makes the hook start outlives it.
 */
export function startHook(command: HookCommand, onEnd: (end: HookEnd) => void, deadlines: HookDeadlines = usual): RunningHook {
  const child = spawnHook(command);
  if (child instanceof Error) {
    setImmediate(() => onEnd({ kind: 'not_started', why: child.message }));
    return { end() {}, hasGone: () => true };
  }
  return new HookProcess(child, command.input, onEnd, deadlines);
}

class HookProcess implements RunningHook {
  readonly #child: ChildProcess;
  readonly #onEnd: (end: HookEnd) => void;
  readonly #deadlines: HookDeadlines;
  readonly #startedAt = wakingClock.now();
  #said = '';
  #hasGone = false;
  #isOver = false;
  /** How long it had run when it was ended; null: it was not. */
  #endedAfterMs: number | null = null;
  #callOff: () => void;

  constructor(child: ChildProcess, input: string, onEnd: (end: HookEnd) => void, deadlines: HookDeadlines) {
    this.#child = child;
    this.#onEnd = onEnd;
    this.#deadlines = deadlines;
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
    // It need not read what it gets.
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  }

  end(): void {
    if (this.#isOver || this.#endedAfterMs !== null) return;
    this.#endedAfterMs = wakingClock.now() - this.#startedAt;
    this.#callOff();
    endGroup(this.#child);
    // A process in a call that never returns cannot be killed: nothing waits for it.
    this.#callOff = wakingClock.after(this.#deadlines.killMs, () => this.#finish({ kind: 'overdue', afterMs: 0, diagnosis: this.#said }));
  }

  hasGone(): boolean {
    return this.#hasGone;
  }

  #gone(end: HookEnd): void {
    this.#hasGone = true;
    this.#finish(end);
  }

  #finish(end: HookEnd): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#callOff();
    endGroup(this.#child);
    this.#child.stdin?.destroy();
    this.#child.stderr?.destroy();
    // Otherwise a process that cannot be killed would keep the agent from ending.
    this.#child.unref();
    const afterMs = this.#endedAfterMs;
    this.#onEnd(afterMs === null ? end : { kind: 'overdue', afterMs: Math.round(afterMs), diagnosis: this.#said });
  }
}

function spawnHook({ program, args, env }: HookCommand): ChildProcess | Error {
  try {
    return spawn(program, args, {
      stdio: ['pipe', 'ignore', 'pipe'],
      detached: process.platform !== 'win32',
      windowsHide: true,
      env: { ...process.env, ...env },
    });
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** While the leader is not collected, or one member lives, the system gives the number of the group to nobody else. */
function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  if (process.platform === 'win32') {
    if (child.exitCode === null)
      spawn('taskkill', ['/pid', String(child.pid), '/t', '/f'], { stdio: 'ignore' }).on('error', () => child.kill());
    return;
  }
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Nobody is left in it.
  }
}
