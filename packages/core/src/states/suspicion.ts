import type { CallFault, FailureReason } from '../model/fault.ts';
import type { RunningFile } from '../model/file.ts';
import { isFullCode, kindWhileReachable } from '../policy/error-codes.ts';
import type { RouteState } from '../state/state.ts';
import { askProbe, isPublishing, refresh, runningFiles, type Work } from '../state/work.ts';
import { fail } from './failed.ts';

/** Codes that mean the same whatever a probe says. */
const isCertain = (code: string): boolean => isFullCode(code) || code === 'MISMATCH';

/**
 * A copy met an error or a silence at the destination: a probe begun after it decides what it was.
 *
 * @param isFinal the copy is over whatever the probe says; false: only silent so far
 */
export function suspect(work: Work, route: RouteState, file: RunningFile, fault: CallFault, isFinal: boolean): void {
  if (fault.side === 'source') {
    if (work.at - file.aliveAt >= route.settings.stallMaxMs) fail(work, route, file, 'source_unreadable', { kind: 'call', fault });
    return;
  }
  if (isFinal && isCertain(fault.code) && !isPublishing(file)) {
    fail(work, route, file, kindWhileReachable(fault.code, false), { kind: 'call', fault });
    return;
  }
  if (file.suspicion?.isFinal === true) return;
  refresh(work, { ...file, suspicion: { fault, isFinal, since: work.at } });
  if (route.gate.state === 'closed') interrupt(work, route);
  else askProbe(work, route);
}

/** The gate is closed: every copy of the destination is over, at once. */
export function interrupt(work: Work, route: RouteState): void {
  for (const file of runningFiles(work, route)) {
    if (isPublishing(file)) refresh(work, { ...file, suspicion: null });
    else
      fail(
        work,
        route,
        file,
        'network_interruption',
        file.suspicion === null ? gateReason(route) : { kind: 'call', fault: file.suspicion.fault },
      );
  }
}

function gateReason(route: RouteState): FailureReason {
  const { cause, code, finding } = route.gate;
  return { kind: 'gate', code: code ?? cause ?? 'unknown', destination: route.settings.destination, finding };
}
