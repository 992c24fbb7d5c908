import { constants, fstatSync, openSync, writeSync } from 'node:fs';
import process from 'node:process';

/** Lines to a terminal, a pipe or a file that may stall or close at any time. */
export interface LineOutput {
  /** Never blocks and never throws. @returns false where the line was dropped */
  write(line: string): boolean;
  /** Whether a line would be kept now; what waits is tried again first. */
  hasRoom(line: string): boolean;
  /** Whether everything was taken. */
  isIdle(): boolean;
  /** Gives what is still waiting a last chance, for at most this long; blocks. */
  drain(deadlineMs: number): void;
  /** Nobody reads any more: it was closed at the other end. */
  isClosed(): boolean;
  /** Why it could not be written, where that was no reader's will: a full disk. */
  failure(): string | null;
}

export interface LineOutputOptions {
  /** Bytes that may wait for a stalled reader; what is beyond is dropped, by whole lines, and told later. */
  readonly maxWaitingBytes?: number;
  /** What is shown instead of lines that were dropped. */
  readonly lostLine?: (count: number) => string;
  /** Writes some of the bytes and returns how many; throws EAGAIN where it would block. */
  readonly writeSome?: (bytes: Uint8Array) => number;
}

/** A reader that has seen enough. */
const readersWill = new Set(['EPIPE', 'ECONNRESET', 'EBADF', 'ERR_STREAM_DESTROYED', 'ERR_STREAM_WRITE_AFTER_END']);
/** Pauses before a reader that stalls is tried again: short ones for one that only empties its pipe. */
const retryFirstMs = 5;
const retryLastMs = 100;
/** Pieces that are written and still kept; each costs a move of all that wait if they are let go one by one. */
const mostWritten = 1_000;

/**
 * Standard output or error, without its power to stop the process: Node writes to a terminal blocking, so that Ctrl-S there
 * would stop the agent (Deno does so for pipes, too).
 *
 * @param descriptor 1 or 2
 */
export function lineOutput(descriptor: 1 | 2, options: LineOutputOptions = {}): LineOutput {
  const { maxWaitingBytes = 65_536, lostLine = linesNotShown, writeSome = openWriter(descriptor) } = options;
  let waiting: Uint8Array[] = [];
  /** Of the pieces: those that are written already. */
  let written = 0;
  let waitingBytes = 0;
  let retryMs = retryFirstMs;
  let dropped = 0;
  let isClosed = false;
  let failure: string | null = null;
  let timer: NodeJS.Timeout | null = null;

  const flush = () => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const before = waitingBytes;
    try {
      while (waitingBytes > 0) writePiece();
    } catch (error) {
      if (!isBusy(error)) close(error);
    }
    if (waitingBytes === 0) forget();
    else {
      retryMs = waitingBytes < before ? retryFirstMs : Math.min(2 * retryMs, retryLastMs);
      timer ??= setTimeout(flush, retryMs).unref();
    }
  };
  const writePiece = () => {
    const piece = waiting[written] ?? new Uint8Array(0);
    const count = writeSome(piece);
    waitingBytes -= count;
    if (count === piece.length) written += 1;
    else waiting[written] = piece.subarray(count);
    if (written < mostWritten) return;
    waiting = waiting.slice(written);
    written = 0;
  };
  const forget = () => {
    waiting = [];
    written = 0;
    waitingBytes = 0;
  };
  const close = (error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== undefined && !readersWill.has(code)) failure = code;
    isClosed = true;
    forget();
  };
  // A line alone may be longer than what may wait.
  const fits = (bytes: number): boolean => waitingBytes === 0 || waitingBytes + bytes <= maxWaitingBytes;
  const add = (text: string): boolean => {
    const bytes = Buffer.from(text, 'utf8');
    if (!fits(bytes.length)) return false;
    waiting.push(bytes);
    waitingBytes += bytes.length;
    return true;
  };

  return {
    write: (line) => {
      if (isClosed) return false;
      if (dropped > 0 && add(`${lostLine(dropped)}\n`)) dropped = 0;
      const isKept = dropped === 0 && add(`${line}\n`);
      if (!isKept) dropped += 1;
      if (timer === null) flush();
      return isKept;
    },
    hasRoom: (line) => {
      flush();
      return fits(Buffer.byteLength(line) + 1);
    },
    isIdle: () => {
      flush();
      return waitingBytes === 0;
    },
    drain: (deadlineMs) => {
      const end = performance.now() + deadlineMs;
      for (flush(); waitingBytes > 0 && performance.now() < end; flush()) pause(10);
      if (timer !== null) clearTimeout(timer);
    },
    isClosed: () => isClosed,
    failure: () => failure,
  };
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

/** Files never stall; pipes and terminals are opened anew, unshared and non-blocking, where the system can do that. */
function openWriter(descriptor: 1 | 2): (bytes: Uint8Array) => number {
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

/** What remains: Node's stream, which queues for pipes and sockets by itself. */
function streamWriter(stream: NodeJS.WriteStream): (bytes: Uint8Array) => number {
  let failure: Error | null = null;
  stream.on('error', (error) => {
    failure = error;
  });
  return (bytes) => {
    if (failure !== null) throw failure;
    if (stream.writableLength > 65_536) throw Object.assign(new Error('the reader stalls'), { code: 'EAGAIN' });
    stream.write(Buffer.from(bytes));
    return bytes.length;
  };
}
