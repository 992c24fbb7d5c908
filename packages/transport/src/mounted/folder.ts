import { type BigIntStats, constants } from 'node:fs';
import { type FileHandle, link, lstat, mkdir, open, opendir, readFile, rename, statfs, unlink } from 'node:fs/promises';
import type { DiskSpace } from '@sluice/core/model';
import { errnoError, errnoOf, mountIdOfDescriptor, OpenFolders, resolveUnder } from '@sluice/platform';
import type { FileFacts, OpenFile, OpenHow, Storage } from '../storage/storage.ts';

/**
 * A folder of this machine: a local disk, or a share that is mounted. No call follows a link below it, even if folders are exchanged
 * meanwhile.
 *
 * @param root absolute path; it may be a link
 */
export function mountedFolder(root: string): Storage {
  const folders = new OpenFolders(root);
  return {
    open: (path, how) =>
      path === '' ? openUnder(root, how) : folders.at(path, typeof how === 'object', (at) => openUnder(at, how, notALink)),
    stat: async (path) => factsOf(await folders.at(path, false, (at) => lstat(at, { bigint: true }))),
    room: async () => ({ freeBytes: spaceOf(await statfs(root)).freeBytes }),
    makeFolder: (path, mode, mountId) => makeFolder(root, folders, path, mode, mountId),
    link: (from, to) => folders.at(from, true, (at) => folders.at(to, !isSameFolder(from, to), (name) => link(at, name))),
    rename: (from, to) => folders.at(from, true, (at) => folders.at(to, !isSameFolder(from, to), (name) => rename(at, name))),
    unlink: (path) => folders.at(path, false, unlink),
    syncFolder: (path) => folders.in(path, false, (folder) => syncFolder(String(folder.path))),
  };
}

function isSameFolder(a: string, b: string): boolean {
  return a.slice(0, a.lastIndexOf('/') + 1) === b.slice(0, b.lastIndexOf('/') + 1);
}

/**
 * Between a check of the root and the making of a folder a share may be gone: the folder it is made in is opened, asked for its mount,
 * and named through its descriptor. Only Linux names mounts at all.
 */
async function makeFolder(root: string, folders: OpenFolders, path: string, mode: number, mountId: number | null): Promise<void> {
  resolveUnder(root, path);
  if (!path.includes('/') && mountId !== null) return await makeFolderOn(root, path, mode, mountId);
  const parent = path.slice(0, Math.max(0, path.lastIndexOf('/')));
  await folders.in(parent, true, async ({ fd }) => {
    if (mountId !== null && fd !== null) assertMount(fd, mountId, root);
    await folders.at(path, false, (at) => mkdir(at, { mode }));
  });
}

async function makeFolderOn(root: string, name: string, mode: number, mountId: number): Promise<void> {
  const handle = await open(root, flagsOf('folder'));
  try {
    assertMount(handle.fd, mountId, root);
    // Elsewhere than on Linux no mount has an id.
    await mkdir(resolveUnder(`/proc/self/fd/${handle.fd}`, name), { mode });
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

async function openUnder(path: string, how: OpenHow, more = 0): Promise<OpenFile> {
  if (how === 'read_direct' && constants.O_DIRECT === undefined) throw errnoError('EINVAL', 'no O_DIRECT here');
  const handle = typeof how === 'object' ? await open(path, creating, how.create) : await open(path, flagsOf(how) | more);
  try {
    const facts = factsOf(await handle.stat({ bigint: true }));
    const expected = how === 'folder' ? 'folder' : 'file';
    if (facts.kind !== expected) throw errnoError('EFTYPE', `${path} is no regular ${expected}`);
    if (how !== 'folder' && isLinkFollowed && (await lstat(path)).isSymbolicLink()) throw errnoError('ELOOP', `${path} is a link`);
    if (how === 'read_direct' && !(await isDirect(handle))) throw errnoError('EINVAL', 'O_DIRECT was ignored');
    return openFile(handle, { path, mountId: mountIdOfDescriptor(handle.fd), isDirect: how === 'read_direct' });
  } catch (error) {
    await handle.close();
    throw error;
  }
}

const creating = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | guarded;

function flagsOf(how: 'read' | 'read_direct' | 'write' | 'folder'): number {
  if (how === 'write') return constants.O_RDWR | guarded;
  if (how === 'folder') return constants.O_RDONLY | (constants.O_DIRECTORY ?? 0);
  return constants.O_RDONLY | guarded | (how === 'read_direct' ? constants.O_DIRECT : 0);
}

/** A flag that a runtime or a filesystem drops in silence would turn a cached read into a false verification. */
async function isDirect(handle: FileHandle): Promise<boolean> {
  const flags = /^flags:\s*([0-7]+)/m.exec(await textOf(`/proc/self/fdinfo/${handle.fd}`))?.[1];
  return flags !== undefined && (Number.parseInt(flags, 8) & constants.O_DIRECT) !== 0;
}

/** A chroot without `/proc` has no answer: an ENOENT of that must not be taken for one of the file. */
async function textOf(path: string): Promise<string> {
  return await readFile(path, 'utf8').catch(() => '');
}

function openFile(
  handle: FileHandle,
  { path, mountId, isDirect }: Pick<OpenFile, 'mountId' | 'isDirect'> & { readonly path: string },
): OpenFile {
  return {
    mountId,
    isDirect,
    read: async (into, atByte) => (await handle.read(into, 0, into.length, atByte)).bytesRead,
    write: async (bytes, atByte) => (await handle.write(bytes, 0, bytes.length, atByte)).bytesWritten,
    sync: (what) => (what === 'data' ? handle.datasync() : handle.sync()),
    truncate: (sizeBytes) => handle.truncate(sizeBytes),
    facts: async () => factsOf(await handle.stat({ bigint: true })),
    setTimes: async (mtimeNs) => {
      const seconds = nearestSeconds(BigInt(mtimeNs));
      // Node takes a number before 1970 for the present, but reads the same number from a text.
      const time = seconds < 0 ? String(seconds) : seconds;
      await handle.utimes(time, time);
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
export async function syncFolder(path: string): Promise<void> {
  try {
    const handle = await open(path, flagsOf('folder'));
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!folderSyncRefused.has(errnoOf(error))) throw error;
  }
}
