import { limits } from '../model/limits.ts';
import { type RouteTroubleName, routeTroubleNames } from '../model/trouble.ts';
import { roomShort } from '../state/room.ts';
import type { RouteState, RouteTrouble } from '../state/route-state.ts';
import type { CoreState } from '../state/state.ts';
import { ask, noteRoute, type Work } from '../state/work.ts';
import { recordRoom, roomWake } from './room-record.ts';
import { conditionOf, isUnknown } from './seen.ts';

/**
 * Each file of these is a condition when it begins, which its state reports. Here they begin without a call, and are over when there
 * is no such file any more.
 */
const reportedByFile: ReadonlySet<RouteTroubleName> = new Set(['files_need_you', 'files_lost']);

/**
 * Watches what a person is called for, of a whole route. One is called once for each, after it has lasted `attention_after`, again
 * when it is over, and for the same thing only after it was over for as long: a destination that comes and goes calls nobody twice.
 */
export function pursueConditions(work: Work, route: RouteState): void {
  recordRoom(work, route, roomShort(work.state, route));
  let isOther = false;
  for (const name of routeTroubleNames) isOther = watch(work, route, name) || isOther;
  if (isOther) noteCalled(work, route);
}

/** A person was called for these in an earlier life: nobody is called again while they last. @param wall milliseconds since the epoch */
export function recallCalled(
  route: RouteState,
  {
    troubles,
    since,
  }: { readonly troubles: readonly RouteTroubleName[]; readonly since?: Readonly<Partial<Record<RouteTroubleName, number>>> },
  at: number,
  wall: number,
): void {
  for (const name of routeTroubleNames) {
    if (!troubles.includes(name)) continue;
    const sinceWall = Math.min(since?.[name] ?? wall, wall);
    route.troubles.set(name, { since: at - (wall - sinceWall), sinceWall, goneSince: null, isCalled: true });
  }
}

/** When conditions want a tick. Monotonic milliseconds; infinite where there is none. */
export function conditionWake(state: CoreState, route: RouteState): number {
  let soonest = roomWake(route);
  for (const [name, trouble] of route.troubles) {
    // It ends with the event by which something is known again.
    if (isUnknown(route, name)) continue;
    const changesAt = trouble.isCalled ? trouble.goneSince : trouble.since;
    if (changesAt !== null) soonest = Math.min(soonest, changesAt + callAfterMs(state, trouble));
  }
  return soonest;
}

function noteCalled(work: Work, route: RouteState): void {
  const called = [...route.troubles].filter(([name, { isCalled }]) => isCalled && !reportedByFile.has(name));
  const since = Object.fromEntries(called.map(([name, { sinceWall }]) => [name, sinceWall]));
  const troubles = routeTroubleNames.filter((name) => name in since);
  noteRoute(work, route, { kind: 'person_called', troubles, ...(troubles.length === 0 ? {} : { since }) });
}

/** What is over for a moment only is not over: with no wait at all, each probe would call again. */
function callAfterMs({ settings }: CoreState, { isCalled }: RouteTrouble): number {
  return isCalled ? Math.max(settings.attentionAfterMs, limits.troubleOverMs) : settings.attentionAfterMs;
}

/** @returns whether the journal has to know of it: a person was called for it, or what one was called for is over */
function watch(work: Work, route: RouteState, name: RouteTroubleName): boolean {
  if (isUnknown(route, name)) return false;
  const known = route.troubles.get(name);
  const condition = conditionOf(work.state, route, name, work.at - (known?.since ?? work.at));
  if (condition === null) return known !== undefined && subside(work, route, name, known);
  const isByFile = reportedByFile.has(name);
  const trouble = known ?? { since: work.at, sinceWall: work.wall, goneSince: null, isCalled: isByFile };
  trouble.goneSince = null;
  route.troubles.set(name, trouble);
  if (trouble.isCalled || work.at - trouble.since < callAfterMs(work.state, trouble)) return false;
  trouble.isCalled = true;
  ask(work, { kind: 'attention', route: route.settings.name, name, condition });
  return !isByFile;
}

function subside(work: Work, route: RouteState, name: RouteTroubleName, trouble: RouteTrouble): boolean {
  trouble.goneSince ??= work.at;
  if (trouble.isCalled && work.at - trouble.goneSince < callAfterMs(work.state, trouble)) return false;
  route.troubles.delete(name);
  if (!trouble.isCalled) return false;
  ask(work, { kind: 'attention_over', route: route.settings.name, name, forMs: Math.round(trouble.goneSince - trouble.since) });
  return !reportedByFile.has(name);
}
