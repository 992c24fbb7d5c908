import type { RouteName } from '@sluice/core/model';
import { findingText } from '@sluice/words';
import type { Away } from '../model.ts';

/** The verdict of an audit. */
export interface AuditVerdict {
  /** True if the audit found nothing wrong. */
  readonly ok: boolean;
  /** The sentence that the command prints first. */
  readonly text: string;
}

/** Returns why the destination of a route could not be compared with. @param destination as configured */
export function awayText(away: Away, destination: string, route: RouteName): string {
  if (away.kind === 'unanswered') return `the storage does not answer: ${away.why}`;
  return findingText({ destination, cause: away.cause, code: away.code, finding: away.finding }, route).operator;
}
