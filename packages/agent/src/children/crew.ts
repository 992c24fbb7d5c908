import type { Child } from '@sluice/child';
import type { Event } from '@sluice/core';
import type { RouteSettings } from '@sluice/core/model';
import { mountIdOfPath, type ProcessIdentity } from '@sluice/platform';

/** What every crew of a route is made with. */
export interface CrewSetting {
  readonly route: RouteSettings;
  readonly agentId: string;
  readonly offer: (event: Event) => void;
  /** Runs `work` after a pause; @returns a function that calls it off */
  readonly after: (delayMs: number, work: () => void) => () => void;
  readonly monotonic: () => number;
  /** UUIDs of the destinations of all routes, as far as they are known. */
  readonly ownMarkers: () => readonly string[];
  /** Records every child's start and end, so that a later run can end what is left of this one. */
  readonly register: ChildRegister;
  readonly log: (level: 'debug' | 'info' | 'warn' | 'error', text: string) => void;
}

/** Who remembers children over a crash of the agent. */
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

/** What people read instead of the kind of a child. */
const names = { intake: 'scan', prober: 'probe', carrier: 'copy' } as const;

/** The log line of a child that ended by itself. */
export function endText(kind: keyof typeof names, end: { code: number | null; signal: string | null; diagnosis: string }): string {
  const said = end.diagnosis.trim().split('\n').slice(-6).join(' | ');
  const how = end.signal === null && end.code === null ? 'could not be started' : `ended (${end.signal ?? `exit ${end.code}`})`;
  return `the ${names[kind]} process ${how}${said === '' ? '' : `: ${said}`}`;
}

/**
 * A process that says nothing at all for so long is stuck as a whole: even its heartbeat has stopped.
 *
 * @param at on the waking clock, as `lastHeardAt` is
 */
export function isMute(child: Pick<Child<unknown>, 'lastHeardAt'>, at: number, limitMs: number): boolean {
  return at - child.lastHeardAt() >= limitMs;
}

/** What a child works on: the path and the mount it lies on now, found without touching the storage. */
export function targetOf(path: string): string {
  return `${path}#${mountIdOfPath(path) ?? 'none'}`;
}
