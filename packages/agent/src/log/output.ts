import { constants, fstatSync, openSync, writeSync } from 'node:fs';
import process from 'node:process';
import { streamWriter, type WriteSome } from '@sluice/platform';
import { limits } from '../limits.ts';

/** Writes lines to a terminal, a pipe or a file that may stall or close at any time. */
export interface LineOutput {
  /** Writes a line without blocking or throwing. @returns false if the line was dropped */
  write(line: string): boolean;
  /** Returns whether a line would be kept now. Waiting lines are tried again first. */
  hasRoom(line: string): boolean;
  /** Returns whether no line is waiting. */
  isIdle(): boolean;
  /** Tries to write the waiting lines for at most this long. It blocks. */
  drain(deadlineMs: number): void;
  /** Returns whether the other end was closed. */
  isClosed(): boolean;
  /** Returns the code of an error other than the end of the reader, such as a full disk. Null: none. */
  failure(): string | null;
}

interface LineOutputOptions {
  /** Bytes that may wait for a stalled reader. Whole lines beyond that are dropped, and counted in a later line. */
  readonly maxWaitingBytes?: number;
  /** Returns the line that replaces dropped lines. */
  readonly lostLine?: (count: number) => string;
  readonly writeSome?: WriteSome;
}

/** Codes that mean that the reader was closed. */
const readersWill = new Set(['EPIPE', 'ECONNRESET', 'EBADF', 'ERR_STREAM_DESTROYED', 'ERR_STREAM_WRITE_AFTER_END']);

/**
 * Opens standard output or error so that it cannot stop the process. Node writes to a terminal with blocking calls, so Ctrl-S
 * there would stop the agent. Deno does the same for pipes.
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
  /** Number of pieces that are written already. */
  #written = 0;
  #waitingBytes = 0;
  #retryMs: number = limits.logRetryFirstMs;
  #timer: NodeJS.Timeout | null = null;
  /** Dropped lines that no later line has counted yet. */
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
    if (!this.isIdle()) this.#drainUntil(performance.now() + deadlineMs);
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #drainUntil(end: number): void {
    for (; this.#waitingBytes > 0 && performance.now() < end; this.#flush()) pause(limits.logDrainPauseMs);
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

  /** Returns whether a line fits. A single line may be longer than the limit of what may wait. */
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
 * Opens standard output or error for writes that do not block. A write to a file never stalls. Pipes and terminals are opened
 * again, unshared and non-blocking, if the system allows it.
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
    // The descriptor is closed, or is a terminal that this user may not open.
  }
  return streamWriter(descriptor === 1 ? process.stdout : process.stderr);
}
