import { askLeftoverRemovals } from '../leftover-removal.ts';
import { forgetMarks } from '../leftovers.ts';
import type { Operator, RouteAction } from '../messages/action.ts';
import type { RouteEvent } from '../messages/route-event.ts';
import { unreachable } from '../model/assert.ts';
import { isLost } from '../model/file.ts';
import { adoptSource, cancelForDestination } from '../removal/other-disk.ts';
import { askRemovals } from '../removal/removal.ts';
import { forgetLimits } from '../state/names.ts';
import { type RouteHold, type RouteState, routeOf } from '../state/state.ts';
import { askProbe, note, noteRoute, type Work } from '../state/work.ts';
import { leaveQueue } from '../states/queued.ts';

/** Does an action that `refusal` has not refused. */
export function actOnRoute(work: Work, action: RouteAction, who: Operator): void {
  const route = routeOf(work.state, action.route);
  switch (action.do) {
    case 'hold':
      setHold(work, route, { by: who.by, since: work.wall, until: action.until, reason: who.reason ?? '' });
      return;
    case 'release':
      release(work, route, { kind: 'released', by: who.by, reason: who.reason });
      return;
    case 'rescan':
      route.scanning.nextListingAt = work.at;
      // Nobody can know what a silent source holds, so the operator's statement does not count for it.
      route.scanning.emptyIsMeant = route.source.state !== 'silent';
      noteRoute(work, route, { kind: 'rescan_asked', by: who.by, reason: who.reason });
      return;
    case 'remove_sources':
      askRemovals(work, route, action.files, who);
      return;
    case 'adopt':
      adoptSource(work, route, who);
      if (route.gate.cause === 'not_the_destination') adopt(work, route, who);
      return;
    case 'acknowledge':
      acknowledge(work, route, who);
      return;
    case 'prune':
      noteRoute(work, route, { kind: 'prune_asked', by: who.by, reason: who.reason, before: action.before });
      return;
    case 'remove_leftovers':
      askLeftoverRemovals(work, route, who);
      return;
    default:
      unreachable(action);
  }
}

function acknowledge(work: Work, route: RouteState, { by, reason }: Operator): void {
  for (const id of [...route.lost]) {
    const file = work.state.files.get(id);
    if (file !== undefined && isLost(file)) note(work, { ...file, isLost: false }, { kind: 'asked', action: 'acknowledge', by, reason });
  }
}

/** Holds a route. A file that is queued, or in preflight, is not being copied yet: it waits again. */
function setHold(work: Work, route: RouteState, hold: RouteHold): void {
  route.hold = hold;
  route.holdEndsAt = endOf(hold, work.at, work.wall);
  noteRoute(work, route, { kind: 'held', ...hold });
  for (const id of [...route.byStatus.IN_QUEUE]) {
    const file = work.state.files.get(id);
    if (file?.status === 'IN_QUEUE') leaveQueue(work, file, { kind: 'route_held' });
  }
}

function release(work: Work, route: RouteState, event: Extract<RouteEvent, { kind: 'released' | 'hold_expired' }>): void {
  route.hold = null;
  route.holdEndsAt = Number.POSITIVE_INFINITY;
  noteRoute(work, route, event);
}

/** Ends a hold whose time is over. */
export function pursueHold(work: Work, route: RouteState): void {
  const isOver = work.at >= route.holdEndsAt || (route.hold?.until ?? Number.POSITIVE_INFINITY) <= work.wall;
  if (route.hold !== null && isOver) release(work, route, { kind: 'hold_expired' });
}

/** Restores a hold from the journal. */
export function recallHold(route: RouteState, held: Extract<RouteEvent, { kind: 'held' }>, at: number, wall: number): void {
  const { kind: _, ...hold } = held;
  route.hold = hold;
  route.holdEndsAt = endOf(hold, at, wall);
}

/** Returns when a hold ends. Monotonic milliseconds. */
function endOf(hold: RouteHold, at: number, wall: number): number {
  if (hold.until === null) return Number.POSITIVE_INFINITY;
  // The hold never lasts longer than it was meant to, whatever the clock was set to since.
  return at + Math.min(Math.max(0, hold.until - wall), Math.max(0, hold.until - hold.since));
}

/** Forgets the marker, and accepts a plain folder: the next probe accepts the destination that it finds. */
function adopt(work: Work, route: RouteState, who: Operator): void {
  const { gate, settings } = route;
  const before = gate.marker;
  gate.marker = null;
  gate.intendedMarker = null;
  forgetLimits(route);
  forgetMarks(work, route);
  cancelForDestination(work, route);
  gate.plainFolderMeant = true;
  noteRoute(work, route, { kind: 'destination_forgotten', destination: settings.destination });
  const { destination } = settings;
  noteRoute(work, route, { kind: 'destination_adopted', by: who.by, reason: who.reason, before, destination });
  askProbe(work, route);
}
