import { type CallFault, type FileIdentity, type GateCause, isOtherFile, type OwnCode, type Side } from '@sluice/core/model';
import { type Awaitable, errnoOf } from '@sluice/platform';
import { storageLimits } from './limits.ts';

/**
 * The contract of a storage that files are read from or copied to. One adapter per kind of storage; decorators add
 * watching and faults. All paths are relative to the root, `/` between the parts; `''` is the root itself.
 *
 * What a method throws or rejects with has an errno name as `code`. None retries, and none has a deadline. A method that is sure to take no
 * time may answer at once, without a promise.
 */
export interface Storage {
  /** Whether it is a disk of this machine: what it says of a file is so at that moment, and no look takes long. */
  isOwnDisk(): boolean;
  /** Never follows a link in the last part of the path; never truncates. */
  open(path: string, how: OpenHow): Awaitable<OpenFile>;
  /** Of what has this name, links not followed; null where nothing has it. */
  stat(path: string): Awaitable<FileFacts | null>;
  /** Of the filesystem the root lies on. */
  room(): Awaitable<Room>;
  /**
   * One folder; its parent must be there. The system may make it with fewer permission bits (its umask).
   *
   * @param mountId the mount that the root must lie on at that very moment, where the system says; null: any
   * @throws EEXIST; DIVERTED where the root lies on another mount, and nothing is made
   */
  makeFolder(path: string, mode: number, mountId: number | null): Awaitable<void>;
  /** A second name for a file. @throws EEXIST where `to` is taken: it can never replace. */
  link(from: string, to: string): Awaitable<void>;
  /** Replaces what has the name `to`. */
  rename(from: string, to: string): Awaitable<void>;
  /** @param hasOtherName the file keeps its bytes under another name */
  unlink(path: string, hasOtherName?: boolean): Awaitable<void>;
  /** Makes names in a folder durable; a filesystem that cannot is no error. */
  syncFolder(path: string): Awaitable<void>;
}

/**
 * - `read`: through the cache; a regular file.
 * - `read_direct`: past the cache; `EINVAL` where that is refused or not known to be so. Memory, offset and length of
 *   its reads must be multiples of 4096.
 * - `write`: an existing regular file, for reading and writing.
 * - `folder`: to know its mount, or to set its mode. The root may be a link.
 * - `create`: exclusively, with these permission bits; `EEXIST` where the name is taken.
 */
export type OpenHow = 'read' | 'read_direct' | 'write' | 'folder' | { readonly create: number };

export interface OpenFile {
  /** As it was when it was opened; which file it is stays so. */
  readonly atOpen: FileFacts;
  /** What was opened lies on this mount; null where the system does not say. */
  readonly mountId: number | null;
  readonly isDirect: boolean;
  /** A read that gives less than it was asked for has reached the end; anywhere else it may have been cut short. */
  readonly isShortAtEndOnly: boolean;
  /** @returns bytes read, which may be fewer than asked for; 0 is what the storage calls the end. */
  read(into: Uint8Array, atByte: number): Awaitable<number>;
  /** @returns bytes taken, which may be fewer than given. */
  write(bytes: Uint8Array, atByte: number): Awaitable<number>;
  /** `data`: content and size. `all`: times and mode too. */
  sync(what: 'data' | 'all'): Awaitable<void>;
  truncate(sizeBytes: number): Awaitable<void>;
  facts(): Awaitable<FileFacts>;
  setTimes(mtimeNs: string): Awaitable<void>;
  setMode(mode: number): Awaitable<void>;
  /** Of a folder: whether no name is in it. */
  isEmpty(): Awaitable<boolean>;
  /** Errors count: some storage reports lost bytes only here. */
  close(): Awaitable<void>;
}

export interface FileFacts extends FileIdentity {
  readonly kind: 'file' | 'folder' | 'other';
  readonly sizeBytes: number;
  /** Nanoseconds since the epoch, decimal. */
  readonly mtimeNs: string;
  /** The same, of its last change of any kind (`st_ctime`): no program can set it back. Some storage makes it up. */
  readonly changeNs: string;
  /** Permission bits. */
  readonly mode: number;
}

export interface Room {
  /** Available, not free, bytes; null where the filesystem does not say. */
  readonly freeBytes: number | null;
}

/** Whether two stats found the same file. Only for a file that was open in between: some storage makes up inodes. */
export function isSameFile(a: FileFacts, b: FileFacts): boolean {
  return !isOtherFile(a, b);
}

/** An expected failure on its way to the border of a lane, where it becomes a report. */
export class CallFailure extends Error {
  override name = 'CallFailure';
  readonly fault: CallFault;
  /** For `errnoOf`. */
  readonly code: string;

  constructor(fault: CallFault, cause?: unknown) {
    super(`${fault.operation}: ${fault.message}`, { cause });
    this.fault = fault;
    this.code = fault.code;
  }
}

export type FindingCode = Exclude<OwnCode, 'SILENT' | 'FOLDER_TOO_LONG' | 'PATH_TOO_LONG' | 'CHILD_LOST'>;

/** One of Sluice's own findings, not an errno. */
export function finding(side: Side, code: FindingCode, operation: string, message: string): CallFailure {
  return new CallFailure({ side, code, operation, message });
}

/** `O_DIRECT` is refused: at the open, or at the first read. */
export function isDirectRefused(error: unknown): boolean {
  return directRefused.has(errnoOf(error));
}

const directRefused = new Set(['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

export function isOfSide(error: unknown, side: Side): boolean {
  return error instanceof CallFailure && error.fault.side === side;
}

/** What an errno of the root means for the whole destination. */
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

/** What the adapters make of anything a call threw; decided by its code, never by its text. */
export function toCallFault(side: Side, operation: string, error: unknown): CallFault {
  return { side, code: errnoOf(error), operation, message: messageOf(error) };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A destination that is asked once for all copies that ask at the same time. */
export interface SharedDestination<Root> {
  /** Its folders are synced, and its room is looked up, once for all. */
  readonly storage: Storage;
  /** Looks at the root. */
  root(): Awaitable<Root>;
}

interface Asked {
  readonly current: Promise<unknown>;
  readonly startedAt: number;
  /** The one that begins when the current one is over. */
  next: Promise<unknown> | null;
}

/**
 * Shares what is asked of a destination as a whole: who asks during a call gets the answer of the next one, which begins after it, and
 * so is as true as an answer of their own. Where the first one fails, so has theirs: the system reports an error of a sync only once.
 *
 * @param rootOf looks at the root of a destination
 * @param clock its `now` is in milliseconds
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
