import { limits } from '../model/limits.ts';
import type { RoomShort } from '../model/trouble.ts';
import type { RouteState } from '../state/route-state.ts';
import { noteRoute, type Work } from '../state/work.ts';

/**
 * Records a lack of room: when it begins, again and again while it lasts, and when it is over. What waits for room comes in one by
 * one: the first record waits for the others for a moment.
 */
export function recordRoom(work: Work, route: RouteState, room: RoomShort | null): void {
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

/** When the record wants a tick. While the destination is away there is nothing to say of its room, however long that was due. */
export function roomWake({ gate, roomReported }: RouteState): number {
  if (roomReported === null || gate.state === 'closed') return Number.POSITIVE_INFINITY;
  return roomReported.goneSince === null ? roomDueAt(roomReported) : roomReported.goneSince + limits.troubleOverMs;
}
