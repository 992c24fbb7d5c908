import { constants, existsSync } from 'node:fs';
import { lstat, realpath } from 'node:fs/promises';
import platformPath, { type PlatformPath, sep, toNamespacedPath } from 'node:path';
import process from 'node:process';
import { comparablePath } from '../comparable-path.ts';
import { limits } from '../limits.ts';
import { closeQuietly, errnoError, errnoOf } from '../system-calls.ts';
import { type Awaitable, andThen, finallyDo, orElse } from './awaitable.ts';
import { type FileCalls, type Name, type OpenedFile, waitingCalls } from './file-calls.ts';

interface Kept {
  readonly opening: Awaitable<FolderBelow>;
  readonly openedAt: number;
  users: number;
  isDropped: boolean;
  idle: NodeJS.Timeout | null;
}

/**
 * The folders below a root, each reached part by part without following a link. They are kept open while in use, because a copy
 * makes many calls in one folder, and closed soon after, because an open folder keeps its share from being unmounted.
 */
export class OpenFolders {
  readonly #root: string;
  readonly #now: () => number;
  readonly #calls: FileCalls;
  readonly #kept = new Map<string, Kept>();
  /** Folders whose paths were walked just now. Many copies that ask for one before anything else happens share that walk. */
  readonly #walkedNow = new Set<Kept>();

  /** @param now monotonic milliseconds */
  constructor(root: string, now: () => number = () => performance.now(), calls: FileCalls = waitingCalls) {
    this.#root = root;
    this.#now = now;
    this.#calls = calls;
  }

  /**
   * Runs `work` with the path that leads to a name.
   * @param isFresh walks to its folder again: a name that is created or published has to be where its path leads at that moment
   */
  at<Result>(path: string, isFresh: boolean, work: (path: string, folder: FolderBelow | null) => Awaitable<Result>): Awaitable<Result> {
    const plain = resolveUnder(this.#root, path);
    const slash = path.lastIndexOf('/');
    if (slash === -1) return work(plain, null);
    const name = path.slice(slash + 1);
    return this.in(path.slice(0, slash), isFresh, (folder) => work(folder.fd === null ? plain : String(folder.pathOf(name)), folder));
  }

  /** Runs `work` with a folder. If a folder that was kept open has been moved or removed, its path is walked again once. */
  in<Result>(folder: string, isFresh: boolean, work: (folder: FolderBelow) => Awaitable<Result>): Awaitable<Result> {
    if (folder === '') return work(plainFolder(this.#root));
    const before = this.#current(folder, isFresh);
    if (before === undefined) return this.#use(this.#open(folder), work);
    const onceMore = (error: unknown): Awaitable<Result> => {
      if (!movedAway.has(errnoOf(error)) || this.#walkedNow.has(before)) throw error;
      return this.#use(this.#open(folder), work);
    };
    try {
      const result = this.#use(before, work);
      return result instanceof Promise ? result.catch(onceMore) : result;
    } catch (error) {
      return onceMore(error);
    }
  }

  /** Looks a name up, like `at`. If it is missing in a folder that was kept open, its path is walked again once. */
  find<Found>(path: string, look: (path: string) => Awaitable<Found | null>): Awaitable<Found | null> {
    const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
    const isKept = folder !== '' && this.#current(folder, false) !== undefined && this.#current(folder, true) === undefined;
    const found = this.at(path, false, look);
    return isKept ? andThen(found, (facts) => facts ?? this.at(path, true, look)) : found;
  }

  #current(folder: string, isFresh: boolean): Kept | undefined {
    const kept = this.#kept.get(folder);
    if (kept === undefined || this.#walkedNow.has(kept)) return kept;
    return !isFresh && this.#now() - kept.openedAt <= limits.folderAgeMs ? kept : undefined;
  }

  #open(folder: string): Kept {
    this.#drop(folder);
    if (this.#kept.size >= limits.openFolders) this.#drop(this.#kept.keys().next().value ?? '');
    resolveUnder(this.#root, folder);
    const opening = openFolderBelow(this.#root, folder.split('/'), { fileCalls: this.#calls });
    const kept: Kept = { opening, openedAt: this.#now(), users: 0, isDropped: false, idle: null };
    this.#kept.set(folder, kept);
    if (this.#walkedNow.size === 0) process.nextTick(() => this.#walkedNow.clear());
    this.#walkedNow.add(kept);
    if (opening instanceof Promise) {
      opening.catch(() => {
        if (this.#kept.get(folder) === kept) this.#kept.delete(folder);
      });
    }
    return kept;
  }

  #use<Result>(kept: Kept, work: (folder: FolderBelow) => Awaitable<Result>): Awaitable<Result> {
    kept.users += 1;
    let result: Awaitable<Result>;
    try {
      result = andThen(kept.opening, work);
    } catch (error) {
      this.#leave(kept);
      throw error;
    }
    if (result instanceof Promise) return result.finally(() => this.#leave(kept));
    this.#leave(kept);
    return result;
  }

  #leave(kept: Kept): void {
    kept.users -= 1;
    if (kept.users === 0) this.#release(kept);
  }

  #release(kept: Kept): void {
    if (kept.isDropped) close(kept);
    else if (kept.idle !== null) kept.idle.refresh();
    else {
      kept.idle = setTimeout(() => {
        if (kept.users > 0) return;
        for (const [folder, other] of this.#kept) if (other === kept) this.#drop(folder);
      }, limits.folderIdleMs);
      kept.idle.unref();
    }
  }

  #drop(folder: string): void {
    const kept = this.#kept.get(folder);
    if (kept === undefined) return;
    this.#kept.delete(folder);
    kept.isDropped = true;
    if (kept.idle !== null) clearTimeout(kept.idle);
    if (kept.users === 0) close(kept);
  }
}

/** The errors of a name in a folder that was moved or removed. */
const movedAway = new Set(['ENOENT', 'ESTALE', 'ENOTDIR']);

/** Not awaited: closing a folder of a share that hangs may take hours. */
function close({ opening }: Kept): void {
  if (opening instanceof Promise) {
    opening.then(
      (folder) => folder.close(),
      () => undefined,
    );
  } else void opening.close();
}

/**
 * Returns the absolute path of a relative one. On Windows the path is literal (`\\\\?\\`): `aux.mxf` is a file there and not a
 * device, `a.` is a different file from `a`, and a path may be long.
 * @throws EINVAL if a part could lead out of the root, or to a stream of another file
 */
export function resolveUnder(root: string, path: string, { sep, toNamespacedPath }: PlatformPath = platformPath): string {
  if (path === '') return root;
  if (leadsOut.test(path) || (sep === '\\' && /[\\:]/.test(path)))
    throw errnoError('EINVAL', `the path ${JSON.stringify(path)} does not stay under its root`);
  const below = sep === '/' ? path : path.replaceAll('/', sep);
  return toNamespacedPath((root.endsWith(sep) ? root.slice(0, -1) : root) + sep + below);
}

/** A part without a name, `.` or `..`; NUL. */
const leadsOut = /(?:^|\/)\.{0,2}(?:\/|$)|\0/;

/**
 * A folder below a root that cannot be replaced while it is used. Its names are reached through its open descriptor. A user who
 * replaces one of the folders on the way by a link therefore cannot lead a call out of the root.
 */
export interface FolderBelow {
  /** Returns the path by which a call reaches a name in this folder. Only the last part of it can be a link. */
  pathOf(name: Name): Name;
  /** The path by which a call reaches the folder itself. */
  readonly path: Name;
  /** Its descriptor. Null: it is reached by its path. */
  readonly fd: number | null;
  /** Never rejects. */
  close(): Promise<void>;
}

/** How folders below a root are reached. */
export interface BelowOptions {
  /** Called before each call to the storage. */
  readonly onCall?: () => void;
  /** Whether names can be reached through an open descriptor. Default: as the system allows. */
  readonly hasDescriptorPaths?: boolean;
  /** How folders are opened. Default: each on another thread. */
  readonly fileCalls?: FileCalls;
}

/**
 * Opens a folder below a root, part by part, without following a link: openat(2) with `O_DIRECTORY | O_NOFOLLOW`, which Node has
 * as `/proc/self/fd/N/part`. The root itself is trusted, and may be a link.
 * Without `/proc` (other systems, or a chroot without it) the folder's real path is compared with the expected one. A folder that
 * is replaced between that comparison and the call is not noticed there.
 * @param parts of the path from the root to the folder. None: the root itself, which is not opened
 * @throws LINKED if a part is a link, ENOTDIR if it is not a folder, and any errno of a call
 */
export function openFolderBelow(root: string, parts: readonly Name[], options: BelowOptions = {}): Awaitable<FolderBelow> {
  const { onCall = () => undefined, hasDescriptorPaths = systemHasDescriptorPaths(), fileCalls = waitingCalls } = options;
  if (parts.length === 0) return plainFolder(root);
  return hasDescriptorPaths ? walk(plainFolder(root), parts, { onCall, fileCalls }) : compare(root, parts, onCall);
}

/** Found out once: a chroot does not get a `/proc` later. */
let hasProc: boolean | null = null;

function systemHasDescriptorPaths(): boolean {
  hasProc ??= process.platform === 'linux' && existsSync('/proc/self/fd');
  return hasProc;
}

function plainFolder(path: Name): FolderBelow {
  return { path, fd: null, pathOf: (name) => joined(path, name), close: () => Promise.resolve() };
}

/**
 * Walks down the same way: yields the root, each folder on the way and the last one. Each is opened once, and closed when the next
 * one is requested or the iteration ends.
 * @throws as `openFolderBelow`, at the folder that cannot be opened
 */
export async function* foldersDown(
  root: string,
  parts: readonly Name[],
  options: BelowOptions = {},
): AsyncGenerator<FolderBelow, void, void> {
  const { onCall = () => undefined, hasDescriptorPaths = systemHasDescriptorPaths(), fileCalls = waitingCalls } = options;
  let folder = plainFolder(root);
  try {
    yield folder;
    for (const [index, part] of parts.entries()) {
      const next = hasDescriptorPaths
        ? await enter(folder, part, { onCall, fileCalls })
        : await compare(root, parts.slice(0, index + 1), onCall);
      await folder.close();
      folder = next;
      yield folder;
    }
  } finally {
    await folder.close();
  }
}

type Entering = Required<Pick<BelowOptions, 'onCall' | 'fileCalls'>>;

/** Closes the folder that it begins with. */
function walk(parent: FolderBelow, [part, ...others]: readonly Name[], entering: Entering): Awaitable<FolderBelow> {
  if (part === undefined) return parent;
  const entered = finallyDo(
    () => enter(parent, part, entering),
    () => void parent.close(),
  );
  return andThen(entered, (folder) => walk(folder, others, entering));
}

function enter(parent: FolderBelow, part: Name, { onCall, fileCalls }: Entering): Awaitable<FolderBelow> {
  onCall();
  return andThen(openPart(fileCalls, parent.pathOf(part)), folderOf);
}

function folderOf(handle: OpenedFile): FolderBelow {
  const path = `/proc/self/fd/${handle.fd}`;
  return { path, fd: handle.fd, pathOf: (name) => joined(path, name), close: () => closeQuietly(handle) };
}

/** `O_PATH` of open(2), which Node does not name. The value is the same on all architectures that Sluice is built for. */
const openAsPath = 0o10000000;
const asFolder = (constants.O_DIRECTORY ?? 0) | (constants.O_NOFOLLOW ?? 0);

function openPart(calls: FileCalls, path: Name): Awaitable<OpenedFile> {
  return orElse(
    () => calls.open(path, constants.O_RDONLY | asFolder),
    async (error) => {
      const errno = errnoOf(error);
      // The names in a folder that may be searched but not listed can still be reached.
      if (errno === 'EACCES') return await calls.open(path, openAsPath | asFolder);
      if (errno === 'ELOOP' || (errno === 'ENOTDIR' && (await isLink(path)))) throw linked(path);
      throw error;
    },
  );
}

async function isLink(path: Name): Promise<boolean> {
  return await lstat(path).then(
    (stats) => stats.isSymbolicLink(),
    () => false,
  );
}

async function compare(root: string, parts: readonly Name[], onCall: () => void): Promise<FolderBelow> {
  const path = parts.reduce<Name>((folder, part) => joined(folder, part), root);
  // On Windows a name such as `aux` would otherwise be a device.
  const literal = typeof path === 'string' ? toNamespacedPath(path) : path;
  onCall();
  const [realRoot, real] = await Promise.all([realpath(root), realpath(literal)]);
  const expected = parts.reduce<string>((folder, part) => `${folder}${folder.endsWith(sep) ? '' : sep}${String(part)}`, realRoot);
  const plain = (folder: string): string => comparablePath(folder, process.platform);
  if (plain(real) !== plain(expected)) throw linked(path);
  const stats = await lstat(literal);
  if (!stats.isDirectory()) throw errnoError('ENOTDIR', `${String(path)} is not a folder`);
  return plainFolder(path);
}

function linked(path: Name): Error {
  return errnoError('LINKED', `${String(path)} is a link; Sluice does not follow links below a source or a destination`);
}

const separator = Buffer.from(sep);

function joined(folder: Name, name: Name): Name {
  if (typeof folder === 'string' && typeof name === 'string') return folder.endsWith(sep) ? folder + name : `${folder}${sep}${name}`;
  const [start, end] = [Buffer.from(folder), Buffer.from(name)];
  return Buffer.concat(start.subarray(-separator.length).equals(separator) ? [start, end] : [start, separator, end]);
}
