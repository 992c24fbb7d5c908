import type { JournalImage } from '@sluice/core';
import type { RouteSettings } from '@sluice/core/model';

/** A route as the newest agent configured it. */
export interface KnownRoute {
  readonly settings: RouteSettings;
  /** UUID of its destination's marker. Null: not known. */
  readonly marker: string | null;
  /** An operator accepted a folder on a disk of the machine as its destination. */
  readonly plainFolderMeant: boolean;
}

/** Returns the routes of the agent that used the journal last, sorted by name. @param facts the newest of each kind */
export function knownRoutes(facts: JournalImage['routeFacts']): readonly KnownRoute[] {
  return facts
    .flatMap(({ event }) => (event.kind === 'configured' ? [event.settings] : []))
    .map((settings) => ({ settings, ...destinationOf(settings, facts) }))
    .toSorted((a, b) => (a.settings.name < b.settings.name ? -1 : 1));
}

/** Returns what is known of the present destination. Facts about another folder do not apply to it. */
function destinationOf({ name, destination }: RouteSettings, facts: JournalImage['routeFacts']): Omit<KnownRoute, 'settings'> {
  let marker: string | null = null;
  let plainFolderMeant = false;
  for (const { route, event } of facts) {
    if (route !== name || !('destination' in event) || event.destination !== destination) continue;
    if (event.kind === 'destination_known') marker = event.marker;
    if (event.kind === 'destination_adopted') plainFolderMeant = true;
  }
  return { marker, plainFolderMeant };
}
