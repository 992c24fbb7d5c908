import type { CallFault } from '../fault.ts';
import { isRunning, type RunningFile } from '../file.ts';
import { fail } from '../states/failed.ts';
import { askPublish, readBackFresh } from '../states/verifying.ts';
import { type RouteState, routeOf } from '../state.ts';
import { refresh, type Work } from '../work.ts';
import { isFullCode, kindWhileReachable } from './codes.ts';
import { askProbe } from './gate.ts';

/** Codes that mean the same whatever a probe says. */
const isCertain = (code: string): boolean => isFullCode(code) || code === 'MISMATCH';

/**
 * A copy met an error or a silence at the destination: a probe begun after it decides what it was.
 *
 * @param isFinal the copy is over whatever the probe says; false: only silent so far
 */
export function suspect(work: Work, file: RunningFile, fault: CallFault, isFinal: boolean): void {
  const route = routeOf(work.state, file.route);
  if (fault.side === 'source') {
    if (work.at - file.aliveAt >= route.settings.stallMaxMs) fail(work, file, 'source_unreadable', fault);
    return;
  }
  if (isFinal && isCertain(fault.code) && !isPublishing(file)) {
    fail(work, file, kindWhileReachable(fault.code, false), fault);
    return;
  }
  if (file.suspicion?.isFinal === true) return;
  refresh(work, { ...file, suspicion: { fault, isFinal, since: work.at } });
  if (route.gate.state === 'closed') interrupt(work, route);
  else askProbe(work, route);
}

/** The destination has to be asked what became of its last request: such a file does not fail with the gate. */
export function isPublishing(file: RunningFile): boolean {
  return file.status === 'VERIFYING' && file.publishing.step !== 'none';
}

/** The gate is closed: every copy of the destination is over, at once. */
export function interrupt(work: Work, route: RouteState): void {
  for (const file of runningFiles(work, route)) {
    if (isPublishing(file)) refresh(work, { ...file, suspicion: null });
    else fail(work, file, 'network_interruption', file.suspicion?.fault ?? gateFault(route));
  }
}

function gateFault(route: RouteState): CallFault {
  const { cause, code, technical } = route.gate;
  return { side: 'destination', code: code ?? cause ?? 'unknown', operation: 'probe', message: technical };
}

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

/** All running copies of a route, as they are now. */
export function runningFiles(work: Work, route: RouteState): RunningFile[] {
  const files: RunningFile[] = [];
  for (const status of ['COPYING', 'GROWING_COPY', 'VERIFYING'] as const) {
    for (const id of route.byStatus[status]) {
      const file = work.state.files.get(id);
      if (file !== undefined && isRunning(file)) files.push(file);
    }
  }
  return files;
}
