import { constants } from 'node:os';
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
  if (typeof code !== 'string') return 'UNKNOWN';
  return code.startsWith('Unknown system error') ? nameOfErrno(error) : code;
}

/** libuv has no name for ESTALE, EDQUOT and a few more: `code` is a sentence then, and `errno` the negative number. */
function nameOfErrno(error: unknown): string {
  const errno = error instanceof Error && 'errno' in error ? error.errno : null;
  return Object.entries(constants.errno).find(([, number]) => number === -Number(errno))?.[0] ?? 'UNKNOWN';
}

/** A finding that travels as errnos do. */
export function withCode(code: string, message: string): Error {
  return Object.assign(new Error(`${code}: ${message}`), { code });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
