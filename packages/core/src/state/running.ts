import type { CopyOrder, CopyReport } from '../model/copy.ts';
import type { CallFault } from '../model/fault.ts';
import { isRunning, type RunningFile, type TrackedFile } from '../model/file.ts';
import type { RouteState } from './state.ts';
import type { Work } from './work.ts';

const smoothing = 0.3;

/** New figures of a running copy: a sign of life, and with it the end of a mere silence. */
export function progressed<Of extends RunningFile>(work: Work, file: Of, copiedBytes: number, sizeBytes: number): Of {
  const seconds = Math.max((work.at - file.aliveAt) / 1000, 0.001);
  const rate = Math.max(copiedBytes - file.copiedBytes, 0) / seconds;
  const suspicion = file.suspicion?.isFinal === true ? file.suspicion : null;
  const known = file.fingerprint.sizeBytes;
  const size = Math.max(known, sizeBytes, copiedBytes);
  const source = work.state.routes.get(file.route)?.source;
  if (source !== undefined) source.grownBytes += size - known;
  return {
    ...file,
    copiedBytes,
    fingerprint: { ...file.fingerprint, sizeBytes: size },
    bytesPerSecond: Math.round(file.bytesPerSecond * (1 - smoothing) + rate * smoothing),
    aliveAt: work.at,
    suspicion,
  };
}

/** The destination has to be asked what became of its last request: such a file does not fail with the gate. */
export function isPublishing(file: RunningFile): boolean {
  return file.status === 'VERIFYING' && file.publishing.step !== 'none';
}

/** Whether a growing copy may be written under its final name, where it can be seen if it fails; not of a file that needs a person. */
export function mayBeSeen({ settings }: RouteState, file: Pick<TrackedFile, 'leftVisible' | 'countedAttempts'>): boolean {
  const { growing, maxAttempts, recovery } = settings;
  return growing.visible && file.leftVisible.length < recovery.maxVisible && file.countedAttempts < maxAttempts;
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

/** A silence as a fault: which call on which side has not come back. */
export function silence(report: Extract<CopyReport, { kind: 'stalled' }>): CallFault {
  const message = `no answer for ${report.sinceMs} ms`;
  return { side: report.side, code: 'SILENT', operation: report.operation, message };
}

/** The order of a running copy, as its record has it by now. */
export function orderAgain(route: RouteState, file: RunningFile, compare: boolean): CopyOrder {
  return {
    route: file.route,
    fileId: file.id,
    copyId: file.copyId,
    source: file.source,
    sourceIdentity: route.identities.get(file.source) ?? null,
    destination: file.destination,
    part: file.part,
    growing: file.growing,
    expected: file.expected,
    mode: file.mode,
    compare,
    removeFirst: [],
    mount: route.gate.mount ?? { path: route.settings.destination, mountId: null },
  };
}
