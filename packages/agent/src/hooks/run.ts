import { type ChildProcess, spawn } from 'node:child_process';
import process from 'node:process';
import { wakingClock } from '@sluice/platform';
import { limits } from '../limits.ts';
import type { HookCommand } from './command.ts';

/** How a hook ended. */
export type HookEnd =
  | { readonly kind: 'ended'; readonly code: number; readonly diagnosis: string }
  | { readonly kind: 'killed'; readonly signal: string; readonly diagnosis: string }
  /** It ran too long. */
  | { readonly kind: 'overdue' }
  | { readonly kind: 'not_started'; readonly why: string };

/** A hook that runs. */
export interface RunningHook {
  /** Ends it and everything it started. `onEnd` follows. */
  end(): void;
}

/** Starts a hook. @param onEnd called once, when it is over */
export type StartHook = (command: HookCommand, onEnd: (end: HookEnd) => void) => RunningHook;

/**
 * Runs a hook in its own process group. When the hook ends, and at the latest after a deadline, everything in the group
 * is ended: nothing that an attack or an accident makes the hook start outlives it.
 *
 * @param deadlineMs milliseconds
 */
export function startHook(command: HookCommand, onEnd: (end: HookEnd) => void, deadlineMs: number = limits.hookDeadlineMs): RunningHook {
  const child = spawnHook(command);
  if (child instanceof Error) {
    setImmediate(() => onEnd({ kind: 'not_started', why: child.message }));
    return { end() {} };
  }
  let said = '';
  let isOverdue = false;
  let isOver = false;
  const finish = (end: HookEnd): void => {
    if (isOver) return;
    isOver = true;
    callOff();
    endGroup(child);
    child.stderr?.destroy();
    onEnd(isOverdue ? { kind: 'overdue' } : end);
  };
  const end = (): void => {
    isOverdue = true;
    endGroup(child);
  };
  const callOff = wakingClock.after(deadlineMs, end);
  child.on('error', (error) => finish({ kind: 'not_started', why: error.message }));
  child.on('exit', (code, signal) => {
    if (code === null) finish({ kind: 'killed', signal: signal ?? 'unknown', diagnosis: said });
    else finish({ kind: 'ended', code, diagnosis: said });
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-limits.hookDiagnosisLength);
  });
  child.stderr?.on('error', () => {});
  // It need not read what it gets.
  child.stdin?.on('error', () => {});
  child.stdin?.end(command.input);
  return { end };
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
