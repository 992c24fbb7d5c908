import type { Child } from '@sluice/child';
import type { Event } from '@sluice/core';
import type { RouteSettings } from '@sluice/core/model';
import { mountIdOfPath, type ProcessIdentity } from '@sluice/platform';

/** What every crew of a route is created with. */
export interface CrewSetting {
  readonly route: RouteSettings;
  readonly agentId: string;
  readonly offer: (event: Event) => void;
  /** Runs `work` after a delay. @returns a function that cancels it */
  readonly after: (delayMs: number, work: () => void) => () => void;
  readonly monotonic: () => number;
  /** Returns the known UUIDs of the destinations of all routes. */
  readonly ownMarkers: () => readonly string[];
  /** Records every child's start and end, so that a later run can end what is left of this one. */
  readonly register: ChildRegister;
  readonly log: (level: 'debug' | 'info' | 'warn' | 'error', text: string) => void;
}

/** Keeps the list of running children, which survives a crash of the agent. */
export interface ChildRegister {
  born(kind: string, child: { readonly identity: ProcessIdentity | null }): void;
  gone(pid: number): void;
}

/** The children of one kind that serve one route. */
export interface Crew {
  /** Other settings are in force, with the same source and destination. */
  configure(route: RouteSettings): void;
  end(): void;
}

/** Names of the kinds of children in log lines. */
const names = { intake: 'scan', prober: 'probe', carrier: 'copy', remover: 'removal' } as const;

/** The log line of a child that ended by itself. */
export function endText(kind: keyof typeof names, end: { code: number | null; signal: string | null; diagnosis: string }): string {
  const said = end.diagnosis.trim().split('\n').slice(-6).join(' | ');
  const how = end.signal === null && end.code === null ? 'could not be started' : `ended (${end.signal ?? `exit ${end.code}`})`;
  return `the ${names[kind]} process ${how}${said === '' ? '' : `: ${said}`}`;
}

/**
 * Returns whether a process has sent nothing for so long that it is stuck: even its heartbeat has stopped.
 *
 * @param at time of the waking clock, like `lastHeardAt`
 */
export function isMute(child: Pick<Child<unknown>, 'lastHeardAt'>, at: number, limitMs: number): boolean {
  return at - child.lastHeardAt() >= limitMs;
}

/** Returns what a child works on: the path and the mount on which it is now. This does not access the storage. */
export function targetOf(path: string): string {
  return `${path}#${mountIdOfPath(path) ?? 'none'}`;
}
