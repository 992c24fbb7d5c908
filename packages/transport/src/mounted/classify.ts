import type { CallFault, GateCause, Side } from '@sluice/core';

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
  return { side, code: codeOf(error), operation, message: messageOf(error) };
}

/** @returns the errno's name; `UNKNOWN` for what has none */
export function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return typeof code === 'string' ? code : 'UNKNOWN';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
