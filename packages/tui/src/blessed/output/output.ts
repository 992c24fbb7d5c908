import { errnoOf, type WriteSome } from '@sluice/platform';
import { terminalLimits } from '../limits.ts';

/** The output to a terminal, whose reader may stall or end at any time. */
export interface ScreenOutput {
  /**
   * Writes without blocking and without throwing.
   * @returns false if it was dropped, because too much is waiting or the reader has ended
   */
  write(text: string): boolean;
  /** Returns whether nothing is waiting. Only then is drawing useful. */
  isIdle(): boolean;
  /** Calls the listener each time that the last waiting byte was written. */
  onIdle(listener: () => void): void;
  /** Drops what is waiting, maybe in the middle of a sequence. @returns whether there was anything */
  drop(): boolean;
  /** Tries once more to write what is waiting. Blocks for at most this long. */
  drain(deadlineMs: number): void;
  /** Returns whether the reader has ended. */
  isClosed(): boolean;
}

/** Returns an output. @param writeSome see `openWriter` */
export function screenOutput(writeSome: WriteSome): ScreenOutput {
  let waiting: Uint8Array = new Uint8Array(0);
  let isClosed = false;
  let timer: NodeJS.Timeout | null = null;
  let retryMs: number = terminalLimits.retryFirstMs;
  const listeners: (() => void)[] = [];

  const push = (): void => {
    try {
      while (waiting.length > 0) {
        waiting = waiting.subarray(writeSome(waiting));
        retryMs = terminalLimits.retryFirstMs;
      }
    } catch (error) {
      if (!isBusy(error)) close();
    }
  };
  const close = (): void => {
    isClosed = true;
    waiting = new Uint8Array(0);
  };
  const retry = (): void => {
    timer = null;
    push();
    if (waiting.length > 0) later();
    else for (const listener of listeners) listener();
  };
  const later = (): void => {
    timer ??= setTimeout(retry, retryMs).unref();
    retryMs = Math.min(terminalLimits.retryLastMs, retryMs * 2);
  };
  return {
    write: (text) => {
      const bytes = Buffer.from(text, 'utf8');
      if (isClosed || waiting.length + bytes.length > terminalLimits.waitingBytes) return false;
      const wasIdle = waiting.length === 0;
      waiting = wasIdle ? bytes : Buffer.concat([waiting, bytes]);
      if (wasIdle) push();
      if (waiting.length > 0) later();
      return !isClosed;
    },
    isIdle: () => waiting.length === 0,
    onIdle: (listener) => void listeners.push(listener),
    drop: () => {
      const wasWaiting = waiting.length > 0;
      waiting = new Uint8Array(0);
      return wasWaiting;
    },
    drain: (deadlineMs) => {
      const end = performance.now() + deadlineMs;
      for (push(); waiting.length > 0 && performance.now() < end; push()) block(terminalLimits.drainStepMs);
      if (timer !== null) clearTimeout(timer);
      timer = null;
    },
    isClosed: () => isClosed,
  };
}

function isBusy(error: unknown): boolean {
  const code = errnoOf(error);
  return code === 'EAGAIN' || code === 'EWOULDBLOCK' || code === 'EINTR';
}

function block(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
