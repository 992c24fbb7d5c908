import type { EvidenceJson } from '@sluice/control';
import type { CoreState } from '@sluice/core';
import type { RouteName } from '@sluice/core/model';
import type { JournalReader } from '@sluice/persistence';
import { askEvidence } from '../children/ask.ts';

const lastCopies = 20;

/** What was known of a destination, what is found at its path now, and how many of the last files copied are there. */
export async function evidenceOf(state: CoreState, reader: Pick<JournalReader, 'files'>, name: string): Promise<EvidenceJson | null> {
  const route = state.routes.get(name as RouteName);
  if (route === undefined) return null;
  const copies = reader.files({ statuses: ['COMPLETED'], route: name, endedSince: null, limit: lastCopies });
  const names = copies.map(({ destination }) => destination);
  const found = await askEvidence(route.settings, names, route.settings.probe.deadlineMs);
  const known = {
    v: 1,
    route: name,
    destination: route.settings.destination,
    knownMarker: route.gate.marker,
    asked: names.length,
  } as const;
  if ('kind' in found) return { ...known, description: null, foundMarker: null, present: 0, missing: [], trouble: found.why };
  const foundMarker = found.marker.kind === 'found' ? found.marker.marker : null;
  return { ...known, description: found.description, foundMarker, present: found.present.length, missing: found.missing, trouble: null };
}
