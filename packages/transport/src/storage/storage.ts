import { type CallFault, type FileIdentity, type GateCause, isOtherFile, type OwnCode, type Side } from '@sluice/core/model';
import { type Awaitable, errnoOf } from '@sluice/platform';
import { storageLimits } from './limits.ts';

/**
 * A storage that files are read from or copied to. There is one adapter per kind of storage; decorators add watching, retries and faults.
 * All paths are relative to the root, with `/` between the parts; `''` is the root itself.
 *
 * Errors have an errno name as `code`. An adapter neither retries nor has a deadline. A method whose call is synchronous returns its value
 * without a promise.
 */
export interface Storage {
  /** Returns whether it is a local disk, whose metadata is never stale and whose metadata calls are fast. */
  isOwnDisk(): boolean;
  /** Opens a file. Never follows a link in the last part of the path, and never truncates. */
  open(path: string, how: OpenHow): Awaitable<OpenFile>;
  /** Returns the metadata of the file, folder or link with this name; null if there is none. Does not follow a link. */
  stat(path: string): Awaitable<FileFacts | null>;
  /** Returns the free space of the root's filesystem. */
  room(): Awaitable<Room>;
  /**
   * Creates one folder, whose parent must exist. The umask of the system may remove permission bits.
   *
   * @param mountId the mount that the root must be on when the folder is created, if the system reports mounts; null: any
   * @throws EEXIST; DIVERTED if the root is on another mount, and nothing was created
   */
  makeFolder(path: string, mode: number, mountId: number | null): Awaitable<void>;
  /** Gives a file a second name. Never replaces a file. @throws EEXIST if `to` is taken */
  link(from: string, to: string): Awaitable<void>;
  /** Renames a file, and replaces a file with the name `to`. */
  rename(from: string, to: string): Awaitable<void>;
  /** Removes a name. @param hasOtherName the file has another name, so that its blocks are not freed */
  unlink(path: string, hasOtherName?: boolean): Awaitable<void>;
  /** Makes the names in a folder durable. Does nothing on a filesystem that does not support it. */
  syncFolder(path: string): Awaitable<void>;
}

/**
 * How a file is opened:
 *
 * - `read`: a regular file, through the page cache.
 * - `read_direct`: a regular file, past the page cache; `EINVAL` if that is refused or cannot be confirmed. Memory address, offset and
 *   length of its reads must be multiples of 4096.
 * - `write`: an existing regular file, for reading and writing.
 * - `folder`: a folder, to read its mount or set its mode. The root may be a link.
 * - `create`: a new file with these permission bits; `EEXIST` if the name is taken.
 */
export type OpenHow = 'read' | 'read_direct' | 'write' | 'folder' | { readonly create: number };

/** An open file. */
export interface OpenFile {
  /** Its metadata when it was opened. Its identity does not change. */
  readonly atOpen: FileFacts;
  /** The mount that it is on; null if the system does not report mounts. */
  readonly mountId: number | null;
  readonly isDirect: boolean;
  /** Whether a short read always means the end of the file. If false, a read may be short anywhere. */
  readonly isShortAtEndOnly: boolean;
  /** @returns the number of bytes read, which may be fewer than requested; 0: the end of the file */
  read(into: Uint8Array, atByte: number): Awaitable<number>;
  /** @returns the number of bytes written, which may be fewer than given */
  write(bytes: Uint8Array, atByte: number): Awaitable<number>;
  /** Makes the file durable. `data`: content and size. `all`: times and mode too. */
  sync(what: 'data' | 'all'): Awaitable<void>;
  truncate(sizeBytes: number): Awaitable<void>;
  facts(): Awaitable<FileFacts>;
  setTimes(mtimeNs: string): Awaitable<void>;
  setMode(mode: number): Awaitable<void>;
  /** Returns whether an open folder is empty. */
  isEmpty(): Awaitable<boolean>;
  /** Closes the file. Its errors matter: some storage reports lost bytes only here. */
  close(): Awaitable<void>;
}

/** The metadata of a file or folder. */
export interface FileFacts extends FileIdentity {
  readonly kind: 'file' | 'folder' | 'other';
  readonly sizeBytes: number;
  /** Modification time, nanoseconds since the epoch, decimal. */
  readonly mtimeNs: string;
  /** Change time (`st_ctime`), nanoseconds since the epoch, decimal. No program can set it back. Some storage makes it up. */
  readonly changeNs: string;
  /** Permission bits. */
  readonly mode: number;
}

/** The space of a filesystem. */
export interface Room {
  /** Available (not free) bytes; null if the filesystem does not report them. */
  readonly freeBytes: number | null;
}

/** Returns whether two stats found the same file. The file must have been open in between, because some storage makes up inodes. */
export function isSameFile(a: FileFacts, b: FileFacts): boolean {
  return !isOtherFile(a, b);
}

/** An expected failure of a call. The lane reports it. */
export class CallFailure extends Error {
  override name = 'CallFailure';
  readonly fault: CallFault;
  /** The code of the fault, for `errnoOf`. */
  readonly code: string;

  constructor(fault: CallFault, cause?: unknown) {
    super(`${fault.operation}: ${fault.message}`, { cause });
    this.fault = fault;
    this.code = fault.code;
  }
}

/** The codes of failures that Sluice itself detects. */
export type FindingCode = Exclude<OwnCode, 'SILENT' | 'FOLDER_TOO_LONG' | 'PATH_TOO_LONG' | 'CHILD_LOST'>;

/** Returns a failure that Sluice itself detected, and not the system. */
export function finding(side: Side, code: FindingCode, operation: string, message: string): CallFailure {
  return new CallFailure({ side, code, operation, message });
}

/** Returns whether an error means that `O_DIRECT` is refused, by an open or by the first read. */
export function isDirectRefused(error: unknown): boolean {
  return directRefused.has(errnoOf(error));
}

const directRefused = new Set(['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

/** Returns whether an error is a failed call on this side. */
export function isOfSide(error: unknown, side: Side): boolean {
  return error instanceof CallFailure && error.fault.side === side;
}

/** Returns what a failed call on the root, with this code, means for the whole destination. */
export function gateCauseOf(code: string): GateCause {
  switch (code) {
    case 'EROFS':
      return 'read_only';
    case 'EACCES':
    case 'EPERM':
      return 'denied';
    default:
      return 'unreachable';
  }
}

/** Turns anything that a call threw into a fault, by its code and never by its text. */
export function toCallFault(side: Side, operation: string, error: unknown): CallFault {
  return { side, code: errnoOf(error), operation, message: messageOf(error) };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A destination whose calls are shared by all copies that make them at the same time. */
export interface SharedDestination<Root> {
  /** The storage, with shared `room` and `syncFolder`. */
  readonly storage: Storage;
  /** Reads the root, once for all who ask. */
  root(): Awaitable<Root>;
}

interface Asked {
  readonly current: Promise<unknown>;
  readonly startedAt: number;
  /** The call that begins when the current one has returned; null: nobody has asked for it. */
  next: Promise<unknown> | null;
}

/**
 * Shares the calls that concern a destination as a whole. A caller who asks during a call gets the result of the next one, which begins
 * afterwards and so is as fresh as a separate call. If the current call fails, theirs fails too, because the system reports the error
 * of a sync only once.
 *
 * @param rootOf reads the root of a destination
 * @param clock `now` is in milliseconds
 */
export function shareCalls<Root>(
  storage: Storage,
  rootOf: (storage: Storage) => Promise<Root>,
  clock: { now(): number },
): SharedDestination<Root> {
  const underWay = new Map<string, Asked>();
  const begin = <Answer>(key: string, call: () => Awaitable<Answer>): Awaitable<Answer> => {
    const current = call();
    if (!(current instanceof Promise)) return current;
    const asked: Asked = { current, startedAt: clock.now(), next: null };
    underWay.set(key, asked);
    const forget = (): void => {
      if (underWay.get(key) === asked) underWay.delete(key);
    };
    current.then(forget, forget);
    return current;
  };
  const share = <Answer>(key: string, call: () => Awaitable<Answer>): Awaitable<Answer> => {
    const asked = underWay.get(key);
    if (asked === undefined || clock.now() - asked.startedAt > storageLimits.sharedCallMs) return begin(key, call);
    asked.next ??= asked.current.then(() => begin(key, call));
    return asked.next as Promise<Answer>;
  };
  return {
    storage: {
      ...storage,
      room: () => share('room', () => storage.room()),
      syncFolder: (path) => share(`sync ${path}`, () => storage.syncFolder(path)),
    },
    root: () => share('root', () => rootOf(storage)),
  };
}
