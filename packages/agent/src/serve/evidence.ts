import type { EvidenceJson } from '@sluice/control';
import type { CoreState } from '@sluice/core';
import type { RouteName, TrackedFile } from '@sluice/core/model';
import type { JournalReader } from '@sluice/persistence';
import { askEvidence } from '../children/ask.ts';

const lastCopies = 20;

/** A page may hold fewer, and not be the last. */
function newestCopies(reader: Pick<JournalReader, 'files'>, route: string): TrackedFile[] {
  const copies: TrackedFile[] = [];
  for (let before: number | null = null; copies.length < lastCopies; ) {
    const limit = lastCopies - copies.length;
    const { files, next } = reader.files({ statuses: ['COMPLETED'], route, endedSince: null, limit, before });
    copies.push(...files);
    if (next === null) break;
    before = next;
  }
  return copies;
}

/** What was known of a destination, what is found at its path now, and how many of the last files copied are there. */
export async function evidenceOf(state: CoreState, reader: Pick<JournalReader, 'files'>, name: string): Promise<EvidenceJson | null> {
  const route = state.routes.get(name as RouteName);
  if (route === undefined) return null;
  const names = newestCopies(reader, name).map(({ destination }) => destination);
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
