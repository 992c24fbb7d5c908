import type { CopyReport } from '../model/copy.ts';
import type { CompletedFile, SourceEntry } from '../model/file.ts';
import { copyId, type Fingerprint, sameFingerprint } from '../model/ids.ts';
import type { Recheck, RouteState } from '../state/state.ts';
import { ask, note, type Work } from '../state/work.ts';
import { discover } from './discovered.ts';

export function wantRecheck(work: Work, route: RouteState, file: CompletedFile, entry: SourceEntry): void {
  const before = route.rechecks.get(file.id);
  if (before !== undefined && sameFingerprint(before.entry.fingerprint, entry.fingerprint)) return;
  // A hash under way is of what it was before, and is not wanted any more.
  route.rechecks.set(file.id, { fileId: file.id, entry, movedAt: work.at, copyId: null });
  route.quiet.lastChangeAt = work.at;
}

/** Starts one where it is at rest and none runs. Hashing a source needs no destination. */
export function pursueRechecks(work: Work, route: RouteState): void {
  if (route.rechecks.size === 0 || work.state.stopping !== null) return;
  for (const recheck of route.rechecks.values()) if (recheck.copyId !== null) return;
  const { scanning, settings, source } = route;
  for (const recheck of route.rechecks.values()) {
    if (scanning.evidenceAt < recheck.movedAt + settings.stableAfterMs + source.cacheMs) continue;
    const id = copyId(work.ids.fresh());
    route.rechecks.set(recheck.fileId, { ...recheck, copyId: id });
    const { path, fingerprint } = recheck.entry;
    ask(work, { kind: 'hash_source', route: settings.name, fileId: recheck.fileId, copyId: id, source: path, expected: fingerprint });
    return;
  }
}

/** The answer of the carrier; anything but a hash of the expected file means: look again later. */
export function recheckReport(work: Work, route: RouteState, recheck: Recheck, report: CopyReport): void {
  if (report.kind !== 'source_hashed' && report.kind !== 'failed') return;
  const file = work.state.files.get(recheck.fileId);
  route.rechecks.delete(recheck.fileId);
  if (file?.status !== 'COMPLETED' && file?.status !== 'COMPLETED_DELETE_FAILED') return;
  if (report.kind === 'failed') {
    if (report.fault.code !== 'ENOENT') wantRecheck(work, route, file, recheck.entry);
    return;
  }
  if (report.hash.value === file.hash?.value) refreshRecord(work, file, recheck.entry.fingerprint);
  else discover(work, route, recheck.entry, file);
}

function refreshRecord(work: Work, file: CompletedFile, fingerprint: Fingerprint): void {
  note(work, { ...file, fingerprint }, { kind: 'same_bytes', mtimeNs: fingerprint.mtimeNs });
}
