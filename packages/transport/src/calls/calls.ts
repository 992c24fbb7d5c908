import type { Side } from '@sluice/core';
import { CallFailure, toCallFault } from '../storage/failure.ts';
import { type Clock, Stopped } from '../waiting.ts';

/** A call that was made and has not returned. */
export interface OutstandingCall {
  readonly side: Side;
  readonly operation: string;
  /** On the monotonic clock. */
  readonly sinceAt: number;
}

/**
 * The one door through which a lane calls its storage: what is outstanding is known at any moment, a caller can be
 * freed from a call that never returns, and an errno becomes a fault.
 */
export interface Calls {
  /** Fires at `stop`. */
  readonly signal: AbortSignal;
  /**
   * @param late what to do with a result that nothing waits for any more.
   * @throws CallFailure for what the call rejected with; Stopped when the lane was stopped first.
   */
  run<T>(side: Side, operation: string, call: () => Promise<T>, late?: (value: T) => void): Promise<T>;
  oldest(): OutstandingCall | null;
  /** Frees every caller. Calls under way go on where they are; their results are ignored. */
  stop(): void;
  /** After `stop`: new calls may be made, to clean up. */
  reopen(): void;
  /** Waits until every call under way has returned, however it was stopped. */
  settled(): Promise<void>;
}

export function createCalls(clock: Clock): Calls {
  const outstanding = new Map<OutstandingCall, Promise<void>>();
  let controller = new AbortController();
  return {
    get signal() {
      return controller.signal;
    },
    run(side, operation, call, late) {
      const { signal } = controller;
      if (signal.aborted) return Promise.reject(new Stopped());
      const raw = invoke(call);
      const entry: OutstandingCall = { side, operation, sinceAt: clock.now() };
      const forget = (): void => void outstanding.delete(entry);
      outstanding.set(entry, raw.then(forget, forget));
      return untilStopped(raw, signal, late, (error) => new CallFailure(toCallFault(side, operation, error), error));
    },
    oldest: () => outstanding.keys().next().value ?? null,
    stop: () => controller.abort(),
    reopen: () => {
      controller = new AbortController();
    },
    settled: async () => void (await Promise.all(outstanding.values())),
  };
}

/** A storage that throws instead of rejecting is no different. */
async function invoke<T>(call: () => Promise<T>): Promise<T> {
  return await call();
}

function untilStopped<T>(
  raw: Promise<T>,
  signal: AbortSignal,
  late: ((value: T) => void) | undefined,
  toFailure: (error: unknown) => Error,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(new Stopped());
    signal.addEventListener('abort', onAbort, { once: true });
    raw.then(
      (value) => {
        signal.removeEventListener('abort', onAbort);
        if (signal.aborted) late?.(value);
        resolve(value);
      },
      (error: unknown) => {
        signal.removeEventListener('abort', onAbort);
        reject(toFailure(error));
      },
    );
  });
}
