import type { EvidenceJson } from '@sluice/control';
import type { CoreState, RouteName, TrackedFile } from '@sluice/core';
import type { JournalReader } from '@sluice/persistence';
import { askEvidence } from '../children/ask.ts';

const lastCarried = 20;

/** A page may hold fewer, and not be the last. */
function newestCarried(reader: Pick<JournalReader, 'files'>, route: string): TrackedFile[] {
  const carried: TrackedFile[] = [];
  for (let before: number | null = null; carried.length < lastCarried; ) {
    const limit = lastCarried - carried.length;
    const { files, next } = reader.files({ statuses: ['COMPLETED'], route, endedSince: null, limit, before });
    carried.push(...files);
    if (next === null) break;
    before = next;
  }
  return carried;
}

/** What was known of a destination, what is found at its path now, and how many of the last files carried are there. */
export async function evidenceOf(state: CoreState, reader: Pick<JournalReader, 'files'>, name: string): Promise<EvidenceJson | null> {
  const route = state.routes.get(name as RouteName);
  if (route === undefined) return null;
  const names = newestCarried(reader, name).map(({ destination }) => destination);
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
