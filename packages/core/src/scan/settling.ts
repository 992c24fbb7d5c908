import type { Event } from '../messages/event.ts';
import { isBelow } from '../state/sightings.ts';
import type { RouteState } from '../state/state.ts';
import type { Work } from '../state/work.ts';
import { endRecordings, isUnsettled, unmoved } from '../states/growing.ts';

const noFolders: readonly string[] = [];

/** Applies a full listing: a file that was not reported as changed is at rest. */
export function fullyListed(
  work: Work,
  route: RouteState,
  requestedAt: number,
  event: Extract<Event, { kind: 'listing_completed' }>,
): void {
  const { scanning } = route;
  scanning.evidenceAt = requestedAt;
  if (requestedAt > scanning.rulesReadAt) scanning.rulesListedAt = requestedAt;
  for (const status of ['DISCOVERED', 'GROWING'] as const) {
    for (const id of [...route.byStatus[status]]) {
      const file = work.state.files.get(id);
      if (file !== undefined && isUnsettled(file) && !isBelow(file.source, event.unread ?? [])) unmoved(work, route, file, requestedAt);
    }
  }
  endRecordings(work, route, event.unread ?? noFolders);
}
