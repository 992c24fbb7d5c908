import type { RoomShort } from '../model/conditions.ts';
import { limits } from '../model/limits.ts';
import type { RouteState } from '../state/route-state.ts';
import { noteRoute, type Work } from '../state/work.ts';

/**
 * Records a lack of room: when it begins, repeatedly while it lasts, and when it ends. Files start to wait for room one after the
 * other, so the first record is delayed for a moment to include them.
 */
export function recordRoom(work: Work, route: RouteState, room: RoomShort | null): void {
  const reported = route.roomReported;
  if (reported === null) {
    if (room !== null) route.roomReported = { since: work.at, at: null, goneSince: null };
    return;
  }
  if (room === null) {
    // While the destination is offline, its room is unknown.
    if (route.gate.state === 'open') endRoom(work, route, reported);
    return;
  }
  reported.goneSince = null;
  if (work.at < roomDueAt(reported)) return;
  reported.at = work.at;
  noteRoute(work, route, { kind: 'room_short', forMs: Math.round(work.at - reported.since), room });
}

type Reported = NonNullable<RouteState['roomReported']>;

/**
 * Ends the lack of room after it has been absent for a while. A nearly full destination may have room for one file and none for
 * the next.
 */
function endRoom(work: Work, route: RouteState, reported: Reported): void {
  reported.goneSince ??= work.at;
  if (reported.at !== null && work.at - reported.goneSince < limits.troubleOverMs) return;
  route.roomReported = null;
  if (reported.at !== null) noteRoute(work, route, { kind: 'room_enough', forMs: Math.round(reported.goneSince - reported.since) });
}

function roomDueAt({ since, at }: Reported): number {
  return at === null ? since + limits.roomFirstMs : at + limits.roomAgainMs;
}

/** Returns when the record needs a tick. While the destination is offline its room is unknown, so a record that is due waits. */
export function roomWake({ gate, roomReported }: RouteState): number {
  if (roomReported === null || gate.state === 'closed') return Number.POSITIVE_INFINITY;
  return roomReported.goneSince === null ? roomDueAt(roomReported) : roomReported.goneSince + limits.troubleOverMs;
}
