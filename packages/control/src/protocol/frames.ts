import { headerBytes } from './limits.ts';

/** The other side violates the protocol. Nothing more is read from it. */
export class FrameError extends Error {
  override readonly name = 'FrameError';
}

/**
 * Splits a stream of bytes into messages (`Content-Length: N`, an empty line, N bytes of JSON; the base protocol of the Language
 * Server Protocol).
 */
export interface FrameDecoder {
  /**
   * @returns the messages that are complete now
   * @throws FrameError for anything that is not a message; the decoder must not be used afterwards
   */
  push(chunk: Uint8Array): unknown[];
  /** Yields the same messages one by one, each parsed when it is requested. @throws as `push` */
  messages(chunk: Uint8Array): Generator<unknown, void>;
  /** Returns whether a message has begun and is not complete. */
  isInside(): boolean;
}

/**
 * Returns a decoder. vscode-jsonrpc's own reader accepts any Content-Length, a negative one included, and keeps every byte until a
 * header ends. It is therefore not given the bytes: this decoder holds at most a header and one message, and passes on whole
 * messages.
 * @param maxBytes of one message
 */
export function createFrameDecoder(maxBytes: number): FrameDecoder {
  let header = '';
  let body: Uint8Array | null = null;
  let filled = 0;

  /** @returns how many bytes it used */
  const readHeader = (chunk: Uint8Array, from: number): number => {
    for (let index = from; index < chunk.length; index += 1) {
      header += String.fromCharCode(chunk[index] ?? 0);
      if (header.endsWith('\r\n\r\n')) {
        body = new Uint8Array(lengthOf(header, maxBytes));
        header = '';
        filled = 0;
        return index + 1 - from;
      }
      if (header.length > headerBytes) throw new FrameError(`a header is longer than ${headerBytes} bytes`);
    }
    return chunk.length - from;
  };
  const readBody = (target: Uint8Array, chunk: Uint8Array, from: number): number => {
    const part = chunk.subarray(from, from + target.length - filled);
    target.set(part, filled);
    filled += part.length;
    return part.length;
  };
  const messages = function* (chunk: Uint8Array): Generator<unknown, void> {
    for (let at = 0; at < chunk.length; ) {
      at += body === null ? readHeader(chunk, at) : readBody(body, chunk, at);
      if (body === null || filled < body.length) continue;
      const whole = body;
      body = null;
      yield decodeJson(whole);
    }
  };
  return {
    push: (chunk) => [...messages(chunk)],
    messages,
    isInside: () => header !== '' || body !== null,
  };
}

/** Returns the bytes of one message. */
export function encodeFrame(message: object): Buffer {
  const body = Buffer.from(JSON.stringify(message), 'utf8');
  return Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n\r\n`, 'latin1'), body]);
}

function lengthOf(header: string, maxBytes: number): number {
  const lengths = [...header.matchAll(/^content-length: *(\d{1,15})\r$/gim)];
  const length = Number(lengths[0]?.[1]);
  if (lengths.length !== 1 || length === 0) throw new FrameError('a header without one Content-Length');
  if (length > maxBytes) throw new FrameError(`a message of ${length} bytes; the limit is ${maxBytes}`);
  return length;
}

function decodeJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) as unknown;
  } catch (error) {
    throw new FrameError('a message that is not JSON', { cause: error });
  }
}
