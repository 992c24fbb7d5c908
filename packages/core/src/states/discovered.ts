// DISCOVERED: the source has the file, and it is not known yet whether it has settled.
//
// Entered when a scan sees the path for the first time, or again after its newest tracked file ended; from READY when an
// operator ended its hold, since it may have changed meanwhile.
// Ended by GROWING (its size or mtime changes), READY (no change for `stable_after`; with hold `needs_you` if its name cannot
// be copied) or REMOVED (it is gone).

import { type CompletedFile, type DiscoveredFile, isEnded, type SourceEntry, type TrackedFile } from '../model/file.ts';
import { type FileId, fileId } from '../model/ids.ts';
import { limits } from '../model/limits.ts';
import { firstSight, restMs } from '../policy/growth.ts';
import { endNotBegun } from '../removal/records.ts';
import { earlierName, planName, yieldName } from '../state/names.ts';
import type { RouteState } from '../state/state.ts';
import { create, note, type Work } from '../state/work.ts';
import { watchOn } from './growing.ts';
import { hasValidName, needsPerson } from './ready.ts';

/** Returns the first name for a source: its own, unless this lineage once sent a create, link or rename for it and got no answer. */
function firstName(work: Work, route: RouteState, source: string, burned: readonly string[]) {
  if (!burned.includes(source)) return { destination: source, nameNumber: 0, nameReason: null };
  return { ...planName(work, route, { source, burned }, null, 1), nameReason: 'name_taken' as const };
}

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
  const name = firstName(work, route, entry.path, before?.burned ?? none);
  const earlier = earlierName(work.state, route, entry);
  const more = { ...(pauses === 0 ? {} : { pauses }), ...(earlier === null ? {} : { renamedFrom: earlier }) };
  const file = foundFile(work, route, entry, before, { ...name, id, burned: before?.burned ?? none, ...more });
  yieldName(work, route, entry.path);
  create(work, file, { kind: 'found' });
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
  const file = foundFile(work, route, entry, before, { destination, nameNumber, nameReason, id, burned });
  route.renewed.add(id);
  create(work, file, { kind: 'found_again', after: before.id });
  watchOn(work, route, file);
  return file;
}

/** A shared empty list. A separate one for each of a hundred thousand files would take more memory than their names. */
const none: readonly never[] = [];

type Identified = Pick<DiscoveredFile, 'id' | 'destination' | 'nameNumber' | 'nameReason' | 'burned' | 'pauses' | 'renamedFrom'>;

function foundFile(work: Work, route: RouteState, entry: SourceEntry, before: TrackedFile | null, identified: Identified): DiscoveredFile {
  if (entry.changedMs !== undefined) route.changes.set(entry.path, entry.changedMs);
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
    leftParts: before?.leftParts ?? none,
    leftVisible: before?.leftVisible ?? none,
    toMark: before?.toMark ?? none,
    // What failed growing copies left is handed on.
    ...(before?.leftovers === undefined ? {} : { leftovers: before.leftovers }),
    discoveredAt: work.wall,
    startedAt: null,
    endedAt: null,
    sourceGone: false,
    status: 'DISCOVERED',
    growth: firstSight(work.at),
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
