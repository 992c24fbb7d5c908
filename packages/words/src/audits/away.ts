import type { Away } from '@sluice/audit';
import { findingText } from '../failures/finding.ts';

/** What an audit came to. */
export interface AuditVerdict {
  /** Whether all is as it was asked for. */
  readonly ok: boolean;
  /** The sentence that the command prints first. */
  readonly text: string;
}

/** Why a destination could not be compared with. @param destination as it is configured */
export function awayText(away: Away, destination: string): string {
  if (away.kind === 'unanswered') return `the storage does not answer: ${away.why}`;
  return findingText({ destination, cause: away.cause, code: away.code, finding: away.finding }).operator;
}
