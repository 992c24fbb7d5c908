import {
  type BigIntStats,
  closeSync,
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
  renameSync,
  type StatsFs,
  statfsSync,
  unlinkSync,
  write,
  writeSync,
} from 'node:fs';
import { link, lstat, mkdir, open, rename, statfs, unlink } from 'node:fs/promises';
import { promisify } from 'node:util';
import { limits } from './limits.ts';
import { errnoError } from './system-calls.ts';

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
  stat(options: { readonly bigint: true }): Promise<BigIntStats>;
  read(into: Uint8Array, offset: number, length: number, atByte: number): Promise<{ readonly bytesRead: number }>;
  write(bytes: Uint8Array, offset: number, length: number, atByte: number): Promise<{ readonly bytesWritten: number }>;
  datasync(): Promise<void>;
  sync(): Promise<void>;
  truncate(sizeBytes: number): Promise<void>;
  utimes(accessed: number | string, modified: number | string): Promise<void>;
  chmod(mode: number): Promise<void>;
  close(): Promise<void>;
}

/** The system calls that reach files by name. All reject with an errno name as `code`. */
export interface FileCalls {
  open(path: Name, flags: number, mode?: number): Promise<OpenedFile>;
  /** Does not follow a link. */
  lstat(path: Name): Promise<BigIntStats>;
  mkdir(path: Name, mode: number): Promise<void>;
  link(from: Name, to: Name): Promise<void>;
  rename(from: Name, to: Name): Promise<void>;
  unlink(path: Name): Promise<void>;
  statfs(path: string): Promise<StatsFs>;
}

/** Calls that each run on another thread. One that hangs blocks nothing else. */
export const waitingCalls: FileCalls = {
  open,
  lstat: (path) => lstat(path, { bigint: true }),
  mkdir: async (path, mode) => {
    await mkdir(path, { mode });
  },
  link,
  rename,
  unlink,
  statfs,
};

/**
 * Calls for a disk of this machine. A call that only reads or changes metadata runs directly, because to hand it to another thread
 * takes ten times as long. A call that moves bytes, waits for the disk or may free very many blocks runs on another thread here
 * too.
 */
const promptCalls: FileCalls = {
  open: async (path, flags, mode) => new PromptFile(openSync(path, flags, mode)),
  lstat: async (path) => lstatSync(path, { bigint: true }),
  mkdir: async (path, mode) => {
    mkdirSync(path, { mode });
  },
  link: async (from, to) => linkSync(from, to),
  rename: async (from, to) => renameSync(from, to),
  unlink: unlinkPromptly,
  statfs: async (path) => statfsSync(path),
};

/** To remove the last name of a large file frees all its blocks, which may take seconds. */
async function unlinkPromptly(path: Name): Promise<void> {
  const { nlink, size } = lstatSync(path);
  if (nlink > 1 || size <= limits.promptUnlinkBytes) unlinkSync(path);
  else await unlink(path);
}

/** Returns calls that choose the right kind each time. @param isOwnDisk whether no call can take long */
export function callsFor(isOwnDisk: () => boolean): FileCalls {
  const now = (): FileCalls => (isOwnDisk() ? promptCalls : waitingCalls);
  return {
    open: (path, flags, mode) => now().open(path, flags, mode),
    lstat: (path) => now().lstat(path),
    mkdir: (path, mode) => now().mkdir(path, mode),
    link: (from, to) => now().link(from, to),
    rename: (from, to) => now().rename(from, to),
    unlink: (path) => now().unlink(path),
    statfs: (path) => now().statfs(path),
  };
}

const readLater = promisify(read);
const writeLater = promisify(write);
const syncLater = promisify(fsync);
const datasyncLater = promisify(fdatasync);
const truncateLater = promisify(ftruncate);

class PromptFile implements OpenedFile {
  readonly isShortAtEndOnly = true;
  readonly #fd: number;
  /** Calls on other threads that have not returned. */
  #underWay = 0;
  #closing: Promise<void> | null = null;
  #close: (() => void) | null = null;

  constructor(fd: number) {
    this.#fd = fd;
  }

  /** -1 after the close, like that of Node's `FileHandle`. */
  get fd(): number {
    return this.#closing === null ? this.#fd : -1;
  }

  async stat(): Promise<BigIntStats> {
    return fstatSync(this.#open(), { bigint: true });
  }

  read(into: Uint8Array, offset: number, length: number, atByte: number): Promise<{ readonly bytesRead: number }> {
    return this.#later((fd) => readLater(fd, into, offset, length, atByte));
  }

  /** A short write goes into memory, so it runs directly. */
  async write(bytes: Uint8Array, offset: number, length: number, atByte: number): Promise<{ readonly bytesWritten: number }> {
    if (length <= limits.promptWriteBytes) return { bytesWritten: writeSync(this.#open(), bytes, offset, length, atByte) };
    return await this.#later((fd) => writeLater(fd, bytes, offset, length, atByte));
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

  async utimes(accessed: number | string, modified: number | string): Promise<void> {
    futimesSync(this.#open(), accessed, modified);
  }

  async chmod(mode: number): Promise<void> {
    fchmodSync(this.#open(), mode);
  }

  close(): Promise<void> {
    if (this.#closing !== null) return Promise.reject(closed());
    this.#closing = new Promise((resolve, reject) => {
      this.#close = () => {
        try {
          closeSync(this.#fd);
          resolve();
        } catch (error) {
          reject(error);
        }
      };
    });
    if (this.#underWay === 0) this.#close?.();
    return this.#closing;
  }

  #open(): number {
    if (this.#closing !== null) throw closed();
    return this.#fd;
  }

  async #later<Result>(call: (fd: number) => Promise<Result>): Promise<Result> {
    const fd = this.#open();
    this.#underWay += 1;
    try {
      return await call(fd);
    } finally {
      this.#underWay -= 1;
      if (this.#underWay === 0) this.#close?.();
    }
  }
}

function closed(): Error {
  return errnoError('EBADF', 'file closed');
}
