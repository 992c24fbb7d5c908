import { type BigIntStats, constants } from 'node:fs';
import { type FileHandle, link, lstat, mkdir, open, readFile, rename, statfs, unlink } from 'node:fs/promises';
import platformPath, { type PlatformPath } from 'node:path';
import type { DiskSpace } from '@sluice/core';
import { errnoOf, mountIdOfDescriptor } from '@sluice/platform';
import { withCode } from '../storage/classify.ts';
import type { FileFacts, OpenFile, OpenHow, Storage } from '../storage/storage.ts';

/** A folder of this machine: a local disk, or a share that is mounted. @param root absolute path. */
export function mountedFolder(root: string): Storage {
  const at = (path: string): string => resolveUnder(root, path);
  return {
    open: (path, how) => openUnder(at(path), how),
    stat: async (path) => factsOf(await lstat(at(path), { bigint: true })),
    room: async () => ({ freeBytes: spaceOf(await statfs(root)).freeBytes }),
    makeFolder: (path, mode, mountId) => (mountId === null ? mkdir(at(path), { mode }) : makeFolderOn(root, path, mode, mountId)),
    link: (from, to) => link(at(from), at(to)),
    rename: (from, to) => rename(at(from), at(to)),
    unlink: (path) => unlink(at(path)),
    syncFolder: (path) => syncFolder(at(path)),
  };
}

/**
 * Every call resolves its path again: between a check of the root and the making of a folder a share may be gone. What is
 * named through an open descriptor cannot change (proc_pid_fd(5), as openat(2) does it). Only Linux names mounts at all.
 */
async function makeFolderOn(root: string, path: string, mode: number, mountId: number): Promise<void> {
  const handle = await open(root, flagsOf('folder'));
  try {
    const found = mountIdOfDescriptor(handle.fd);
    if (found !== null && found !== mountId) throw withCode('DIVERTED', `${root} is not the destination that was probed`);
    await mkdir(resolveUnder(`/proc/self/fd/${handle.fd}`, path), { mode });
  } finally {
    await handle.close();
  }
}

/**
 * The absolute path of a relative one. On Windows one that is taken literally (`\\?\`): `aux.mxf` is a file there and no
 * device, `a.` another file than `a`, and a path may be long.
 *
 * @throws EINVAL where a part could lead out of the root, or to a stream of another file.
 */
export function resolveUnder(root: string, path: string, { sep, toNamespacedPath }: PlatformPath = platformPath): string {
  if (path === '') return root;
  const parts = path.split('/');
  const leadsOut = (part: string): boolean =>
    part === '' || part === '.' || part === '..' || part.includes('\0') || (sep === '\\' && /[\\:]/.test(part));
  if (parts.some(leadsOut)) throw withCode('EINVAL', `the path ${JSON.stringify(path)} does not stay under its root`);
  return toNamespacedPath((root.endsWith(sep) ? root.slice(0, -1) : root) + sep + parts.join(sep));
}

// O_NONBLOCK: opening a FIFO that lies among the files must not wait for its writer. Windows knows neither flag.
const guarded = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

async function openUnder(path: string, how: OpenHow): Promise<OpenFile> {
  if (how === 'read_direct' && constants.O_DIRECT === undefined) throw withCode('EINVAL', 'no O_DIRECT here');
  const handle = typeof how === 'object' ? await open(path, creating, how.create) : await open(path, flagsOf(how));
  try {
    const facts = factsOf(await handle.stat({ bigint: true }));
    const expected = how === 'folder' ? 'folder' : 'file';
    if (facts.kind !== expected) throw withCode('EFTYPE', `${path} is no regular ${expected}`);
    if (how === 'read_direct' && !(await isDirect(handle))) throw withCode('EINVAL', 'O_DIRECT was ignored');
    return openFile(handle, mountIdOfDescriptor(handle.fd), how === 'read_direct');
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

function openFile(handle: FileHandle, mountId: number | null, direct: boolean): OpenFile {
  return {
    mountId,
    isDirect: direct,
    read: async (into, atByte) => (await handle.read(into, 0, into.length, atByte)).bytesRead,
    write: async (bytes, atByte) => (await handle.write(bytes, 0, bytes.length, atByte)).bytesWritten,
    sync: (what) => (what === 'data' ? handle.datasync() : handle.sync()),
    truncate: (sizeBytes) => handle.truncate(sizeBytes),
    facts: async () => factsOf(await handle.stat({ bigint: true })),
    setTimes: async (mtimeNs) => {
      const seconds = Number(BigInt(mtimeNs) / 1000n) / 1e6;
      // Node takes a number before 1970 for the present.
      const time = seconds < 0 ? new Date(seconds * 1000) : seconds;
      await handle.utimes(time, time);
    },
    setMode: (mode) => handle.chmod(mode),
    close: () => handle.close(),
  };
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
