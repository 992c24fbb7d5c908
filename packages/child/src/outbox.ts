import type { ChildProcess } from 'node:child_process';
import { limits } from './limits.ts';

/** What was sent to a child and not taken by the system yet. Bounded: a child that does not read costs no memory. */
export interface Outbox<Message> {
  /** @returns false where the channel is closed, or too much is waiting already */
  send(message: Message): boolean;
}

/** What a child may leave unread. */
export interface OutboxLimits {
  readonly queuedMessages: number;
  readonly queuedBytes: number;
}

/** @param onClogged called once when a message was refused for those that wait, and again only after one was taken */
export function createOutbox<Message>(
  child: Pick<ChildProcess, 'connected' | 'send'>,
  onClogged: (queued: { readonly messages: number; readonly bytes: number }) => void,
  { queuedMessages, queuedBytes }: OutboxLimits = limits,
): Outbox<Message> {
  let messages = 0;
  let bytes = 0;
  let isClogged = false;

  const mayQueue = (size: number): boolean => messages === 0 || (messages < queuedMessages && bytes + size <= queuedBytes);

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
      // An error means that the channel closed: the end of the child follows.
      child.send(message as object, () => {
        messages -= 1;
        bytes -= size;
        isClogged = false;
      });
      return true;
    },
  };
}
