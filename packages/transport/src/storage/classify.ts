import type { CallFault, GateCause, Side } from '@sluice/core';
import { errnoOf } from '@sluice/platform';

/** What an errno of the root means for the whole destination. */
export function gateCauseOf(code: string): GateCause {
  switch (code) {
    case 'EROFS':
      return 'read_only';
    case 'EACCES':
    case 'EPERM':
      return 'denied';
    default:
      return 'unreachable';
  }
}

/** What the adapters make of anything a call threw; decided by its code, never by its text. */
export function toCallFault(side: Side, operation: string, error: unknown): CallFault {
  return { side, code: errnoOf(error), operation, message: messageOf(error) };
}

/** A finding that travels as errnos do. */
export function withCode(code: string, message: string): Error {
  return Object.assign(new Error(`${code}: ${message}`), { code });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
