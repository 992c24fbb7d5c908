import { type BigIntStats, constants, fstatSync } from 'node:fs';
import { opendir } from 'node:fs/promises';
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
 * A folder of this machine: a local disk, or a share that is mounted. No call follows a link below it, even if folders are exchanged
 * meanwhile.
 *
 * @param root absolute path; it may be a link
 * @param isOwnDisk whether it lies on a disk of this machine, where no call that only looks at metadata takes long; asked at each call
 * @param side a source is not asked for the mounts of its files
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
          // A folder on the way to it is missing.
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
  /** Of folders on a disk of this machine, while they are open. */
  readonly known: WeakMap<FolderBelow, FolderFacts>;
}

/** What the system says of an open folder. A file in it that has its device number lies on its mount. */
interface FolderFacts {
  readonly device: string;
  readonly mountId: number | null;
  /** A file in it was opened past the cache, and the system said that this was so. */
  opensDirect: boolean;
}

function isSameFolder(a: string, b: string): boolean {
  return a.slice(0, a.lastIndexOf('/') + 1) === b.slice(0, b.lastIndexOf('/') + 1);
}

/**
 * Between a check of the root and the making of a folder a share may be gone: the folder it is made in is opened, asked for its mount,
 * and named through its descriptor. Only Linux names mounts at all.
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
    // Elsewhere than on Linux no mount has an id.
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
// O_NONBLOCK: opening a FIFO that lies among the files must not wait for its writer. Windows knows neither flag.
const guarded = notALink | (constants.O_NONBLOCK ?? 0);
const isLinkFollowed = constants.O_NOFOLLOW === undefined;

interface In {
  /** In addition to the flags of `how`. */
  readonly more: number;
  /** Null: the root. */
  readonly folder: FolderBelow | null;
}

function openUnder(opener: Opener, path: string, how: OpenHow, { more, folder }: In = { more: 0, folder: null }): Awaitable<OpenFile> {
  if (how === 'read_direct' && constants.O_DIRECT === undefined) throw errnoError('EINVAL', 'no O_DIRECT here');
  const { calls } = opener;
  const opening = typeof how === 'object' ? calls.open(path, creating, how.create) : calls.open(path, flagsOf(how) | more);
  return andThen(opening, (handle) =>
    orElse(
      () => andThen(handle.stat({ bigint: true }), (stats) => checked(opener, handle, factsOf(stats), { path, how, folder })),
      (error) =>
        andThen(handle.close(), () => {
          throw error;
        }),
    ),
  );
}

interface Opened {
  readonly path: string;
  readonly how: OpenHow;
  readonly folder: FolderBelow | null;
}

/** What was opened, if it is what it was opened as. */
function checked(opener: Opener, handle: OpenedFile, facts: FileFacts, { path, how, folder }: Opened): Awaitable<OpenFile> {
  const expected = how === 'folder' ? 'folder' : 'file';
  if (facts.kind !== expected) throw errnoError('EFTYPE', `${path} is no regular ${expected}`);
  const isDirect = how === 'read_direct';
  const mountId = opener.side === 'source' && !isDirect ? null : mountOf(opener, handle, facts, { isDirect, folder });
  const file = openFile(handle, facts, { path, mountId, isDirect });
  if (how === 'folder' || !isLinkFollowed) return file;
  return andThen(opener.calls.lstat(path), (stats) => {
    if (stats?.isSymbolicLink() === true) throw errnoError('ELOOP', `${path} is a link`);
    return file;
  });
}

/** @throws EINVAL where a file that is to be read past the cache was not opened so */
function mountOf(
  opener: Opener,
  { fd }: OpenedFile,
  { device }: FileFacts,
  { isDirect, folder }: { readonly isDirect: boolean; readonly folder: FolderBelow | null },
): number | null {
  const known = folder === null ? null : factsOfFolder(opener, folder);
  const isInIt = known !== null && known.device === device;
  if (isInIt && (!isDirect || known.opensDirect)) return known.mountId;
  // A chroot without `/proc` has no answer.
  const { mountId, flags } = factsOfDescriptor(fd);
  // A flag that a runtime or a filesystem drops in silence would turn a cached read into a false verification.
  if (isDirect && (flags === null || (flags & constants.O_DIRECT) === 0)) throw errnoError('EINVAL', 'O_DIRECT was ignored');
  if (isInIt && isDirect) known.opensDirect = true;
  return mountId;
}

/** Null where a look at the folder may take long, or it has no descriptor. */
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

function openFile(
  handle: OpenedFile,
  atOpen: FileFacts,
  { path, mountId, isDirect }: Pick<OpenFile, 'mountId' | 'isDirect'> & { readonly path: string },
): OpenFile {
  return {
    atOpen,
    mountId,
    isDirect,
    isShortAtEndOnly: handle.isShortAtEndOnly === true,
    read: (into, atByte) => andThen(handle.read(into, 0, into.length, atByte), ({ bytesRead }) => bytesRead),
    write: (bytes, atByte) => andThen(handle.write(bytes, 0, bytes.length, atByte), ({ bytesWritten }) => bytesWritten),
    sync: (what) => (what === 'data' ? handle.datasync() : handle.sync()),
    truncate: (sizeBytes) => handle.truncate(sizeBytes),
    facts: () => andThen(handle.stat({ bigint: true }), factsOf),
    setTimes: (mtimeNs) => {
      const seconds = nearestSeconds(BigInt(mtimeNs));
      // Node takes a number before 1970 for the present, but reads the same number from a text.
      const time = seconds < 0 ? String(seconds) : seconds;
      return handle.utimes(time, time);
    },
    setMode: (mode) => handle.chmod(mode),
    // Where descriptors have paths, what has the name of the folder by now does not matter.
    isEmpty: () => isEmptyFolder(mountId === null ? path : `/proc/self/fd/${handle.fd}`),
    close: () => handle.close(),
  };
}

async function isEmptyFolder(path: string): Promise<boolean> {
  const folder = await opendir(path);
  try {
    return (await folder.read()) === null;
  } finally {
    await folder.close();
  }
}

/**
 * The double that is nearest to this time: away from it by at most 120 ns until the year 2106. A division would round a number of
 * nanoseconds that no double holds; the decimal text is rounded once.
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

/** What statfs(2) says; `frsize` where the system says it. */
interface StatedSpace {
  readonly bsize: number;
  readonly frsize?: number;
  readonly blocks: number;
  readonly bavail: number;
}

/**
 * *Available* blocks, not free ones. Blocks are counted in fragments: `bsize` is only the size of a good transfer, and
 * over FUSE often a multiple. All zeros is what a filesystem answers that does not know (smbnetfs): unknown, not full.
 */
export function spaceOf({ bsize, frsize, blocks, bavail }: StatedSpace): DiskSpace {
  if (blocks === 0) return { totalBytes: null, freeBytes: null };
  const unitBytes = frsize === undefined || frsize === 0 ? bsize : frsize;
  return { totalBytes: blocks * unitBytes, freeBytes: bavail * unitBytes };
}

const folderSyncRefused = new Set(['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EBADF', 'EISDIR', 'EPERM', 'EACCES']);

/** Makes the names in a folder durable; a filesystem that cannot is no error. @param path absolute */
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
