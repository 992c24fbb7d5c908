import { isEnded, statuses } from '../model/file.ts';
import type { CoreState, RouteState } from '../state/state.ts';
import type { Work } from '../state/work.ts';

/** Nothing live, or nothing live that will move without a person. */
function isLeftAlone(state: CoreState, route: RouteState): boolean {
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

/**
 * A complete listing came in. Two of them, `stable_after` apart and both after the last change, that show nothing left
 * to do show that the route is idle.
 */
export function noteQuietListing(work: Work, route: RouteState, requestedAt: number, youngEmptyCount: number): void {
  const { quiet } = route;
  // A file of an earlier life that has not been seen yet may be gone, and a person need not be asked about it.
  const isKnown = youngEmptyCount === 0 && route.scanning.unconfirmed.size === 0;
  const isQuiet = isKnown && requestedAt >= quiet.lastChangeAt && isLeftAlone(work.state, route);
  if (!isQuiet || route.source.state !== 'ok') {
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

/** What an agent that runs `--until-idle` goes by. */
export type Idleness = 'busy' | 'all_copied' | 'needs_a_person';

export function idleness(state: CoreState): Idleness {
  let needsPerson = false;
  for (const route of state.routes.values()) {
    if (!route.quiet.isIdle || route.quiet.sinceListingAt === null) return 'busy';
    if (route.quiet.sinceListingAt < route.quiet.lastChangeAt) return 'busy';
    if (route.byStatus.READY.size > 0) needsPerson = true;
  }
  return needsPerson ? 'needs_a_person' : 'all_copied';
}
