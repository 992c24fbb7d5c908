// DISCOVERED: the source has the file, and it is not known yet whether it has settled.
//
// Entered when a scan sees the path for the first time, or again after its newest tracked file ended; from READY when an
// operator ended its hold, since it may have changed meanwhile.
// Ended by GROWING (its size or mtime changes), READY (no change for `stable_after`; with hold `needs_you` if its name cannot
// be copied) or REMOVED (it is gone).
import type { CompletedFile, DiscoveredFile, SourceEntry, TrackedFile } from '../model/file.ts';
import { type FileId, fileId } from '../model/ids.ts';
import { firstSight } from '../policy/growth.ts';
import { planName, yieldName } from '../state/names.ts';
import type { RouteState } from '../state/state.ts';
import { create, type Work } from '../state/work.ts';
import { watchOn } from './growing.ts';
import { hasValidName, needsPerson } from './ready.ts';

/** The source's own, but for one whose create, link or rename this lineage once sent without an answer. */
function firstName(work: Work, route: RouteState, source: string, burned: readonly string[]) {
  if (!burned.includes(source)) return { destination: source, nameNumber: 0, nameReason: null };
  return { ...planName(work, route, { source, burned }, null, 1), nameReason: 'name_taken' as const };
}

/**
 * A source path is seen for the first time, or again after its newest tracked file ended.
 *
 * @param before the newest tracked file of this path, ended; its lineage's burned names and leftovers go on
 * @param id the new file's own, where it had to be known before
 */
export function discover(
  work: Work,
  route: RouteState,
  entry: SourceEntry,
  before: TrackedFile | null,
  id: FileId = fileId(work.ids.fresh()),
): DiscoveredFile {
  const name = firstName(work, route, entry.path, before?.burned ?? []);
  const file = foundFile(work, route, entry, before, { ...name, id, burned: before?.burned ?? [] });
  yieldName(work, route, entry.path);
  create(work, file, { kind: 'found' });
  if (hasValidName(file)) watchOn(work, route, file);
  else needsPerson(work, file, 'name_invalid');
  return file;
}

/** Copies it again under the name that it had: what was sent for that name was answered. */
export function discoverAgain(work: Work, route: RouteState, entry: SourceEntry, before: CompletedFile): DiscoveredFile {
  const { destination, nameNumber, nameReason } = before;
  const burned = before.burned.filter((name) => name !== destination);
  const id = fileId(work.ids.fresh());
  const file = foundFile(work, route, entry, before, { destination, nameNumber, nameReason, id, burned });
  route.renewed.add(id);
  create(work, file, { kind: 'found_again', after: before.id });
  watchOn(work, route, file);
  return file;
}

type Identified = Pick<DiscoveredFile, 'id' | 'destination' | 'nameNumber' | 'nameReason' | 'burned'>;

function foundFile(work: Work, route: RouteState, entry: SourceEntry, before: TrackedFile | null, identified: Identified): DiscoveredFile {
  return {
    ...identified,
    route: route.settings.name,
    source: entry.path,
    nameValid: entry.nameValid,
    fingerprint: entry.fingerprint,
    mode: entry.mode,
    mayGrow: entry.mayGrow,
    attempt: 1,
    countedAttempts: 0,
    recoveryOf: null,
    recoveredBy: null,
    leftParts: before?.leftParts ?? [],
    leftVisible: before?.leftVisible ?? [],
    toMark: before?.toMark ?? [],
    discoveredAt: work.wall,
    startedAt: null,
    endedAt: null,
    sourceGone: false,
    status: 'DISCOVERED',
    growth: firstSight(work.at),
  };
}
