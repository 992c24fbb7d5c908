import { constants, fstatSync, openSync, writeSync } from 'node:fs';
import process from 'node:process';
import { streamWriter, type WriteSome } from '@sluice/platform';
import { limits } from '../limits.ts';

/** Lines to a terminal, a pipe or a file that may stall or close at any time. */
export interface LineOutput {
  /** Never blocks and never throws. @returns false where the line was dropped */
  write(line: string): boolean;
  /** Whether a line would be kept now; what waits is tried again first. */
  hasRoom(line: string): boolean;
  /** Whether nothing is waiting. */
  isIdle(): boolean;
  /** Gives what is still waiting a last chance, for at most this long; blocks. */
  drain(deadlineMs: number): void;
  /** Nobody reads any more: it was closed at the other end. */
  isClosed(): boolean;
  /** The code of an error that is not the end of the reader, such as a full disk; null: none. */
  failure(): string | null;
}

interface LineOutputOptions {
  /** Bytes that may wait for a stalled reader; whole lines beyond that are dropped, and counted in a later line. */
  readonly maxWaitingBytes?: number;
  /** What is shown instead of lines that were dropped. */
  readonly lostLine?: (count: number) => string;
  readonly writeSome?: WriteSome;
}

/** Codes of a reader that has seen enough. */
const readersWill = new Set(['EPIPE', 'ECONNRESET', 'EBADF', 'ERR_STREAM_DESTROYED', 'ERR_STREAM_WRITE_AFTER_END']);

/**
 * Opens standard output or error, without its power to stop the process: Node writes to a terminal blocking, so that Ctrl-S
 * there would stop the agent (Deno does so for pipes, too).
 *
 * @param descriptor 1 or 2
 */
export function lineOutput(descriptor: 1 | 2, options: LineOutputOptions = {}): LineOutput {
  return new QueuedLines(options.writeSome ?? openWriter(descriptor), options);
}

class QueuedLines implements LineOutput {
  readonly #writeSome: WriteSome;
  readonly #maxWaitingBytes: number;
  readonly #lostLine: (count: number) => string;
  #pieces: Uint8Array[] = [];
  /** Of the pieces: those that are written already. */
  #written = 0;
  #waitingBytes = 0;
  #retryMs: number = limits.logRetryFirstMs;
  #timer: NodeJS.Timeout | null = null;
  /** Lines that no later line has counted yet. */
  #dropped = 0;
  #isClosed = false;
  #failure: string | null = null;

  constructor(writeSome: WriteSome, { maxWaitingBytes = 65_536, lostLine = linesNotShown }: LineOutputOptions) {
    this.#writeSome = writeSome;
    this.#maxWaitingBytes = maxWaitingBytes;
    this.#lostLine = lostLine;
  }

  write(line: string): boolean {
    if (this.#isClosed) return false;
    if (this.#dropped > 0 && this.#add(`${this.#lostLine(this.#dropped)}\n`)) this.#dropped = 0;
    const isKept = this.#dropped === 0 && this.#add(`${line}\n`);
    if (!isKept) this.#dropped += 1;
    if (this.#timer === null) this.#flush();
    return isKept;
  }

  hasRoom(line: string): boolean {
    this.#flush();
    return this.#fits(Buffer.byteLength(line) + 1);
  }

  isIdle(): boolean {
    this.#flush();
    return this.#waitingBytes === 0;
  }

  drain(deadlineMs: number): void {
    const end = performance.now() + deadlineMs;
    for (this.#flush(); this.#waitingBytes > 0 && performance.now() < end; this.#flush()) pause(limits.logDrainPauseMs);
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  isClosed(): boolean {
    return this.#isClosed;
  }

  failure(): string | null {
    return this.#failure;
  }

  #add(text: string): boolean {
    const bytes = Buffer.from(text, 'utf8');
    if (!this.#fits(bytes.length)) return false;
    this.#pieces.push(bytes);
    this.#waitingBytes += bytes.length;
    return true;
  }

  /** A line alone may be longer than what may wait. */
  #fits(bytes: number): boolean {
    return this.#waitingBytes === 0 || this.#waitingBytes + bytes <= this.#maxWaitingBytes;
  }

  /** Writes what the reader accepts now, and tries the rest again later. */
  #flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const before = this.#waitingBytes;
    try {
      while (this.#waitingBytes > 0) this.#writePiece();
    } catch (error) {
      if (!isBusy(error)) this.#close(error);
    }
    if (this.#waitingBytes === 0) this.#forget();
    else this.#retryLater(this.#waitingBytes < before);
  }

  #writePiece(): void {
    const piece = this.#pieces[this.#written] ?? new Uint8Array(0);
    const count = this.#writeSome(piece);
    this.#waitingBytes -= count;
    if (count === piece.length) this.#written += 1;
    else this.#pieces[this.#written] = piece.subarray(count);
    if (this.#written < limits.logWrittenPieces) return;
    this.#pieces = this.#pieces.slice(this.#written);
    this.#written = 0;
  }

  #retryLater(hasMoved: boolean): void {
    this.#retryMs = hasMoved ? limits.logRetryFirstMs : Math.min(2 * this.#retryMs, limits.logRetryLastMs);
    this.#timer ??= setTimeout(() => this.#flush(), this.#retryMs).unref();
  }

  #close(error: unknown): void {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== undefined && !readersWill.has(code)) this.#failure = code;
    this.#isClosed = true;
    this.#forget();
  }

  #forget(): void {
    this.#pieces = [];
    this.#written = 0;
    this.#waitingBytes = 0;
  }
}

function linesNotShown(count: number): string {
  return `(${count} lines were not shown: nobody was reading)`;
}

function isBusy(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'EAGAIN' || code === 'EWOULDBLOCK' || code === 'EINTR';
}

function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/**
 * Opens standard output or error for writes that do not block. A write to a file never stalls; pipes and terminals are opened
 * again, unshared and non-blocking, where the system can do that.
 *
 * @param descriptor 1 or 2
 */
function openWriter(descriptor: 1 | 2): WriteSome {
  try {
    const stats = fstatSync(descriptor);
    if (stats.isFile()) return (bytes) => writeSync(descriptor, bytes);
    if (process.platform === 'linux' && (stats.isFIFO() || stats.isCharacterDevice())) {
      const own = openSync(`/proc/self/fd/${descriptor}`, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
      return (bytes) => writeSync(own, bytes);
    }
  } catch {
    // closed, or a terminal that is not ours to open
  }
  return streamWriter(descriptor === 1 ? process.stdout : process.stderr);
}
