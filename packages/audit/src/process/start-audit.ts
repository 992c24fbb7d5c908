import { startChild } from '@sluice/child';
import { wakingClock } from '@sluice/platform';
import type { Differing, Judged, RouteAudit, Verified } from '../model.ts';
import { type AuditInit, type AuditMessage, isAuditMessage } from './messages.ts';

/** Receives the results of an audit while it runs. */
export interface Listener {
  counted(files: number, bytes: number): void;
  progress(files: number, bytes: number): void;
  judged?(files: readonly Judged[]): void;
  differs?(file: Differing): void;
  right?(ids: readonly string[]): void;
  otherCopy?(found: Extract<AuditMessage, { kind: 'other_copy' }>): void;
}

/** How an audit process ended. */
export interface AuditEnd {
  readonly route: RouteAudit;
  /** Null: the task was not `verify`. */
  readonly verified: Verified | null;
}

/** The journal cannot be read, or the audit has a fault. */
export class AuditFailed extends Error {
  override name = 'AuditFailed';
  readonly isJournal: boolean;

  constructor(why: string, isJournal: boolean) {
    super(why);
    this.isJournal = isJournal;
  }
}

/** A running audit. */
export interface RunningAudit {
  /** @throws AuditFailed */
  readonly end: Promise<AuditEnd>;
  /** Ends the process, even during a call. `end` stays pending. */
  abandon(): void;
}

/**
 * Starts an audit of one route in a separate process, so that a call to storage that hangs does not delay other answers.
 *
 * @param silenceMs how long the audit may make no progress before the storage counts as offline, milliseconds
 */
export function startAudit(init: AuditInit, listener: Listener, silenceMs: number): RunningAudit {
  const { promise: end, resolve, reject } = Promise.withResolvers<AuditEnd>();
  const nothing = { route: init.route.name, sourceCode: null, unread: [], leftAlone: [] };
  const unanswered = (why: string): void => {
    stop();
    resolve({ route: { ...nothing, away: { kind: 'unanswered', why } }, verified: null });
  };
  let callOff = (): void => undefined;
  const waitAgain = (): void => {
    callOff();
    callOff = wakingClock.after(silenceMs, () => unanswered(`no answer within ${Math.round(silenceMs / 1000)} s`));
  };
  const child = startChild<AuditInit, never, AuditMessage>({
    kind: 'audit',
    init,
    accepts: isAuditMessage,
    onMessage(message) {
      waitAgain();
      if (message.kind === 'failed') {
        stop();
        reject(new AuditFailed(message.why, message.isJournal));
      } else if (message.kind === 'ended') {
        stop();
        resolve({ route: message.route, verified: message.verified });
      } else hear(listener, message);
    },
    onEnd: ({ diagnosis }) => unanswered(`its process ended: ${diagnosis.trim()}`),
  });
  const stop = (): void => {
    callOff();
    child.abandon();
  };
  waitAgain();
  return { end, abandon: stop };
}

function hear(listener: Listener, message: Exclude<AuditMessage, { kind: 'failed' | 'ended' }>): void {
  if (message.kind === 'counted') listener.counted(message.files, message.bytes);
  else if (message.kind === 'progress') listener.progress(message.files, message.bytes);
  else if (message.kind === 'judged') listener.judged?.(message.files);
  else if (message.kind === 'differs') listener.differs?.(message.file);
  else if (message.kind === 'other_copy') listener.otherCopy?.(message);
  else listener.right?.(message.ids);
}
