import type { CallFault, CopyReport } from '@sluice/core/model';
import type { SimClock } from '../../sim-clock.ts';
import { hashOf } from '../copy/copy.ts';

const firstMs = 20;
const everyMs = 700;

/** Sends reports of several kinds over some seconds, like those that a killed process had sent before. */
export function sendLateReports(clock: SimClock, report: (report: CopyReport) => void): void {
  lateReports().forEach((late, index) => clock.after(firstMs + everyMs * index, () => report(late)));
}

function lateReports(): CopyReport[] {
  const hash = hashOf({ sizeBytes: 1, stamp: 'late' });
  const fault: CallFault = { side: 'destination', code: 'EIO', operation: 'write', message: 'late' };
  return [
    { kind: 'progress', syncedBytes: 1, sizeBytes: 1, phase: null, phaseDone: null },
    { kind: 'name_taken' },
    { kind: 'copied', hash, fingerprint: { sizeBytes: 1, mtimeNs: '1' } },
    { kind: 'verified', readback: 'direct', sourceGone: true },
    { kind: 'published', notes: [] },
    { kind: 'already_there', hash, readback: 'direct', fingerprint: { sizeBytes: 1, mtimeNs: '1' } },
    { kind: 'linked', hash, readback: 'direct', fingerprint: { sizeBytes: 1, mtimeNs: '1' } },
    { kind: 'not_linked', why: 'differs' },
    { kind: 'withdrawn', left: false },
    { kind: 'failed', fault, syncedBytes: 1, sizeBytes: 1 },
  ];
}
