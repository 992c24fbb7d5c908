import { type RoomShort, type RouteTroubleName, routeTroubleNames } from '../model/conditions.ts';
import { limits } from '../model/limits.ts';
import type { RouteState, RouteTrouble } from '../state/route-state.ts';
import { roomShort } from '../state/space-shortage.ts';
import type { CoreState } from '../state/state.ts';
import { ask, noteRoute, type Work } from '../state/work.ts';
import { conditionOf, isUnknown } from './present.ts';
import { recordRoom, roomWake } from './space-shortage.ts';

/**
 * For these, every single file is a condition, which is reported when the file enters its state. The condition of the route
 * begins without a call, and ends when there is no such file any more.
 */
const reportedByFile: ReadonlySet<RouteTroubleName> = new Set(['files_need_you', 'files_lost']);

/** The conditions of a destination that is not online. */
const ofDestination: ReadonlySet<RouteTroubleName> = new Set(['wrong_disk', 'destination', 'read_only']);

/**
 * Watches the conditions of a whole route for which a person is called. A person is called once for each: after it has lasted
 * `attention_after`, and again when it has ended. A condition counts as ended only after it has been absent for as long, so a
 * destination that goes offline and online repeatedly causes one call.
 */
export function pursueConditions(work: Work, route: RouteState): void {
  const room = roomShort(work.state, route);
  recordRoom(work, route, room);
  let isOther = false;
  for (const name of routeTroubleNames) isOther = watch(work, route, name, room) || isOther;
  if (isOther) noteCalled(work, route);
}

/**
 * Restores the conditions for which a person was called before the restart, so that they cause no second call while they last.
 * @param wall milliseconds since the epoch
 */
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

/** Returns when the conditions need a tick. Monotonic milliseconds; infinite if they need none. */
export function conditionWake(state: CoreState, route: RouteState): number {
  let soonest = roomWake(route);
  for (const [name, trouble] of route.troubles) {
    // An unknown condition changes only with an event that makes it known.
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

/**
 * Returns how long a condition must be present, or absent, until it counts. An absence has a minimum: without one, an
 * `attention_after` of 0 would cause a call with every probe.
 */
function callAfterMs({ settings }: CoreState, { isCalled }: RouteTrouble): number {
  return isCalled ? Math.max(settings.attentionAfterMs, limits.troubleOverMs) : settings.attentionAfterMs;
}

/** Updates one condition. Returns whether the journal must record a change: a call for a condition of the route, or its end. */
function watch(work: Work, route: RouteState, name: RouteTroubleName, room: RoomShort | null): boolean {
  if (isUnknown(route, name)) return false;
  const known = route.troubles.get(name);
  const isByFile = reportedByFile.has(name);
  const trouble = known ?? { ...beginning(work, route, name), goneSince: null, isCalled: isByFile };
  const condition = conditionOf(work.state, route, name, { forMs: work.at - trouble.since, room });
  if (condition === null) return known !== undefined && subside(work, route, name, known);
  trouble.goneSince = null;
  route.troubles.set(name, trouble);
  if (trouble.isCalled || work.at - trouble.since < callAfterMs(work.state, trouble)) return false;
  trouble.isCalled = true;
  ask(work, { kind: 'attention', route: route.settings.name, name, condition });
  return !isByFile;
}

/** Returns when a condition began that is noticed now. An outage may have begun while an earlier agent ran. */
function beginning(work: Work, { gate }: RouteState, name: RouteTroubleName): Pick<RouteTrouble, 'since' | 'sinceWall'> {
  const isEarlier = ofDestination.has(name) && gate.since === gate.earlierSince;
  const sinceWall = isEarlier ? gate.since : work.wall;
  return { since: work.at - (work.wall - sinceWall), sinceWall };
}

function subside(work: Work, route: RouteState, name: RouteTroubleName, trouble: RouteTrouble): boolean {
  trouble.goneSince ??= work.at;
  if (trouble.isCalled && work.at - trouble.goneSince < callAfterMs(work.state, trouble)) return false;
  route.troubles.delete(name);
  if (!trouble.isCalled) return false;
  ask(work, { kind: 'attention_over', route: route.settings.name, name, forMs: Math.round(trouble.goneSince - trouble.since) });
  return !reportedByFile.has(name);
}
