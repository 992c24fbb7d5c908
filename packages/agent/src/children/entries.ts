import { runRemnants } from '@sluice/child';
import { runIntake, runSurvey } from '@sluice/intake';
import { runCarrier, runEvidence, runLeftovers, runProber, runRemover } from '@sluice/transport';

/** The entry points of `__child <kind>`. */
const entries: Readonly<Record<string, () => unknown>> = {
  intake: runIntake,
  survey: runSurvey,
  prober: runProber,
  carrier: runCarrier,
  evidence: runEvidence,
  leftovers: runLeftovers,
  remover: runRemover,
  remnants: runRemnants,
  // Imported on demand, because only these need SQLite.
  audit: async () => (await import('@sluice/audit')).runAudit(),
  safe: async () => (await import('@sluice/audit')).runSafe(),
  reader: async () => (await import('../reader/reader.ts')).runReader(),
};

/** Runs the entry point of a kind. @returns false if the kind is unknown */
export function runChildKind(kind: string): boolean {
  const run = Object.hasOwn(entries, kind) ? entries[kind] : undefined;
  void run?.();
  return run !== undefined;
}
