import type { CallFault, GateCause, OwnCode, Side } from '@sluice/core/model';
import { errnoOf } from '@sluice/platform';

/** An expected failure on its way to the border of a lane, where it becomes a report. */
export class CallFailure extends Error {
  override name = 'CallFailure';
  readonly fault: CallFault;
  /** For `errnoOf`. */
  readonly code: string;

  constructor(fault: CallFault, cause?: unknown) {
    super(`${fault.operation}: ${fault.message}`, { cause });
    this.fault = fault;
    this.code = fault.code;
  }
}

export type FindingCode = Exclude<OwnCode, 'SILENT' | 'FOLDER_TOO_LONG' | 'PATH_TOO_LONG' | 'CHILD_LOST'>;

/** One of Sluice's own findings, not an errno. */
export function finding(side: Side, code: FindingCode, operation: string, message: string): CallFailure {
  return new CallFailure({ side, code, operation, message });
}

/** `O_DIRECT` is refused: at the open, or at the first read. */
export function isDirectRefused(error: unknown): boolean {
  return directRefused.has(errnoOf(error));
}

const directRefused = new Set(['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

export function isOfSide(error: unknown, side: Side): boolean {
  return error instanceof CallFailure && error.fault.side === side;
}

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

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
