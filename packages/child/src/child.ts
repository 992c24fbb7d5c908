import process from 'node:process';
import { giveMemoryBack } from '@sluice/platform';
import { limits } from './limits.ts';
import type { Activity, Downward, Upward } from './messages.ts';

/** The child's end of its channel. */
export interface ChildChannel<In, Out> {
  /** Resolves when the message was handed to the system. Rejects where the parent is gone. */
  send(message: Out): Promise<void>;
  /** What came before the first handler was set is handed to it at once. */
  onMessage(handler: (message: In) => void): void;
  /** Check it before every call that creates, renames or removes. */
  isOpen(): boolean;
  /** Aborted when the channel closes; the process ends then. */
  readonly closed: AbortSignal;
  /** Says what is under way, at least every second. */
  setActivity(report: () => Activity | null): void;
}

/**
 * Makes this process a child: waits for its init and serves until the channel closes, then ends, by SIGKILL: an ordinary
 * exit waits for calls that hang, and may deadlock even without one.
 *
 * @param heartbeatMs how often it reports what is under way
 */
export function runChild<Init, In, Out>(
  serve: (init: Init, channel: ChildChannel<In, Out>) => void,
  heartbeatMs: number = limits.heartbeatMs,
): void {
  const ended = new AbortController();
  const handlers: ((message: In) => void)[] = [];
  const early: In[] = [];
  let activity: () => Activity | null = () => null;
  let isBeating = false;

  const sendUp = (upward: Upward<Out>): Promise<void> =>
    new Promise((resolve, reject) => {
      if (!process.connected) {
        reject(new Error('the channel is closed'));
        return;
      }
      process.send?.(upward, undefined, {}, (error: Error | null) => (error === null ? resolve() : reject(error)));
    });

  const bundles = createBundles<Out>((messages) => sendUp({ is: 'messages', messages }));
  const channel: ChildChannel<In, Out> = {
    send: bundles.send,
    onMessage(handler) {
      handlers.push(handler);
      for (const message of early.splice(0)) handler(message);
    },
    isOpen: () => process.connected && !ended.signal.aborted,
    closed: ended.signal,
    setActivity(report) {
      activity = report;
    },
  };

  const beat = setInterval(() => {
    // One at a time: a parent that was stopped would find a heap of them.
    if (isBeating) return;
    isBeating = true;
    sendUp({ is: 'heartbeat', activity: activity() }).then(
      () => {
        isBeating = false;
      },
      () => end(),
    );
  }, heartbeatMs);

  function end(): void {
    clearInterval(beat);
    try {
      ended.abort();
    } finally {
      process.kill(process.pid, 'SIGKILL');
    }
  }

  process.on('message', (downward: Downward<Init, In>) => {
    if (downward.is === 'init') serve(downward.init, channel);
    else if (handlers.length === 0) early.push(...downward.messages);
    else for (const message of downward.messages) for (const handler of handlers) handler(message);
  });
  process.on('disconnect', end);
  giveMemoryBack();
  // The terminal's Ctrl-C reaches the whole group, a closed terminal too: only the agent decides when its children end.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
  sendUp({ is: 'ready' }).catch(() => end());
}

interface Bundles<Out> {
  /** Resolves or rejects with the sending of the bundle that the message is part of. */
  send(message: Out): Promise<void>;
}

/** Collects what is sent in one turn of the event loop: a message for each of many small steps costs more than the steps. */
function createBundles<Out>(sendAll: (messages: readonly Out[]) => Promise<void>): Bundles<Out> {
  let waiting: Out[] = [];
  let sending: Promise<void> | null = null;
  const flush = (): Promise<void> => {
    const messages = waiting;
    waiting = [];
    sending = null;
    return messages.length === 0 ? Promise.resolve() : sendAll(messages);
  };
  // A child that crashes still says what it had said.
  process.once('exit', () => void flush().catch(() => undefined));
  return {
    send(message) {
      waiting.push(message);
      sending ??= new Promise((resolve, reject) => {
        setImmediate(() => void flush().then(resolve, reject));
      });
      return sending;
    },
  };
}
