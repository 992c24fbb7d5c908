import type { RouteCondition } from './messages/effect.ts';
import { unreachable } from './model/assert.ts';
import { isReason } from './model/finding.ts';
import { limits } from './model/limits.ts';
import { type RoomShort, type RouteTroubleName, routeTroubleNames } from './model/trouble.ts';
import { roomShort } from './state/room.ts';
import type { RouteState, RouteTrouble } from './state/route-state.ts';
import type { CoreState } from './state/state.ts';
import { ask, noteRoute, type Work } from './state/work.ts';

/** `unknown`: nothing can be said now, as before the first probe; what was known before still counts. */
type Seen = 'well' | 'trouble' | 'unknown';

/**
 * Watches what stops the work of a route as a whole. A person is called once for each, after it has lasted
 * `attention_after`, and again only after it was over for as long: a destination that comes and goes calls nobody twice.
 * A lack of room is also recorded: when it begins, again and again while it lasts, and when it is over.
 */
export function pursueConditions(work: Work, route: RouteState): void {
  const room = roomShort(work.state, route);
  recordRoom(work, route, room);
  let isOther = false;
  for (const name of routeTroubleNames) isOther = watch(work, route, name, room) || isOther;
  if (isOther) noteRoute(work, route, { kind: 'person_called', troubles: called(route) });
}

/** A person was called for these in an earlier life: nobody is called again while they last. */
export function recallCalled(route: RouteState, names: readonly RouteTroubleName[], at: number): void {
  for (const name of names) route.troubles.set(name, { since: at, goneSince: null, isCalled: true });
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

function called(route: RouteState): RouteTroubleName[] {
  return routeTroubleNames.filter((name) => route.troubles.get(name)?.isCalled === true);
}

/** What is over for a moment only is not over: with no wait at all, each probe would call again. */
function callAfterMs({ settings }: CoreState, { isCalled }: RouteTrouble): number {
  return isCalled ? Math.max(settings.attentionAfterMs, limits.troubleOverMs) : settings.attentionAfterMs;
}

/** @returns whether a person was called for it, or what one was called for is over */
function watch(work: Work, route: RouteState, name: RouteTroubleName, room: RoomShort | null): boolean {
  const { troubles } = route;
  const known = troubles.get(name);
  switch (seen(route, name, room)) {
    case 'unknown':
      return false;
    case 'well':
      return known !== undefined && subside(work, route, name, known);
    case 'trouble': {
      const trouble = known ?? { since: work.at, goneSince: null, isCalled: false };
      trouble.goneSince = null;
      troubles.set(name, trouble);
      if (trouble.isCalled || work.at - trouble.since < callAfterMs(work.state, trouble)) return false;
      trouble.isCalled = true;
      ask(work, { kind: 'attention', route: route.settings.name, condition: conditionOf(route, name, room, work.at - trouble.since) });
      return true;
    }
  }
}

function subside(work: Work, route: RouteState, name: RouteTroubleName, trouble: RouteTrouble): boolean {
  trouble.goneSince ??= work.at;
  if (trouble.isCalled && work.at - trouble.goneSince < callAfterMs(work.state, trouble)) return false;
  route.troubles.delete(name);
  return trouble.isCalled;
}

function seen(route: RouteState, name: RouteTroubleName, room: RoomShort | null): Seen {
  if (isUnknown(route, name)) return 'unknown';
  const { gate, source } = route;
  const isWrong = gate.cause === 'not_the_destination';
  switch (name) {
    case 'wrong_disk':
      return isWrong ? 'trouble' : 'well';
    case 'destination':
      return gate.state === 'closed' && !isWrong ? 'trouble' : 'well';
    case 'source':
      return source.state === 'ok' ? 'well' : 'trouble';
    case 'room':
      return room === null ? 'well' : 'trouble';
    default:
      return unreachable(name);
  }
}

function isUnknown({ gate, source }: RouteState, name: RouteTroubleName): boolean {
  switch (name) {
    case 'wrong_disk':
    case 'destination':
      return gate.cause === 'unknown' && !isReason(gate.finding);
    case 'source':
      return source.state === 'unknown';
    case 'room':
      return gate.state === 'closed';
    default:
      return unreachable(name);
  }
}

function conditionOf(route: RouteState, name: RouteTroubleName, room: RoomShort | null, forMs: number): RouteCondition {
  const { gate, settings, source } = route;
  if (name === 'room' && room !== null) return { kind: 'no_room', forMs, room };
  if (name === 'source' && source.state !== 'ok' && source.state !== 'unknown') {
    return { kind: 'source_away', forMs, state: source.state, code: source.code, path: source.unreadPath };
  }
  const { cause, code, finding } = gate;
  return { kind: 'destination_offline', forMs, destination: settings.destination, cause, code, finding };
}

/** What waits for room comes in one by one: the first record waits for the others for a moment. */
function recordRoom(work: Work, route: RouteState, room: RoomShort | null): void {
  const reported = route.roomReported;
  if (reported === null) {
    if (room !== null) route.roomReported = { since: work.at, at: null, goneSince: null };
    return;
  }
  if (room === null) {
    // While the destination is away there is nothing to say of its room.
    if (route.gate.state === 'open') endRoom(work, route, reported);
    return;
  }
  reported.goneSince = null;
  if (work.at < roomDueAt(reported)) return;
  reported.at = work.at;
  noteRoute(work, route, { kind: 'room_short', forMs: Math.round(work.at - reported.since), room });
}

type Reported = NonNullable<RouteState['roomReported']>;

/** A destination that is nearly full has room for one file and none for the next: it is over when it stays so. */
function endRoom(work: Work, route: RouteState, reported: Reported): void {
  reported.goneSince ??= work.at;
  if (reported.at !== null && work.at - reported.goneSince < limits.troubleOverMs) return;
  route.roomReported = null;
  if (reported.at !== null) noteRoute(work, route, { kind: 'room_enough', forMs: Math.round(reported.goneSince - reported.since) });
}

function roomDueAt({ since, at }: Reported): number {
  return at === null ? since + limits.roomFirstMs : at + limits.roomAgainMs;
}

/** While the destination is away there is nothing to say of its room, however long that was due. */
function roomWake({ gate, roomReported }: RouteState): number {
  if (roomReported === null || gate.state === 'closed') return Number.POSITIVE_INFINITY;
  return roomReported.goneSince === null ? roomDueAt(roomReported) : roomReported.goneSince + limits.troubleOverMs;
}
