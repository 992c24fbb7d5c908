import type { RunningFile } from '../model/file.ts';
import { kindWhileReachable } from '../policy/error-codes.ts';
import type { RouteState } from '../state/state.ts';
import { isPublishing, refresh, runningFiles, type Work } from '../state/work.ts';
import { fail } from '../states/failed.ts';
import { askPublishAgain, readBackFresh } from '../states/verifying.ts';

/**
 * Resolves suspicions after a good answer to a probe that was sent at `sentAt`. A copy that was suspected before then has its own
 * trouble: the destination answers.
 */
export function resolveSuspicions(work: Work, route: RouteState, sentAt: number): void {
  for (const file of runningFiles(work, route)) {
    if (file.status === 'VERIFYING' && file.freshSince !== null && file.freshSince <= sentAt) readBackFresh(work, route, file);
    if (file.suspicion !== null && file.suspicion.since <= sentAt) judge(work, route, file);
  }
}

function judge(work: Work, route: RouteState, file: RunningFile): void {
  const { suspicion } = file;
  if (suspicion === null) return;
  if (suspicion.isFinal) {
    if (file.status === 'VERIFYING' && isPublishing(file) && suspicion.fault.code === 'CHILD_LOST') {
      askPublishAgain(work, route, refresh(work, { ...file, suspicion: null }));
      return;
    }
    fail(work, route, file, kindWhileReachable(suspicion.fault.code, hasRoomFor(route, file)), { kind: 'call', fault: suspicion.fault });
    return;
  }
  // The silence is reported again as long as it lasts. A call that has returned since, or a wait for other copies, is not a silence.
  if (suspicion.since - file.aliveAt >= route.settings.stallMaxMs)
    fail(work, route, file, 'destination_error', { kind: 'call', fault: suspicion.fault });
  else refresh(work, { ...file, suspicion: null });
}

/**
 * Returns whether the bytes that the file still needs would fit. At least 1 byte is required, since a disk that has no free byte
 * is full.
 */
function hasRoomFor({ space }: RouteState, file: RunningFile): boolean {
  const missingBytes = Math.max(1, file.fingerprint.sizeBytes - file.copiedBytes);
  return !space.isFull && (space.disk.freeBytes === null || space.disk.freeBytes >= missingBytes);
}
