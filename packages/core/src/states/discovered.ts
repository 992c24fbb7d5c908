import type { SourceEntry } from '../entry.ts';
import type { DiscoveredFile, TrackedFile } from '../file.ts';
import { type FileId, fileId } from '../ids.ts';
import { firstSight } from '../scan/growth.ts';
import { watchOn } from '../scan/watching.ts';
import type { RouteState } from '../state.ts';
import { create, type Work } from '../work.ts';
import { yieldName } from './names.ts';
import { carriesName, needsPerson } from './ready.ts';

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
  const file: DiscoveredFile = {
    id,
    route: route.settings.name,
    source: entry.path,
    destination: entry.path,
    nameNumber: 0,
    nameValid: entry.nameValid,
    nameReason: null,
    fingerprint: entry.fingerprint,
    mode: entry.mode,
    mayGrow: entry.mayGrow,
    attempt: 1,
    countedAttempts: 0,
    recoveryOf: null,
    recoveredBy: null,
    burned: before?.burned ?? [],
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
  yieldName(work, route, entry.path);
  create(work, file, 'found');
  if (carriesName(file)) watchOn(work, route, file);
  else needsPerson(work, file, 'name cannot be carried');
  return file;
}
