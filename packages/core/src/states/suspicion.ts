import type { CopyReport } from '../model/copy.ts';
import type { CallFault, FailureReason } from '../model/fault.ts';
import type { RunningFile } from '../model/file.ts';
import { isFullCode, kindWhileReachable } from '../policy/error-codes.ts';
import type { RouteState } from '../state/state.ts';
import { askProbe, isPublishing, refresh, runningFiles, type Work } from '../state/work.ts';
import { fail } from './failed.ts';

/** Codes whose meaning no probe can change. */
const isCertain = (code: string): boolean => isFullCode(code) || code === 'MISMATCH';

/**
 * Suspects the destination after an error or silence of a copy. A probe that begins later decides what the cause was.
 *
 * @param isFinal whether the copy is over whatever the probe finds; false: it is only silent so far
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

/**
 * Suspects the destination, or the source, because a call of a copy has not returned. The return of the call before it was a sign of
 * life.
 */
export function suspectSilence(work: Work, route: RouteState, file: RunningFile, stalled: Extract<CopyReport, { kind: 'stalled' }>): void {
  const { side, operation, sinceMs } = stalled;
  const alive = { ...file, aliveAt: Math.max(file.aliveAt, work.at - sinceMs) };
  suspect(work, route, alive, { side, code: 'SILENT', operation, message: `no answer for ${sinceMs} ms` }, false);
}

/** Ends every copy to the destination, because its gate is closed. */
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
