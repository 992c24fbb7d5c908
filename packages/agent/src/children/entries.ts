import { runIntake, runSurvey } from '@sluice/intake';
import { runCarrier, runEvidence, runProber } from '@sluice/transport';

/** What the program becomes when it is started as `__child <kind>`. */
const entries: Readonly<Record<string, () => void>> = {
  intake: runIntake,
  survey: runSurvey,
  prober: runProber,
  carrier: runCarrier,
  evidence: runEvidence,
};

/** @returns false where there is no such kind */
export function runChildKind(kind: string): boolean {
  if (!Object.hasOwn(entries, kind)) return false;
  entries[kind]?.();
  return true;
}
