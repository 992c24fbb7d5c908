import type { RunningFile } from '../file.ts';
import type { RouteState } from '../state.ts';
import { fail } from '../states/failed.ts';
import { isPublishing, runningFiles } from '../states/running.ts';
import { askPublish, readBackFresh } from '../states/verifying.ts';
import { refresh, type Work } from '../work.ts';
import { kindWhileReachable } from './codes.ts';

/** A probe sent at `sentAt` was answered well: what was suspected before it is the copy's own trouble. */
export function absolve(work: Work, route: RouteState, sentAt: number): void {
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
      askPublish(work, route, refresh(work, { ...file, suspicion: null }));
      return;
    }
    const hasRoom = !route.space.isFull && route.space.disk.freeBytes !== 0;
    fail(work, file, kindWhileReachable(suspicion.fault.code, hasRoom), suspicion.fault);
    return;
  }
  if (work.at - file.aliveAt >= route.settings.stallMaxMs) fail(work, file, 'destination_error', suspicion.fault);
  else refresh(work, { ...file, suspicion: null });
}
