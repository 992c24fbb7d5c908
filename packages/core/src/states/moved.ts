import type { ReadyFile, SourceEntry, TrackedFile, WaitingForNetworkFile, WaitingForSpaceFile } from '../model/file.ts';
import { sameFingerprint } from '../model/ids.ts';
import { firstSight, observeMove } from '../policy/growth.ts';
import { watchOn } from '../requests/watching.ts';
import type { RouteState } from '../state/state.ts';
import { refresh, type Work } from '../state/work.ts';
import { becomeGrowing } from './growing.ts';
import { becomeReady, hasValidName } from './ready.ts';

/** A file that waits was seen again. A recording is expected to move; anything else has to come to rest again. */
export function observeReady(work: Work, route: RouteState, file: ReadyFile, entry: SourceEntry): void {
  if (sameFingerprint(file.fingerprint, entry.fingerprint)) return;
  if (file.growing || file.hold === 'operator' || !hasValidName(file))
    refresh(work, { ...file, fingerprint: entry.fingerprint, mode: entry.mode, movedAt: work.at });
  else moveAgain(work, route, file, entry);
}

/** A file that waited was seen to move: it has to come to rest again. */
export function moveAgain(work: Work, route: RouteState, file: TrackedFile, entry: SourceEntry): void {
  const growth = observeMove(firstSight(work.at), file.fingerprint.sizeBytes, entry.fingerprint.sizeBytes, work.at, 0);
  const seen = { fingerprint: entry.fingerprint, mode: entry.mode, mayGrow: entry.mayGrow, growth };
  watchOn(work, route, becomeGrowing(work, { ...file, ...seen }, { kind: 'source_changes' }, false));
}

/** A waiting file was seen with another fingerprint. */
export function observeWaiting(work: Work, route: RouteState, file: WaitingForNetworkFile | WaitingForSpaceFile, entry: SourceEntry): void {
  if (sameFingerprint(file.fingerprint, entry.fingerprint)) return;
  if (file.growing) refresh(work, { ...file, fingerprint: entry.fingerprint });
  else moveAgain(work, route, becomeReady(work, file, file, { kind: 'source_changes' }), entry);
}
