import type { ChildProcess } from 'node:child_process';
import { limits } from './limits.ts';

/** The messages to a child that the system has not taken yet. Bounded, so that a child that does not read costs little memory. */
export interface Outbox<Message> {
  /** Queues a message. @returns false if the channel is closed or the queue is full */
  send(message: Message): boolean;
}

/** What a child may leave unread. */
export interface OutboxLimits {
  readonly queuedMessages: number;
  readonly queuedBytes: number;
}

/**
 * Returns an empty outbox.
 * @param bundle makes one message of those that are sent in one event-loop turn
 * @param onClogged called once when a message is refused because the queue is full, and again only after the child has taken one
 */
export function createOutbox<Message>(
  child: Pick<ChildProcess, 'connected' | 'send'>,
  bundle: (messages: readonly Message[]) => object,
  onClogged: (queued: { readonly messages: number; readonly bytes: number }) => void,
  { queuedMessages, queuedBytes }: OutboxLimits = limits,
): Outbox<Message> {
  let messages = 0;
  let bytes = 0;
  let isClogged = false;
  /** Not given to the system yet. */
  let waiting: Message[] = [];
  let waitingBytes = 0;

  const mayQueue = (size: number): boolean => messages === 0 || (messages < queuedMessages && bytes + size <= queuedBytes);

  const flush = (): void => {
    const [sent, size] = [waiting, waitingBytes];
    waiting = [];
    waitingBytes = 0;
    if (!child.connected) return;
    // An error means that the channel is closed. The end of the child follows.
    child.send(bundle(sent), () => {
      messages -= sent.length;
      bytes -= size;
      isClogged = false;
    });
  };

  return {
    send(message) {
      if (!child.connected) return false;
      const size = JSON.stringify(message).length;
      if (!mayQueue(size)) {
        if (!isClogged) onClogged({ messages, bytes });
        isClogged = true;
        return false;
      }
      messages += 1;
      bytes += size;
      waitingBytes += size;
      if (waiting.push(message) === 1) queueMicrotask(flush);
      return true;
    },
  };
}
