import type { RunningBeforeProbe } from '@sluice/core';
import { type HookEnd, type HookName, unreachable } from '@sluice/core/model';
import { duration } from '../figures/duration.ts';
import { limits } from '../limits.ts';

/** A command of the operator that ended, as the journal records it. */
export interface EndedHook {
  readonly hook: HookName;
  readonly program: string;
  /** Number of conditions, finished files or probes that it was run for. */
  readonly calls: number;
  readonly end: HookEnd;
}

/** Returns whether the command succeeded, by its exit code. */
export function hookSucceeded({ end }: Pick<EndedHook, 'end'>): boolean {
  return end.kind === 'ended' && end.code === 0;
}

/** Returns how a hook ended: `on_done: /usr/local/bin/index ended with exit code 0, for 12 files`. */
export function hookEndText({ hook, program, calls, end }: EndedHook): string {
  return `${hook}: ${program} ${endText(hook, end)}${callsText(hook, calls)}`;
}

function endText(hook: HookName, end: HookEnd): string {
  switch (end.kind) {
    case 'ended':
      return `ended with exit code ${end.code}${saidText(end.diagnosis)}`;
    case 'killed':
      return `was ended by ${end.signal}${saidText(end.diagnosis)}`;
    case 'overdue':
      return `ran too long, so Sluice ended it and everything it had started, after ${end.afterMs / 1000} s${saidText(end.diagnosis)}`;
    case 'not_started':
      return `cannot be run: ${end.why}; check ${hook} in sluice.toml`;
    default:
      return unreachable(end);
  }
}

const callWords: Readonly<Record<HookName, (calls: number) => string>> = {
  on_attention: (calls) => `, for ${calls === 1 ? '1 message' : `${calls} messages`}`,
  on_done: (calls) => `, for ${calls === 1 ? '1 file' : `${calls} files`}`,
  before_probe: () => '',
};

function callsText(hook: HookName, calls: number): string {
  return callWords[hook](calls);
}

function saidText(diagnosis: string): string {
  const said = diagnosis.trim().split('\n').slice(-limits.hookLines).join(' | ');
  return said === '' ? '' : ` (${said})`;
}

/**
 * Returns that the command `before_probe` runs, and whether the first probe waits for it:
 * `waits for before_probe for 12 s (/usr/local/bin/mount-nas)`. Null: it does not run, or it was only just started.
 *
 * @param wall milliseconds since the epoch
 */
export function beforeProbeText(running: RunningBeforeProbe | undefined | null, wall: number): string | null {
  if (running === undefined || running === null) return null;
  const { program, since, isAwaited } = running;
  const forMs = wall - Date.parse(since);
  if (forMs < limits.beforeProbeShownMs) return null;
  return isAwaited
    ? `waits for before_probe for ${duration(forMs)} (${program})`
    : `before_probe has run for ${duration(forMs)} (${program})`;
}
