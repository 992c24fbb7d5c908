import process from 'node:process';
import { giveMemoryBack } from '@sluice/platform';
import { limits } from './limits.ts';
import type { Activity, Downward, Upward } from './messages.ts';

/** The child's end of its channel. */
export interface ChildChannel<In, Out> {
  /** Sends a message. Resolves when the system has taken it; rejects if the parent has ended. */
  send(message: Out): Promise<void>;
  /** Sets the handler. Messages that came before the first handler was set are passed to it at once. */
  onMessage(handler: (message: In) => void): void;
  /** Returns whether the parent still listens. Check it before every call that creates, renames or removes something. */
  isOpen(): boolean;
  /** Aborted when the channel closes; the process ends then. */
  readonly closed: AbortSignal;
  /** Sets what the heartbeat reports as under way, at least every second. */
  setActivity(report: () => Activity | null): void;
}

/**
 * Makes this process a child: waits for its init and serves until the channel closes. It then ends by SIGKILL, because an ordinary
 * exit waits for calls that hang, and may deadlock even without one.
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
    // One heartbeat at a time: otherwise a parent that was stopped would find many of them.
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
  // Ctrl-C and a closed terminal reach the whole process group, but only the agent decides when its children end.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
  sendUp({ is: 'ready' }).catch(() => end());
}

interface Bundles<Out> {
  /** Sends a message. Settles with the sending of the bundle that contains it. */
  send(message: Out): Promise<void>;
}

/**
 * Collects the messages of one event-loop turn in one bundle. Sending a message for each of many small steps would cost more than
 * the steps.
 */
function createBundles<Out>(sendAll: (messages: readonly Out[]) => Promise<void>): Bundles<Out> {
  let waiting: Out[] = [];
  let sending: Promise<void> | null = null;
  const flush = (): Promise<void> => {
    const messages = waiting;
    waiting = [];
    sending = null;
    return messages.length === 0 ? Promise.resolve() : sendAll(messages);
  };
  // A child that crashes still sends the messages it had queued.
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
