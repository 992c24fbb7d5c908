import { startChild } from '@sluice/child';
import type { ProvenFile } from '../model.ts';
import type { Progress } from '../process/progress.ts';
import { AuditFailed } from '../process/start-audit.ts';
import { isSafeMessage, type SafeInit, type SafeMessage, type SafeReport } from './safe-messages.ts';

/** Receives what such a process sends before its report. */
export interface SafeListener {
  onProgress(progress: Progress): void;
  /** Called with each part of the proven files. */
  onProven?(files: readonly ProvenFile[]): void;
}

/**
 * Checks in a separate process whether a source may be cleared, so that a caller that draws or serves is not delayed, however
 * many files there are. Aborting `signal` ends that process and the processes that it started.
 *
 * @throws AuditFailed
 */
export function startSafe(init: SafeInit, listener: SafeListener, signal: AbortSignal): Promise<SafeReport> {
  const { promise, resolve, reject } = Promise.withResolvers<SafeReport>();
  const child = startChild<SafeInit, never, SafeMessage>({
    kind: 'safe',
    init,
    accepts: isSafeMessage,
    onMessage(message) {
      if (message.kind === 'progress') return listener.onProgress(message.progress);
      if (message.kind === 'proven') return listener.onProven?.(message.files);
      child.abandon();
      if (message.kind === 'report') resolve(message.report);
      else reject(new AuditFailed(message.why, false));
    },
    onEnd: ({ diagnosis }) => reject(new AuditFailed(`its process ended: ${diagnosis.trim()}`, false)),
  });
  const cancel = (): void => {
    child.abandon();
    reject(new AuditFailed('it was canceled', false));
  };
  if (signal.aborted) cancel();
  else signal.addEventListener('abort', cancel, { once: true });
  return promise;
}
