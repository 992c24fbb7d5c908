// DISCOVERED: the source has the file, and it is not known yet whether it has settled.
//
// Entered when a scan sees the path for the first time, or again after its newest tracked file ended; from READY when an
// operator ended its hold, since it may have changed meanwhile.
// Ended by GROWING (its size or mtime changes), READY (no change for `stable_after`; with hold `needs_you` if its name cannot
// be copied) or REMOVED (it is gone).

import { type CompletedFile, type DiscoveredFile, type EarlierName, isEnded, type SourceEntry, type TrackedFile } from '../model/file.ts';
import { type FileId, fileId } from '../model/ids.ts';
import { limits } from '../model/limits.ts';
import { firstSight, restMs } from '../policy/growth.ts';
import { endNotBegun } from '../removal/records.ts';
import { earlierName, planName, yieldName } from '../state/names.ts';
import type { RouteState } from '../state/state.ts';
import { create, note, type Work } from '../state/work.ts';
import { watchOn } from './growing.ts';
import { hasValidName, needsPerson } from './ready.ts';

/** A name at the destination, and why it is that one. */
type Name = Pick<DiscoveredFile, 'destination' | 'nameNumber' | 'nameReason'>;

/** Returns the first name for a source: its own, unless this lineage once sent a create, link or rename for it and got no answer. */
function firstName(work: Work, route: RouteState, source: string, burned: readonly string[]): Name {
  if (!burned.includes(source)) return { destination: source, nameNumber: 0, nameReason: null };
  return { ...planName(work, route, { source, burned }, null, 1), nameReason: 'name_taken' as const };
}

/** The event of nearly all new files. */
const foundEvent = { kind: 'found' } as const;

/**
 * Creates a tracked file for a source path that is seen for the first time, or again after its newest tracked file ended.
 *
 * @param before the newest tracked file of this path, which has ended; the new one inherits its burned names and leftovers
 * @param given the id if it had to be known before, and how many times in a row the path changed soon after it was copied
 */
export function discover(
  work: Work,
  route: RouteState,
  entry: SourceEntry,
  before: TrackedFile | null,
  { id = fileId(work.ids.fresh()), pauses = 0 }: { readonly id?: FileId; readonly pauses?: number } = {},
): DiscoveredFile {
  const burned = before?.burned ?? none;
  const earlier = earlierName(work.state, route, entry);
  const file = foundFile(work, route, entry, before, { id, burned, name: firstName(work, route, entry.path, burned), pauses, earlier });
  yieldName(work, route, entry.path);
  create(work, file, foundEvent);
  if (earlier !== null) route.renames.set(earlier.source, file.source);
  if (hasValidName(file)) watchOn(work, route, file);
  else needsPerson(work, file, { event: { kind: 'name_invalid' }, condition: { kind: 'name_invalid', source: file.source } });
  return file;
}

/**
 * Creates a tracked file for the new content of a completed file.
 *
 * @param pauses how many times in a row the source changed soon after a copy was completed
 */
export function discoverNewer(work: Work, route: RouteState, entry: SourceEntry, before: CompletedFile, pauses: number): void {
  const { settings } = route;
  const id = fileId(work.ids.fresh());
  note(work, { ...endNotBegun(work, route, before, false), supersededBy: id }, { kind: 'superseded', by: id });
  const found = discover(work, route, entry, before, { id, pauses });
  if (pauses < limits.pausesToNote || !Number.isInteger(Math.log2(pauses))) return;
  note(work, found, { kind: 'paused', times: pauses, stableAfterMs: settings.stableAfterMs, restMs: restMs(settings, pauses) });
}

/**
 * Creates a tracked file that is copied again under its earlier name. The name is safe to use: every request for it was answered.
 */
export function discoverAgain(work: Work, route: RouteState, entry: SourceEntry, before: CompletedFile): DiscoveredFile {
  const { destination, nameNumber, nameReason } = before;
  const burned = before.burned.filter((name) => name !== destination);
  const id = fileId(work.ids.fresh());
  const name = { destination, nameNumber, nameReason };
  const file = foundFile(work, route, entry, before, { id, burned, name, pauses: 0, earlier: null });
  route.renewed.add(id);
  create(work, file, { kind: 'found_again', after: before.id });
  watchOn(work, route, file);
  return file;
}

/** A shared empty list. A separate one for each of a hundred thousand files would take more memory than their names. */
const none: readonly never[] = [];

/** What is decided of a new file before it is one. */
interface Decided extends Pick<DiscoveredFile, 'id' | 'burned'> {
  readonly name: Name;
  readonly pauses: number;
  readonly earlier: EarlierName | null;
}

/** Returns a new file as one object with all fields that every file has: a listing may find a hundred thousand. */
function foundFile(work: Work, route: RouteState, entry: SourceEntry, before: TrackedFile | null, decided: Decided): DiscoveredFile {
  const { id, burned, name, pauses, earlier } = decided;
  if (entry.changedMs !== undefined) route.changes.set(entry.path, entry.changedMs);
  if (entry.medium !== undefined) route.media.set(entry.path, entry.medium);
  const file: DiscoveredFile = {
    id,
    route: route.settings.name,
    source: entry.path,
    destination: name.destination,
    nameNumber: name.nameNumber,
    nameReason: name.nameReason,
    nameValid: entry.nameValid,
    fingerprint: entry.fingerprint,
    mode: entry.mode,
    mayGrow: entry.mayGrow,
    attempt: 1,
    countedAttempts: 0,
    recoveryOf: null,
    recoveredBy: null,
    burned,
    leftParts: before?.leftParts ?? none,
    leftVisible: before?.leftVisible ?? none,
    toMark: before?.toMark ?? none,
    discoveredAt: work.wall,
    startedAt: null,
    endedAt: null,
    sourceGone: false,
    status: 'DISCOVERED',
    growth: firstSight(work.at),
  };
  // What failed growing copies left is handed on.
  const leftovers = before?.leftovers;
  if (pauses === 0 && earlier === null && leftovers === undefined) return file;
  return {
    ...file,
    ...(leftovers === undefined ? {} : { leftovers }),
    ...(pauses === 0 ? {} : { pauses }),
    ...(earlier === null ? {} : { renamedFrom: earlier }),
  };
}

/** Stops reporting pauses that were long ago. */
export function pursuePausing(work: Work, route: RouteState): void {
  for (const id of route.pausing) {
    const file = work.state.files.get(id);
    if (file !== undefined && (!isEnded(file.status) || file.discoveredAt + limits.pausingForMs > work.wall)) continue;
    route.pausing.delete(id);
  }
}
