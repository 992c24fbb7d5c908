import { constants, existsSync } from 'node:fs';
import { type FileHandle, lstat, open, realpath } from 'node:fs/promises';
import { sep, toNamespacedPath } from 'node:path';
import process from 'node:process';
import { comparablePath } from './comparable-path.ts';
import { closeQuietly, errnoError, errnoOf } from './system-calls.ts';

/** A name as text, or as the bytes that it really has. */
export type Name = string | Buffer;

/**
 * A folder below a root that cannot be exchanged. Its names are reached through its open descriptor, so that a user who exchanges one of
 * the folders on the way to it for a link leads no call out of the root.
 */
export interface FolderBelow {
  /** Returns the path by which a call reaches a name in this folder. Only the last part of it can be a link. */
  pathOf(name: Name): Name;
  /** The path by which a call reaches the folder itself. */
  readonly path: Name;
  /** Its descriptor; null where it is reached by its path. */
  readonly fd: number | null;
  /** Never rejects. */
  close(): Promise<void>;
}

export interface BelowOptions {
  /** Called before each call to the storage. */
  readonly onCall?: () => void;
  /** Whether names can be reached through an open descriptor; default: as the system is. */
  readonly hasDescriptorPaths?: boolean;
}

/**
 * Opens a folder below a root, part by part, without following a link: openat(2) with `O_DIRECTORY | O_NOFOLLOW`, which Node has as
 * `/proc/self/fd/N/part`. The root itself is trusted, and may be a link.
 *
 * Without `/proc` (other systems, or a chroot that has none) the folder's real path is compared with the one that its name leads to. A folder that is
 * exchanged between that and the call is not noticed there.
 *
 * @param parts of the path from the root to the folder; none: the root itself, which is not opened
 * @throws LINKED where a part is a link, ENOTDIR where it is no folder, and any errno of a call
 */
export async function openFolderBelow(root: string, parts: readonly Name[], options: BelowOptions = {}): Promise<FolderBelow> {
  const { onCall = () => undefined, hasDescriptorPaths = systemHasDescriptorPaths() } = options;
  if (parts.length === 0) return plainFolder(root);
  return hasDescriptorPaths ? await walk(root, parts, onCall) : await compare(root, parts, onCall);
}

function systemHasDescriptorPaths(): boolean {
  return process.platform === 'linux' && existsSync('/proc/self/fd');
}

function plainFolder(path: Name): FolderBelow {
  return { path, fd: null, pathOf: (name) => joined(path, name), close: () => Promise.resolve() };
}

async function walk(root: string, parts: readonly Name[], onCall: () => void): Promise<FolderBelow> {
  let folder = plainFolder(root);
  for (const part of parts) {
    const parent = folder;
    try {
      onCall();
      folder = folderOf(await openPart(parent.pathOf(part)));
    } finally {
      await parent.close();
    }
  }
  return folder;
}

function folderOf(handle: FileHandle): FolderBelow {
  const path = `/proc/self/fd/${handle.fd}`;
  return { path, fd: handle.fd, pathOf: (name) => joined(path, name), close: () => closeQuietly(handle) };
}

/** `O_PATH` of open(2), which Node does not name: the value of all architectures that Sluice is made for. */
const openAsPath = 0o10000000;
const asFolder = (constants.O_DIRECTORY ?? 0) | (constants.O_NOFOLLOW ?? 0);

async function openPart(path: Name): Promise<FileHandle> {
  try {
    return await open(path, constants.O_RDONLY | asFolder);
  } catch (error) {
    const errno = errnoOf(error);
    // A folder that may be searched but not listed has names too.
    if (errno === 'EACCES') return await open(path, openAsPath | asFolder);
    if (errno === 'ELOOP' || (errno === 'ENOTDIR' && (await isLink(path)))) throw linked(path);
    throw error;
  }
}

async function isLink(path: Name): Promise<boolean> {
  return await lstat(path).then(
    (stats) => stats.isSymbolicLink(),
    () => false,
  );
}

async function compare(root: string, parts: readonly Name[], onCall: () => void): Promise<FolderBelow> {
  const path = parts.reduce<Name>((folder, part) => joined(folder, part), root);
  // On Windows a name such as `aux` would be a device.
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
