import { isEnded, type Status, statuses } from '../model/file.ts';
import { limits } from '../model/limits.ts';
import { isRemoving } from '../removal/removal.ts';
import { countTooLarge } from '../state/space-shortage.ts';
import type { Blocker, CoreState, RouteState } from '../state/state.ts';
import type { Work } from '../state/work.ts';

/**
 * Returns whether nothing is left that will change without a person: no live file that can move, and no copied file to be read
 * again.
 */
export function isLeftAlone(state: CoreState, route: RouteState): boolean {
  for (const { hasFailed } of route.rechecks.values()) if (hasFailed !== true) return false;
  if (isRemoving(state, route)) return false;
  for (const status of moving) if (route.byStatus[status].size > 0) return false;
  return isHeldForGood(route) || !mayReadyMove(state, route);
}

/** The states of live files, without READY. */
const moving = statuses.filter((status) => status !== 'READY' && !isEnded(status));

/** Returns whether a READY file can move without a person. Most of them are movable, so that few have to be looked at. */
function mayReadyMove({ files }: CoreState, { movable, byStatus }: RouteState): boolean {
  if (movable.size > 0) return true;
  for (const id of byStatus.READY) {
    const file = files.get(id);
    if (file?.status === 'READY' && !isForPerson(file.hold)) return true;
  }
  return false;
}

/** Returns whether the route has a hold without an end. Only a person ends it. */
function isHeldForGood(route: RouteState): boolean {
  return route.hold !== null && route.hold.until === null;
}

function isForPerson(hold: string | null): boolean {
  return hold === 'operator' || hold === 'needs_you';
}

/** Returns whether all of the source is listed, except paths that Sluice is not permitted to read. */
function isListed({ source }: RouteState): boolean {
  return source.state === 'ok' || (source.state === 'unreadable' && source.unreadPath !== null);
}

/** Returns whether every file that is thought to be at the source was seen there, or was checked by name. */
export function isConfirmed({ scanning }: RouteState): boolean {
  return scanning.unconfirmed.size === 0 && scanning.endedWalk === null;
}

/**
 * Applies a complete listing. A route is idle after two complete listings that show nothing left to do, `stable_after` apart and
 * both after the last change.
 */
export function noteQuietListing(work: Work, route: RouteState, requestedAt: number, youngEmptyCount: number): void {
  const { quiet } = route;
  // A file of an earlier run that has not been seen yet may be gone; then no person needs to be asked about it. Files that were
  // copied to an earlier destination are not known to be at the present one.
  const isKnown = youngEmptyCount === 0 && isConfirmed(route) && route.movedFrom === null;
  const isQuiet = isKnown && requestedAt >= quiet.lastChangeAt && isLeftAlone(work.state, route);
  if (!isQuiet || !isListed(route)) {
    quiet.sinceListingAt = null;
    quiet.isIdle = false;
    return;
  }
  // A file may have appeared and disappeared between two listings, so an earlier listing no longer counts.
  if (quiet.sinceListingAt !== null && quiet.sinceListingAt < quiet.lastChangeAt) quiet.sinceListingAt = null;
  quiet.sinceListingAt ??= requestedAt;
  quiet.isIdle = requestedAt - quiet.sinceListingAt >= route.settings.stableAfterMs;
}

/** Requests the listing that could show the route as idle as early as possible, while the agent is to end when idle. */
export function hastenListing(work: Work, route: RouteState): void {
  if (!work.state.untilIdle || route.quiet.isIdle || !isLeftAlone(work.state, route)) return;
  const { quiet, scanning } = route;
  if (quiet.sinceListingAt !== null && quiet.sinceListingAt < quiet.lastChangeAt) quiet.sinceListingAt = null;
  const dueAt = quiet.sinceListingAt === null ? work.at : Math.max(work.at, quiet.sinceListingAt + route.settings.stableAfterMs);
  const soonest = scanning.evidenceAt + Math.min(250, route.settings.scanEveryMs);
  scanning.nextListingAt = Math.min(scanning.nextListingAt, Math.max(dueAt, soonest));
}

/** Returns the condition that blocks the route and that does not end by waiting. */
function blockerOf(route: RouteState): Blocker | null {
  if (route.source.state === 'suddenly_empty') return 'source_suddenly_empty';
  const { cause } = route.gate;
  if (route.gate.state === 'closed' && cause === 'not_the_destination') return 'wrong_disk';
  if (route.gate.state === 'closed' && (cause === 'denied' || cause === 'read_only')) return 'destination_refuses';
  return isOnlyTooLarge(route) ? 'no_room_ever' : null;
}

/** Returns whether only files are left that are larger than the disk can hold with `keep_free`. */
function isOnlyTooLarge(route: RouteState): boolean {
  const waiting = route.byStatus.WAITING_FOR_SPACE.size;
  if (waiting === 0 || route.movable.size > 0) return false;
  const isEmpty = (status: Status): boolean => isEnded(status) || route.byStatus[status].size === 0;
  return (
    statuses.every((status) => status === 'READY' || status === 'WAITING_FOR_SPACE' || isEmpty(status)) && countTooLarge(route) === waiting
  );
}

/**
 * Tracks how long a route has needed a person. A condition that passes within seconds, such as a mount that is late at boot, does
 * not count.
 */
export function pursueBlocker(work: Work, route: RouteState): void {
  if (!work.state.untilIdle) return;
  const blocker = blockerOf(route);
  if (blocker === null) route.quiet.blocked = null;
  else if (route.quiet.blocked?.by !== blocker) route.quiet.blocked = { by: blocker, since: work.at };
}

/** Returns whether the route has been blocked for long enough and no copy runs. */
function isBlocked(route: RouteState, at: number): boolean {
  const { blocked } = route.quiet;
  if (blocked === null || at - blocked.since < Math.max(limits.blockedForMs, route.settings.stableAfterMs)) return false;
  return (['COPYING', 'GROWING_COPY', 'VERIFYING', 'IN_QUEUE'] as const).every((status) => route.byStatus[status].size === 0);
}

/** The result for an agent that runs with `--until-idle`. */
export type Idleness = 'busy' | 'all_copied' | 'needs_a_person';

/** @param at monotonic milliseconds */
export function idleness(state: CoreState, at: number): Idleness {
  let needsPerson = false;
  for (const route of state.routes.values()) {
    if (route.ending !== null) return 'busy';
    if (isBlocked(route, at)) {
      needsPerson = true;
      continue;
    }
    if (!route.quiet.isIdle || route.quiet.sinceListingAt === null) return 'busy';
    if (route.quiet.sinceListingAt < route.quiet.lastChangeAt) return 'busy';
    // What is left to be read again cannot be read: it may not be what was copied.
    if (route.byStatus.READY.size > 0 || route.lostNow.size > 0 || route.rechecks.size > 0) needsPerson = true;
    if (route.removals.failed.size > 0 || route.source.state !== 'ok') needsPerson = true;
  }
  return needsPerson ? 'needs_a_person' : 'all_copied';
}
