import { isEnded, type Status, statuses } from '../model/file.ts';
import { limits } from '../model/limits.ts';
import { countTooLarge } from '../state/room.ts';
import type { Blocker, CoreState, RouteState } from '../state/state.ts';
import type { Work } from '../state/work.ts';

/** Nothing live, or nothing live that will move without a person; and no copied file that may have changed is to be read. */
export function isLeftAlone(state: CoreState, route: RouteState): boolean {
  for (const { hasFailed } of route.rechecks.values()) if (hasFailed !== true) return false;
  for (const status of statuses) {
    if (isEnded(status)) continue;
    if (status !== 'READY') {
      if (route.byStatus[status].size > 0) return false;
      continue;
    }
    for (const id of route.byStatus.READY) {
      const file = state.files.get(id);
      if (file?.status === 'READY' && !isForPerson(file.hold) && !isHeldForGood(route)) return false;
    }
  }
  return true;
}

/** A hold without an end is a person's, too. */
function isHeldForGood(route: RouteState): boolean {
  return route.hold !== null && route.hold.until === null;
}

function isForPerson(hold: string | null): boolean {
  return hold === 'operator' || hold === 'needs_you';
}

/** All of the source is listed, but for what nobody lets Sluice read. */
function isListed({ source }: RouteState): boolean {
  return source.state === 'ok' || (source.state === 'unreadable' && source.unreadPath !== null);
}

/** Every file that is thought to be at the source was seen there, or was asked for. */
export function isConfirmed({ scanning }: RouteState): boolean {
  return scanning.unconfirmed.size === 0 && scanning.endedWalk === null;
}

/**
 * A complete listing came in. Two of them, `stable_after` apart and both after the last change, that show nothing left
 * to do show that the route is idle.
 */
export function noteQuietListing(work: Work, route: RouteState, requestedAt: number, youngEmptyCount: number): void {
  const { quiet } = route;
  // A file of an earlier life that has not been seen yet may be gone, and a person need not be asked about it.
  // What was copied to an earlier destination is not at this one.
  const isKnown = youngEmptyCount === 0 && isConfirmed(route) && route.movedFrom === null;
  const isQuiet = isKnown && requestedAt >= quiet.lastChangeAt && isLeftAlone(work.state, route);
  if (!isQuiet || !isListed(route)) {
    quiet.sinceListingAt = null;
    quiet.isIdle = false;
    return;
  }
  // Something may have come and gone between two listings: what an earlier one showed no longer counts.
  if (quiet.sinceListingAt !== null && quiet.sinceListingAt < quiet.lastChangeAt) quiet.sinceListingAt = null;
  quiet.sinceListingAt ??= requestedAt;
  quiet.isIdle = requestedAt - quiet.sinceListingAt >= route.settings.stableAfterMs;
}

/** While the agent is to end when idle, the listing that could show it is requested as soon as it can. */
export function hastenListing(work: Work, route: RouteState): void {
  if (!work.state.untilIdle || route.quiet.isIdle || !isLeftAlone(work.state, route)) return;
  const { quiet, scanning } = route;
  if (quiet.sinceListingAt !== null && quiet.sinceListingAt < quiet.lastChangeAt) quiet.sinceListingAt = null;
  const dueAt = quiet.sinceListingAt === null ? work.at : Math.max(work.at, quiet.sinceListingAt + route.settings.stableAfterMs);
  const soonest = scanning.evidenceAt + Math.min(250, route.settings.scanEveryMs);
  scanning.nextListingAt = Math.min(scanning.nextListingAt, Math.max(dueAt, soonest));
}

/** Findings at the destination that no waiting changes. */
function blockerOf(route: RouteState): Blocker | null {
  if (route.source.state === 'suddenly_empty') return 'source_suddenly_empty';
  const { cause } = route.gate;
  if (route.gate.state === 'closed' && cause === 'not_the_destination') return 'wrong_disk';
  if (route.gate.state === 'closed' && (cause === 'denied' || cause === 'read_only')) return 'destination_refuses';
  return isOnlyTooLarge(route) ? 'no_room_ever' : null;
}

/** Nothing is left but files that are larger than the disk may become full. */
function isOnlyTooLarge(route: RouteState): boolean {
  const waiting = route.byStatus.WAITING_FOR_SPACE.size;
  if (waiting === 0 || route.movable.size > 0) return false;
  const isEmpty = (status: Status): boolean => isEnded(status) || route.byStatus[status].size === 0;
  return (
    statuses.every((status) => status === 'READY' || status === 'WAITING_FOR_SPACE' || isEmpty(status)) && countTooLarge(route) === waiting
  );
}

/** Follows since when a route can go on only with a person's help. What passes within seconds, as a mount at boot, is no such case. */
export function pursueBlocker(work: Work, route: RouteState): void {
  if (!work.state.untilIdle) return;
  const blocker = blockerOf(route);
  if (blocker === null) route.quiet.blocked = null;
  else if (route.quiet.blocked?.by !== blocker) route.quiet.blocked = { by: blocker, since: work.at };
}

/** Whether it has been so for long enough, and nothing moves meanwhile. */
function isBlocked(route: RouteState, at: number): boolean {
  const { blocked } = route.quiet;
  if (blocked === null || at - blocked.since < Math.max(limits.blockedForMs, route.settings.stableAfterMs)) return false;
  return (['COPYING', 'GROWING_COPY', 'VERIFYING', 'IN_QUEUE'] as const).every((status) => route.byStatus[status].size === 0);
}

/** What an agent that runs `--until-idle` goes by. */
export type Idleness = 'busy' | 'all_copied' | 'needs_a_person';

/** @param at monotonic milliseconds */
export function idleness(state: CoreState, at: number): Idleness {
  let needsPerson = false;
  for (const route of state.routes.values()) {
    if (route.leaving !== null) return 'busy';
    if (isBlocked(route, at)) {
      needsPerson = true;
      continue;
    }
    if (!route.quiet.isIdle || route.quiet.sinceListingAt === null) return 'busy';
    if (route.quiet.sinceListingAt < route.quiet.lastChangeAt) return 'busy';
    if (route.byStatus.READY.size > 0 || route.lostNow.size > 0 || route.source.state !== 'ok') needsPerson = true;
  }
  return needsPerson ? 'needs_a_person' : 'all_copied';
}
