import { type BigIntStats, constants, fstatSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import type { DiskSpace, Side } from '@sluice/core/model';
import {
  type Awaitable,
  andThen,
  callsFor,
  errnoError,
  errnoOf,
  type FileCalls,
  type FolderBelow,
  factsOfDescriptor,
  mountIdOfDescriptor,
  type OpenedFile,
  OpenFolders,
  orElse,
  resolveUnder,
  waitingCalls,
} from '@sluice/platform';
import type { FileFacts, OpenFile, OpenHow, Storage } from '../storage/storage.ts';

/**
 * Returns the storage in a folder of this machine: a local disk, or a mounted share. No call follows a link below the folder, even if
 * another program replaces folders meanwhile.
 *
 * @param root absolute path; it may be a link
 * @param isOwnDisk returns whether the folder is on a local disk, where metadata calls are fast; called for each call
 * @param side for a source, the mounts of its files are not determined
 */
export function mountedFolder(root: string, isOwnDisk: () => boolean = () => false, side: Side = 'destination'): Storage {
  const calls = callsFor(isOwnDisk);
  const folders = new OpenFolders(root, undefined, calls);
  const opener: Opener = { root, calls, folders, side, isOwnDisk, known: new WeakMap() };
  return {
    isOwnDisk,
    open: (path, how) =>
      path === ''
        ? openUnder(opener, root, how)
        : folders.at(path, typeof how === 'object', (at, folder) => openUnder(opener, at, how, { more: notALink, folder })),
    stat: (path) =>
      orElse(
        () => folders.find(path, (at) => andThen(calls.lstat(at), (stats) => (stats === null ? null : factsOf(stats)))),
        (error) => {
          // A folder in the path is missing.
          if (errnoOf(error) === 'ENOENT') return null;
          throw error;
        },
      ),
    room: () => andThen(calls.statfs(root), (stats) => ({ freeBytes: spaceOf(stats).freeBytes })),
    makeFolder: (path, mode, mountId) => makeFolder(opener, path, mode, mountId),
    link: (from, to) => folders.at(from, true, (at) => folders.at(to, !isSameFolder(from, to), (name) => calls.link(at, name))),
    rename: (from, to) => folders.at(from, true, (at) => folders.at(to, !isSameFolder(from, to), (name) => calls.rename(at, name))),
    unlink: (path, hasOtherName) => folders.at(path, false, (at) => calls.unlink(at, hasOtherName)),
    syncFolder: (path) => folders.in(path, false, (folder) => syncFolder(String(folder.path), calls)),
  };
}

interface Opener {
  readonly root: string;
  readonly calls: FileCalls;
  readonly folders: OpenFolders;
  readonly side: Side;
  isOwnDisk(): boolean;
  /** The metadata of open folders on a local disk. */
  readonly known: WeakMap<FolderBelow, FolderFacts>;
}

/** Metadata of an open folder. A file in it with the same device number is on the same mount. */
interface FolderFacts {
  readonly device: string;
  readonly mountId: number | null;
  /** Whether a file in it was opened past the page cache, and the system confirmed that. */
  opensDirect: boolean;
}

function isSameFolder(a: string, b: string): boolean {
  return a.slice(0, a.lastIndexOf('/') + 1) === b.slice(0, b.lastIndexOf('/') + 1);
}

/**
 * Creates a folder through an open descriptor of its parent, whose mount is checked first. So nothing is created in the local folder
 * below a share that was unmounted after the last check. Only Linux reports mounts.
 */
async function makeFolder(opener: Opener, path: string, mode: number, mountId: number | null): Promise<void> {
  const { root, calls, folders } = opener;
  resolveUnder(root, path);
  if (!path.includes('/') && mountId !== null) return await makeFolderOn(opener, path, mode, mountId);
  const parent = path.slice(0, Math.max(0, path.lastIndexOf('/')));
  await folders.in(parent, true, async ({ fd }) => {
    if (mountId !== null && fd !== null) assertMount(fd, mountId, root);
    await folders.at(path, false, (at) => calls.mkdir(at, mode));
  });
}

async function makeFolderOn({ root, calls }: Opener, name: string, mode: number, mountId: number): Promise<void> {
  const handle = await calls.open(root, flagsOf('folder'));
  try {
    assertMount(handle.fd, mountId, root);
    // Only Linux has mount ids, so `/proc` exists here.
    await calls.mkdir(resolveUnder(`/proc/self/fd/${handle.fd}`, name), mode);
  } finally {
    await handle.close();
  }
}

function assertMount(descriptor: number, mountId: number, root: string): void {
  const found = mountIdOfDescriptor(descriptor);
  if (found !== null && found !== mountId) throw errnoError('DIVERTED', `${root} is not the destination that was probed`);
}

const notALink = constants.O_NOFOLLOW ?? 0;
// O_NONBLOCK: opening a FIFO must not wait for its writer. Windows has neither flag.
const guarded = notALink | (constants.O_NONBLOCK ?? 0);
const isLinkFollowed = constants.O_NOFOLLOW === undefined;

interface In {
  /** Flags in addition to those of `how`. */
  readonly more: number;
  /** Null for the root. */
  readonly folder: FolderBelow | null;
}

function openUnder(opener: Opener, path: string, how: OpenHow, { more, folder }: In = { more: 0, folder: null }): Awaitable<OpenFile> {
  if (how === 'read_direct' && constants.O_DIRECT === undefined) throw errnoError('EINVAL', 'no O_DIRECT here');
  const { calls } = opener;
  const opening = typeof how === 'object' ? calls.open(path, creating, how.create) : calls.open(path, flagsOf(how) | more);
  const opened = { path, how, folder };
  return opening instanceof Promise ? opening.then((handle) => stated(opener, handle, opened)) : stated(opener, opening, opened);
}

/** Returns the opened file with its metadata. If that fails, closes it. */
function stated(opener: Opener, handle: OpenedFile, opened: Opened): Awaitable<OpenFile> {
  const closed = (error: unknown): Awaitable<never> =>
    andThen(handle.close(), () => {
      throw error;
    });
  try {
    const stats = handle.stat({ bigint: true });
    const file =
      stats instanceof Promise ? stats.then((found) => checked(opener, handle, found, opened)) : checked(opener, handle, stats, opened);
    return file instanceof Promise ? file.catch(closed) : file;
  } catch (error) {
    return closed(error);
  }
}

interface Opened {
  readonly path: string;
  readonly how: OpenHow;
  readonly folder: FolderBelow | null;
}

/** Returns the opened file. @throws EFTYPE if it is not of the kind it was opened as; ELOOP if it is a link */
function checked(opener: Opener, handle: OpenedFile, stats: BigIntStats, { path, how, folder }: Opened): Awaitable<OpenFile> {
  const facts = factsOf(stats);
  const expected = how === 'folder' ? 'folder' : 'file';
  if (facts.kind !== expected) throw errnoError('EFTYPE', `${path} is not a regular ${expected}`);
  const isDirect = how === 'read_direct';
  const mountId = opener.side === 'source' && !isDirect ? null : mountOf(opener, handle, facts, { isDirect, folder });
  const file = new MountedFile(handle, facts, { path, mountId, isDirect });
  if (how === 'folder' || !isLinkFollowed) return file;
  return andThen(opener.calls.lstat(path), (stats) => {
    if (stats?.isSymbolicLink() === true) throw errnoError('ELOOP', `${path} is a link`);
    return file;
  });
}

/** Returns the mount of an open file. @throws EINVAL if the system did not confirm that reads go past the page cache */
function mountOf(
  opener: Opener,
  { fd }: OpenedFile,
  { device }: FileFacts,
  { isDirect, folder }: { readonly isDirect: boolean; readonly folder: FolderBelow | null },
): number | null {
  const known = folder === null ? null : factsOfFolder(opener, folder);
  const isInIt = known !== null && known.device === device;
  if (isInIt && (!isDirect || known.opensDirect)) return known.mountId;
  // In a chroot without `/proc` nothing can be confirmed.
  const { mountId, flags } = factsOfDescriptor(fd);
  // If a runtime or a filesystem silently dropped the flag, a cached read would count as a verification of the storage.
  if (isDirect && (flags === null || (flags & constants.O_DIRECT) === 0)) throw errnoError('EINVAL', 'O_DIRECT was ignored');
  if (isInIt && isDirect) known.opensDirect = true;
  return mountId;
}

/** Returns null if a stat of the folder may take long, or if it has no descriptor. */
function factsOfFolder({ known, isOwnDisk }: Opener, folder: FolderBelow): FolderFacts | null {
  if (folder.fd === null || !isOwnDisk()) return null;
  const before = known.get(folder);
  if (before !== undefined) return before;
  const facts = {
    device: String(fstatSync(folder.fd, { bigint: true }).dev),
    mountId: factsOfDescriptor(folder.fd).mountId,
    opensDirect: false,
  };
  known.set(folder, facts);
  return facts;
}

const creating = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | guarded;

function flagsOf(how: 'read' | 'read_direct' | 'write' | 'folder'): number {
  if (how === 'write') return constants.O_RDWR | guarded;
  if (how === 'folder') return constants.O_RDONLY | (constants.O_DIRECTORY ?? 0);
  return constants.O_RDONLY | guarded | (how === 'read_direct' ? constants.O_DIRECT : 0);
}

class MountedFile implements OpenFile {
  readonly atOpen: FileFacts;
  readonly mountId: number | null;
  readonly isDirect: boolean;
  readonly isShortAtEndOnly: boolean;
  readonly #handle: OpenedFile;
  readonly #path: string;

  constructor(
    handle: OpenedFile,
    atOpen: FileFacts,
    { path, mountId, isDirect }: Pick<OpenFile, 'mountId' | 'isDirect'> & { readonly path: string },
  ) {
    this.atOpen = atOpen;
    this.mountId = mountId;
    this.isDirect = isDirect;
    this.isShortAtEndOnly = handle.isShortAtEndOnly === true;
    this.#handle = handle;
    this.#path = path;
  }

  read(into: Uint8Array, atByte: number): Awaitable<number> {
    const read = this.#handle.read(into, 0, into.length, atByte);
    return read instanceof Promise ? read.then(({ bytesRead }) => bytesRead) : read.bytesRead;
  }

  write(bytes: Uint8Array, atByte: number): Awaitable<number> {
    const written = this.#handle.write(bytes, 0, bytes.length, atByte);
    return written instanceof Promise ? written.then(({ bytesWritten }) => bytesWritten) : written.bytesWritten;
  }

  sync(what: 'data' | 'all'): Awaitable<void> {
    return what === 'data' ? this.#handle.datasync() : this.#handle.sync();
  }

  truncate(sizeBytes: number): Awaitable<void> {
    return this.#handle.truncate(sizeBytes);
  }

  facts(): Awaitable<FileFacts> {
    return andThen(this.#handle.stat({ bigint: true }), factsOf);
  }

  setTimes(mtimeNs: string): Awaitable<void> {
    const seconds = nearestSeconds(BigInt(mtimeNs));
    // Node replaces a negative number by the present time, but accepts the same number as a string.
    const time = seconds < 0 ? String(seconds) : seconds;
    return this.#handle.utimes(time, time);
  }

  setMode(mode: number): Awaitable<void> {
    return this.#handle.chmod(mode);
  }

  isEmpty(): Awaitable<boolean> {
    // With a path through its descriptor, it does not matter if the folder was renamed meanwhile.
    return isEmptyFolder(this.mountId === null ? this.#path : `/proc/self/fd/${this.#handle.fd}`);
  }

  close(): Awaitable<void> {
    return this.#handle.close();
  }
}

/** Not `opendir`: where the filesystem does not say of what kind a name is, it fails at one that is not valid UTF-8. */
async function isEmptyFolder(path: string): Promise<boolean> {
  return (await readdir(path)).length === 0;
}

/**
 * Returns a time as the nearest double, in seconds. It is off by at most 120 ns until the year 2106. Parsing the decimal text rounds once;
 * converting to a double and dividing would round twice.
 */
function nearestSeconds(ns: bigint): number {
  const [sign, size] = ns < 0n ? ['-', -ns] : ['', ns];
  return Number(`${sign}${size / 1_000_000_000n}.${String(size % 1_000_000_000n).padStart(9, '0')}`);
}

function factsOf(stats: BigIntStats): FileFacts {
  return {
    kind: stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : 'other',
    sizeBytes: Number(stats.size),
    mtimeNs: String(stats.mtimeNs),
    changeNs: String(stats.ctimeNs),
    mode: Number(stats.mode & 0o7777n),
    device: String(stats.dev),
    inode: String(stats.ino),
  };
}

/** The fields of statfs(2), in blocks and bytes. `frsize` is absent if the system does not report it. */
interface StatedSpace {
  readonly bsize: number;
  readonly frsize?: number;
  readonly blocks: number;
  readonly bavail: number;
}

/**
 * Returns the space of a filesystem, in bytes: available blocks, not free ones. Blocks are counted in units of `frsize`; `bsize` is the
 * preferred transfer size, and over FUSE often a multiple of it. If all counts are 0 (smbnetfs), the space is unknown, not full.
 */
export function spaceOf({ bsize, frsize, blocks, bavail }: StatedSpace): DiskSpace {
  if (blocks === 0) return { totalBytes: null, freeBytes: null };
  const unitBytes = frsize === undefined || frsize === 0 ? bsize : frsize;
  return { totalBytes: blocks * unitBytes, freeBytes: bavail * unitBytes };
}

const folderSyncRefused = new Set(['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EBADF', 'EISDIR', 'EPERM', 'EACCES']);

/** Makes the names in a folder durable. Does nothing on a filesystem that does not support it. @param path absolute */
export async function syncFolder(path: string, calls: FileCalls = waitingCalls): Promise<void> {
  try {
    const handle = await calls.open(path, flagsOf('folder'));
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!folderSyncRefused.has(errnoOf(error))) throw error;
  }
}
