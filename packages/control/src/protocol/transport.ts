import type { Socket } from 'node:net';
import { wakingClock } from '@sluice/platform';
import {
  AbstractMessageReader,
  AbstractMessageWriter,
  type DataCallback,
  type Disposable,
  type Message,
  type MessageWriter,
} from 'vscode-jsonrpc/node';
import { createFrameDecoder, encodeFrame, FrameError } from './frames.ts';

export interface ReaderOptions {
  /** Of one message. */
  readonly maxBytes: number;
  /** A message that was begun must be complete by then. */
  readonly deadlineMs: number;
  /** @throws FrameError for a message that this side does not accept */
  readonly check: (message: unknown) => Message;
}

/** Messages of one socket. Whatever breaks the protocol destroys the socket with a FrameError. */
export class SocketReader extends AbstractMessageReader {
  readonly #socket: Socket;
  readonly #options: ReaderOptions;
  #endDeadline: (() => void) | null = null;

  constructor(socket: Socket, options: ReaderOptions) {
    super();
    this.#socket = socket;
    this.#options = options;
  }

  listen(callback: DataCallback): Disposable {
    const decoder = createFrameDecoder(this.#options.maxBytes);
    const push = (chunk: Uint8Array) => {
      try {
        for (const message of decoder.push(chunk)) {
          if (!this.#socket.destroyed) callback(this.#options.check(message));
          this.#awaitRest(false);
        }
      } catch (error) {
        this.#socket.destroy(error instanceof Error ? error : new FrameError(String(error)));
      }
      this.#awaitRest(decoder.isInside() && !this.#socket.destroyed);
    };
    this.#socket.on('data', push);
    this.#socket.on('close', () => {
      this.#awaitRest(false);
      this.fireClose();
    });
    return { dispose: () => void this.#socket.off('data', push) };
  }

  #awaitRest(isInside: boolean): void {
    if (!isInside) {
      this.#endDeadline?.();
      this.#endDeadline = null;
    }
    if (isInside)
      this.#endDeadline ??= wakingClock.after(
        this.#options.deadlineMs,
        () => this.#socket.destroy(new FrameError('half a message')),
        false,
      );
  }
}

/**
 * Writes without ever waiting. A client that does not read is dropped when `maxWaitingBytes` wait for it; one message may be larger, where
 * nothing else waits.
 */
export class SocketWriter extends AbstractMessageWriter implements MessageWriter {
  readonly #socket: Socket;
  readonly #maxWaitingBytes: number;
  readonly #onMessage: (message: Message) => void;

  constructor(socket: Socket, maxWaitingBytes: number, onMessage: (message: Message) => void = () => undefined) {
    super();
    this.#socket = socket;
    this.#maxWaitingBytes = maxWaitingBytes;
    this.#onMessage = onMessage;
  }

  write(message: Message): Promise<void> {
    this.#onMessage(message);
    this.send(encodeFrame(message));
    return Promise.resolve();
  }

  /** One frame that may be sent to many. */
  send(frame: Uint8Array): void {
    if (this.#socket.destroyed || this.#socket.writableEnded) return;
    const waiting = this.#socket.writableLength;
    if (waiting > 0 && waiting + frame.length > this.#maxWaitingBytes) {
      this.#socket.destroy(new FrameError('it does not read what it is sent'));
      return;
    }
    this.#socket.write(frame);
  }

  end(): void {
    this.#socket.end();
  }
}
