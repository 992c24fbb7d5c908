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
import { createFrameDecoder, encodeFrame, type FrameDecoder, FrameError } from './frames.ts';

/** How a socket is read. */
export interface ReaderOptions {
  /** Bytes of one message. */
  readonly maxBytes: number;
  /** How long a message may take from its first byte to its last, in milliseconds. Time in which nothing is read does not count. */
  readonly deadlineMs: number;
  /** @throws FrameError for a message that this side does not accept */
  readonly check: (message: unknown) => Message;
  /** Awaited before bytes are decoded and after each message; nothing more is read until then. Absent: no waiting. */
  readonly turn?: () => Promise<void>;
}

/** Reads the messages of one socket. A violation of the protocol destroys the socket with a FrameError. */
export class SocketReader extends AbstractMessageReader {
  readonly #socket: Socket;
  readonly #options: ReaderOptions;
  readonly #decoder: FrameDecoder;
  readonly #deadline: Deadline;

  constructor(socket: Socket, options: ReaderOptions) {
    super();
    this.#socket = socket;
    this.#options = options;
    this.#decoder = createFrameDecoder(options.maxBytes);
    this.#deadline = new Deadline(options.deadlineMs, () => socket.destroy(new FrameError('half a message')));
  }

  listen(callback: DataCallback): Disposable {
    const { turn } = this.#options;
    const push = (chunk: Uint8Array) => {
      if (turn === undefined) this.#take(chunk, callback);
      else void this.#takeInTurns(chunk, callback, turn);
    };
    this.#socket.on('data', push);
    this.#socket.on('close', () => {
      this.#deadline.end();
      this.fireClose();
    });
    return { dispose: () => void this.#socket.off('data', push) };
  }

  #take(chunk: Uint8Array, callback: DataCallback): void {
    try {
      for (const message of this.#decoder.messages(chunk)) this.#hand(message, callback);
    } catch (error) {
      this.#fail(error);
    }
    this.#awaitRest();
  }

  async #takeInTurns(chunk: Uint8Array, callback: DataCallback, turn: () => Promise<void>): Promise<void> {
    this.#socket.pause();
    this.#deadline.pause();
    try {
      await turn();
      for (const message of this.#decoder.messages(chunk)) {
        this.#hand(message, callback);
        await turn();
      }
    } catch (error) {
      this.#fail(error);
    }
    this.#awaitRest();
    this.#socket.resume();
  }

  #hand(message: unknown, callback: DataCallback): void {
    if (!this.#socket.destroyed) callback(this.#options.check(message));
    this.#deadline.end();
  }

  #fail(error: unknown): void {
    this.#socket.destroy(error instanceof Error ? error : new FrameError(String(error)));
  }

  #awaitRest(): void {
    if (this.#decoder.isInside() && !this.#socket.destroyed) this.#deadline.run();
    else this.#deadline.end();
  }
}

/** A time limit that passes only while it runs. */
class Deadline {
  readonly #wholeMs: number;
  readonly #expire: () => void;
  #leftMs: number;
  #runsSince = 0;
  #callOff: (() => void) | null = null;

  constructor(wholeMs: number, expire: () => void) {
    this.#wholeMs = wholeMs;
    this.#leftMs = wholeMs;
    this.#expire = expire;
  }

  run(): void {
    if (this.#callOff !== null) return;
    this.#runsSince = wakingClock.now();
    this.#callOff = wakingClock.after(this.#leftMs, this.#expire, false);
  }

  pause(): void {
    if (this.#callOff === null) return;
    this.#callOff();
    this.#callOff = null;
    this.#leftMs = Math.max(0, this.#leftMs - (wakingClock.now() - this.#runsSince));
  }

  /** Gives the whole time back for the next run. */
  end(): void {
    this.pause();
    this.#leftMs = this.#wholeMs;
  }
}

/**
 * Writes without waiting. A client that does not read is dropped when more than `maxWaitingBytes` wait for it. A single message
 * may be larger if nothing else waits.
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

  /** Sends one encoded frame, which may be sent to many clients. */
  send(frame: Uint8Array): void {
    if (this.#socket.destroyed || this.#socket.writableEnded) return;
    const waiting = this.#socket.writableLength;
    if (waiting > 0 && waiting + frame.length > this.#maxWaitingBytes) {
      this.#socket.destroy(new FrameError('it does not read what is sent to it'));
      return;
    }
    this.#socket.write(frame);
  }

  end(): void {
    this.#socket.end();
  }
}
