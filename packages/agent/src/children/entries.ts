import { runIntake, runSurvey } from '@sluice/intake';
import { runCarrier, runEvidence, runLeftovers, runProber, runRemover } from '@sluice/transport';

/** What the program becomes when it is started as `__child <kind>`. */
const entries: Readonly<Record<string, () => unknown>> = {
  intake: runIntake,
  survey: runSurvey,
  prober: runProber,
  carrier: runCarrier,
  evidence: runEvidence,
  leftovers: runLeftovers,
  remover: runRemover,
  // Only these two need SQLite.
  audit: async () => (await import('@sluice/audit')).runAudit(),
  reader: async () => (await import('../questions/reader.ts')).runReader(),
};

/** @returns false where there is no such kind */
export function runChildKind(kind: string): boolean {
  const run = Object.hasOwn(entries, kind) ? entries[kind] : undefined;
  void run?.();
  return run !== undefined;
}
