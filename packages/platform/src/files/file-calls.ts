import {
  type BigIntStats,
  closeSync,
  constants,
  fchmodSync,
  fdatasync,
  fstatSync,
  fsync,
  ftruncate,
  futimesSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  read,
  readSync,
  renameSync,
  type StatsFs,
  statfsSync,
  unlinkSync,
  write,
  writeSync,
} from 'node:fs';
import { link, lstat, mkdir, open, rename, statfs, unlink } from 'node:fs/promises';
import process from 'node:process';
import { promisify } from 'node:util';
import { limits } from '../limits.ts';
import { errnoError, errnoOf } from '../system-calls.ts';
import type { Awaitable } from './awaitable.ts';
import { DirectWrites, WritePace } from './direct-writes.ts';

/** A name as text, or as its exact bytes. */
export type Name = string | Buffer;

/**
 * An open file, like Node's `FileHandle`. `close` waits for the calls under way, because their descriptor must not become that of
 * another file.
 */
export interface OpenedFile {
  /** A read that returns fewer bytes than requested has reached the end. */
  readonly isShortAtEndOnly?: true;
  readonly fd: number;
  stat(options: { readonly bigint: true }): Awaitable<BigIntStats>;
  read(into: Uint8Array, offset: number, length: number, atByte: number): Awaitable<{ readonly bytesRead: number }>;
  write(bytes: Uint8Array, offset: number, length: number, atByte: number): Awaitable<{ readonly bytesWritten: number }>;
  datasync(): Promise<void>;
  sync(): Promise<void>;
  truncate(sizeBytes: number): Promise<void>;
  utimes(accessed: number | string, modified: number | string): Awaitable<void>;
  chmod(mode: number): Awaitable<void>;
  close(): Awaitable<void>;
}

/** The system calls that reach files by name. What they throw or reject with has an errno name as `code`. */
export interface FileCalls {
  open(path: Name, flags: number, mode?: number): Awaitable<OpenedFile>;
  /** Does not follow a link. @returns null if nothing has this name; it does not throw, because errors are slow to create */
  lstat(path: Name): Awaitable<BigIntStats | null>;
  /** On another disk than one of this machine, the umask may remove bits of the mode. */
  mkdir(path: Name, mode: number): Awaitable<void>;
  link(from: Name, to: Name): Awaitable<void>;
  rename(from: Name, to: Name): Awaitable<void>;
  /** @param hasOtherName the file has another name, so that its blocks are not freed */
  unlink(path: Name, hasOtherName?: boolean): Awaitable<void>;
  statfs(path: string): Awaitable<StatsFs>;
}

/** Calls that each run on another thread. One that hangs blocks nothing else. */
export const waitingCalls: FileCalls = {
  open,
  lstat: async (path) => {
    try {
      return await lstat(path, { bigint: true });
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') return null;
      throw error;
    }
  },
  mkdir: async (path, mode) => {
    await mkdir(path, { mode });
  },
  link,
  rename,
  unlink: (path) => unlink(path),
  statfs,
};

/**
 * Calls for a disk of this machine. A call that only reads or changes metadata runs directly, because handing it to another
 * thread takes ten times as long. So does a short read, while the disk answers quickly. A call that moves many bytes, waits for
 * the disk or may free very many blocks runs on another thread here too.
 */
function promptCalls(): FileCalls {
  const paces = { cached: new ReadPace(), direct: new ReadPace(), writes: new WritePace() };
  return {
    open: (path, flags, mode) =>
      new PromptFile(openSync(path, flags, mode), { reads: isDirect(flags) ? paces.direct : paces.cached, writes: paces.writes }),
    ...promptLooks,
  };
}

function isDirect(flags: number): boolean {
  return constants.O_DIRECT !== undefined && (flags & constants.O_DIRECT) !== 0;
}

/**
 * Decides whether a disk answers so quickly that a short read need not be handed to another thread. A slow disk then delays other
 * copies only rarely.
 */
class ReadPace {
  #slowUntil = Number.NEGATIVE_INFINITY;
  #slowInRow = 0;

  isQuick(): boolean {
    return performance.now() >= this.#slowUntil;
  }

  time<Answer>(read: () => Answer): Answer {
    const beganAt = performance.now();
    const answer = read();
    const endedAt = performance.now();
    // After a single slow read, the process itself may have been paused.
    this.#slowInRow = endedAt - beganAt > limits.promptReadMs ? this.#slowInRow + 1 : 0;
    if (this.#slowInRow > 1) this.#slowUntil = endedAt + limits.slowReadMs;
    return answer;
  }
}

const promptLooks: Omit<FileCalls, 'open'> = {
  lstat: (path) => lstatSync(path, { bigint: true, throwIfNoEntry: false }) ?? null,
  mkdir: makePromptly,
  link: (from, to) => linkSync(from, to),
  rename: (from, to) => renameSync(from, to),
  unlink: unlinkPromptly,
  statfs: (path) => statfsSync(path),
};

/**
 * Makes a folder with exactly this mode at once. If the umask removed bits that are added later, another process of this program could
 * put a file into it in between. Nothing else of this process creates a file meanwhile.
 */
function makePromptly(path: Name, mode: number): void {
  const mask = process.umask(0);
  try {
    mkdirSync(path, { mode });
  } finally {
    process.umask(mask);
  }
}

/**
 * Removes a name. Removing the last name of a large file frees all its blocks, which may take seconds, so that runs on another
 * thread.
 */
function unlinkPromptly(path: Name, hasOtherName = false): Awaitable<void> {
  if (hasOtherName) return unlinkSync(path);
  const { nlink, size } = lstatSync(path);
  return nlink > 1 || size <= limits.promptUnlinkBytes ? unlinkSync(path) : unlink(path);
}

/** Returns calls that choose the right kind each time. @param isOwnDisk whether no call can take long */
export function callsFor(isOwnDisk: () => boolean): FileCalls {
  const prompt = promptCalls();
  const now = (): FileCalls => (isOwnDisk() ? prompt : waitingCalls);
  return {
    open: (path, flags, mode) => now().open(path, flags, mode),
    lstat: (path) => now().lstat(path),
    mkdir: (path, mode) => now().mkdir(path, mode),
    link: (from, to) => now().link(from, to),
    rename: (from, to) => now().rename(from, to),
    unlink: (path, hasOtherName) => now().unlink(path, hasOtherName),
    statfs: (path) => now().statfs(path),
  };
}

const readLater = promisify(read);
const writeLater = promisify(write);
const syncLater = promisify(fsync);
const datasyncLater = promisify(fdatasync);
const truncateLater = promisify(ftruncate);

/** How quickly the disk answers. All files share it. */
interface Paces {
  readonly reads: ReadPace;
  readonly writes: WritePace;
}

class PromptFile implements OpenedFile {
  readonly isShortAtEndOnly = true;
  readonly #fd: number;
  readonly #paces: Paces;
  /** Null: no long write was begun. */
  #direct: DirectWrites | null = null;
  /** Calls on other threads that have not returned. */
  #underWay = 0;
  #isClosing = false;
  #closeLater: (() => void) | null = null;

  constructor(fd: number, paces: Paces) {
    this.#fd = fd;
    this.#paces = paces;
  }

  /** -1 after the close, like that of Node's `FileHandle`. */
  get fd(): number {
    return this.#isClosing ? -1 : this.#fd;
  }

  stat(): BigIntStats {
    return fstatSync(this.#open(), { bigint: true });
  }

  read(into: Uint8Array, offset: number, length: number, atByte: number): Awaitable<{ readonly bytesRead: number }> {
    if (length <= limits.promptReadBytes && this.#paces.reads.isQuick()) {
      const fd = this.#open();
      return this.#paces.reads.time(() => ({ bytesRead: readSync(fd, into, offset, length, atByte) }));
    }
    return this.#later((fd) => readLater(fd, into, offset, length, atByte));
  }

  /** Writes bytes. A short write goes to memory, so it runs directly; a long one goes past the page cache where that is possible. */
  write(bytes: Uint8Array, offset: number, length: number, atByte: number): Awaitable<{ readonly bytesWritten: number }> {
    if (length <= limits.promptWriteBytes) return { bytesWritten: writeSync(this.#open(), bytes, offset, length, atByte) };
    const direct = (this.#direct ??= new DirectWrites(this.#paces.writes));
    return this.#later(async (fd) => {
      const bytesWritten = await direct.tryWrite(fd, { bytes, offset, length, atByte });
      return bytesWritten === null ? await writeLater(fd, bytes, offset, length, atByte) : { bytesWritten };
    });
  }

  datasync(): Promise<void> {
    return this.#later((fd) => datasyncLater(fd));
  }

  sync(): Promise<void> {
    return this.#later((fd) => syncLater(fd));
  }

  truncate(sizeBytes: number): Promise<void> {
    return this.#later((fd) => truncateLater(fd, sizeBytes));
  }

  utimes(accessed: number | string, modified: number | string): void {
    futimesSync(this.#open(), accessed, modified);
  }

  chmod(mode: number): void {
    fchmodSync(this.#open(), mode);
  }

  close(): Awaitable<void> {
    if (this.#isClosing) throw closed();
    this.#isClosing = true;
    if (this.#underWay === 0) return this.#closeNow();
    return new Promise((resolve, reject) => {
      this.#closeLater = () => {
        try {
          this.#closeNow();
          resolve();
        } catch (error) {
          reject(error);
        }
      };
    });
  }

  #closeNow(): void {
    try {
      this.#direct?.close();
    } finally {
      closeSync(this.#fd);
    }
  }

  #open(): number {
    if (this.#isClosing) throw closed();
    return this.#fd;
  }

  async #later<Result>(call: (fd: number) => Promise<Result>): Promise<Result> {
    const fd = this.#open();
    this.#underWay += 1;
    try {
      return await call(fd);
    } finally {
      this.#underWay -= 1;
      if (this.#underWay === 0) this.#closeLater?.();
    }
  }
}

function closed(): Error {
  return errnoError('EBADF', 'file closed');
}
