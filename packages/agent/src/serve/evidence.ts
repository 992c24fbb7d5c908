import type { EvidenceJson } from '@sluice/control';
import { type CoreState, newestOf, onOtherDisk, type RouteState } from '@sluice/core';
import type { RouteName, TrackedFile } from '@sluice/core/model';
import type { JournalReader } from '@sluice/persistence';
import { askEvidence } from '../children/ask-once.ts';
import { limits } from '../limits.ts';

/** Returns the newest copies of a route. A page of the journal may have fewer files than requested without being the last one. */
function newestCopies(reader: Pick<JournalReader, 'files'>, route: string): TrackedFile[] {
  const copies: TrackedFile[] = [];
  for (let before: number | null = null; copies.length < limits.evidenceCopies; ) {
    const limit = limits.evidenceCopies - copies.length;
    const { files, next } = reader.files({ statuses: ['COMPLETED'], route, endedSince: null, limit, before });
    copies.push(...files);
    if (next === null) break;
    before = next;
  }
  return copies;
}

/** Returns files that were copied and are still at the source, newest last. */
function repeatable(state: CoreState, reader: Pick<JournalReader, 'files'>, route: RouteState): TrackedFile[] {
  const { name } = route.settings;
  const copies: TrackedFile[] = [];
  let before: number | null = null;
  for (let read = 0; read < limits.copiedAgainRead; read += limits.copiedAgainPage) {
    const { files, next } = reader.files({ statuses: ['COMPLETED'], route: name, endedSince: null, limit: limits.copiedAgainPage, before });
    for (const { id, source } of files) {
      const newest = newestOf(state, route, source);
      if (newest?.id === id && !newest.sourceGone) copies.push(newest);
    }
    if (next === null || copies.length >= limits.copiedAgain) break;
    before = next;
  }
  return copies.slice(0, limits.copiedAgain).reverse();
}

/** Returns what `adopt` does for a source at whose path another disk is now. */
function otherSource(state: CoreState, route: RouteState): Pick<EvidenceJson, 'otherSource'> {
  const files = onOtherDisk(state, route).length;
  return files === 0 ? {} : { otherSource: { path: route.settings.source, files } };
}

/** Returns the names of copies, each once, with the size of its newest copy. @param copies the newest first */
function sizesOf(copies: readonly TrackedFile[]): { readonly names: readonly string[]; readonly sizes: readonly number[] } {
  const sizes = new Map<string, number>();
  for (const { destination, fingerprint } of copies) if (!sizes.has(destination)) sizes.set(destination, fingerprint.sizeBytes);
  return { names: [...sizes.keys()], sizes: [...sizes.values()] };
}

/** What was found about a destination, and which sources can be copied to it again. */
export interface GatheredEvidence {
  readonly evidence: EvidenceJson;
  /** Source paths of files that were copied and are not at the destination, or have another size there. */
  readonly again: readonly string[];
}

/** Returns what was known of a destination, what is at its path now, and how many of the last copies are there. */
export async function evidenceOf(
  state: CoreState,
  reader: Pick<JournalReader, 'files'>,
  name: string,
  askDestination: typeof askEvidence = askEvidence,
): Promise<GatheredEvidence | null> {
  const route = state.routes.get(name as RouteName);
  if (route === undefined) return null;
  // Several copies under the same name are one file.
  const newest = newestCopies(reader, name);
  const names = [...new Set(newest.map(({ destination }) => destination))];
  const copies = repeatable(state, reader, route);
  const asked = sizesOf([...newest, ...copies]);
  const found = await askDestination(route.settings, asked, route.settings.probe.deadlineMs);
  const known = {
    v: 1,
    route: name,
    destination: route.settings.destination,
    knownMarker: route.gate.marker,
    asked: names.length,
    ...otherSource(state, route),
  } as const;
  if ('kind' in found) {
    const nothing = { description: null, foundMarker: null, present: 0, missing: [], again: 0, trouble: found.why };
    return { evidence: { ...known, ...nothing }, again: [] };
  }
  const foundMarker = found.marker.kind === 'found' ? found.marker.marker : null;
  const absent = new Set(found.missing);
  const missing = names.filter((each) => absent.has(each));
  const lost = new Set([...found.missing, ...found.changed]);
  const again = copies.filter(({ destination }) => lost.has(destination)).map(({ source }) => source);
  const figures = { present: names.length - missing.length, missing: missing.slice(0, limits.evidenceMissing), again: again.length };
  return { evidence: { ...known, description: found.description, foundMarker, ...figures, trouble: null }, again };
}
