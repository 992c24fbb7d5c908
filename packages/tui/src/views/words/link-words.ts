import { unreachable } from '@sluice/core/model';
import type { Link } from '../../model/model.ts';

type Lost = Extract<Link, { kind: 'lost' }>;

/** Returns the word about an agent that was never seen. It may run, and belong to another user. */
export function lostWord({ cause }: Pick<Lost, 'cause'>): 'NO AGENT' | 'NO ACCESS' | 'NO ANSWER' {
  switch (cause) {
    case 'not_running':
      return 'NO AGENT';
    case 'refused':
      return 'NO ACCESS';
    case 'away':
      return 'NO ANSWER';
    default:
      return unreachable(cause);
  }
}

/** Returns the same with the reason. */
export function lostText({ cause, why }: Lost): string {
  if (cause === 'refused') return why;
  return `${cause === 'not_running' ? 'no agent' : 'no answer'}: ${why}`;
}
