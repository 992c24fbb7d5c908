import type { Event } from '../messages/event.ts';
import { settledAtOnce } from '../model/settings.ts';
import { isBelow } from '../state/sightings.ts';
import type { RouteState } from '../state/state.ts';
import type { Work } from '../state/work.ts';
import { endRecordings, isUnsettled, unmoved } from '../states/growing.ts';

/**
 * Applies a full listing: a file that was not reported as changed is at rest. Many files take several steps, so that the agent
 * can answer in between.
 */
export function fullyListed(
  work: Work,
  route: RouteState,
  requestedAt: number,
  { unread = [] }: Extract<Event, { kind: 'listing_completed' }>,
): void {
  const { scanning, byStatus } = route;
  scanning.evidenceAt = requestedAt;
  if (requestedAt > scanning.rulesReadAt) scanning.rulesListedAt = requestedAt;
  scanning.settling = { ids: [...byStatus.DISCOVERED, ...byStatus.GROWING], next: 0, requestedAt, unread };
  pursueSettling(work, route);
  endRecordings(work, route, unread);
}

/**
 * Applies the latest full listing to further files that had not settled when it ended. A file that has changed since is not at
 * rest: its last change is later than the listing.
 */
export function pursueSettling(work: Work, route: RouteState): void {
  const { settling } = route.scanning;
  if (settling === null) return;
  const until = settling.next + settledAtOnce(work.state.settings);
  for (const id of settling.ids.slice(settling.next, until)) {
    const file = work.state.files.get(id);
    if (file !== undefined && isUnsettled(file) && !isBelow(file.source, settling.unread)) unmoved(work, route, file, settling.requestedAt);
  }
  settling.next = until;
  if (until >= settling.ids.length) route.scanning.settling = null;
}
