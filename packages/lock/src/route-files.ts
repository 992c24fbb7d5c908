import { lstatSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { identifyProcess, isStillRunning, type ProcessIdentity, privateRuntimeFolder } from '@sluice/platform';
import { readAgentFacts } from './facts.ts';
import { type LockFile, type LockFileOptions, lockFile } from './file.ts';
import { limits } from './limits.ts';

/** A folder of root. Every user can read it, and only root can write to it. */
const rootsFolder = '/run/sluice-routes';

/** The input for locking the files of a route. */
export interface RouteFilesInput extends LockFileOptions {
  readonly version: string;
  readonly startedAt: string;
}

/** The locked files of a route, or the pid of the agent that has it. */
export type RouteFiles = { readonly release: () => void } | { readonly takenBy: number | null };

/**
 * Locks a file for the route in every folder that only this user may write to and that all its agents find, whatever their
 * environment. Other users cannot take these locks.
 * @param hash of the route
 * @returns null if there is no such folder
 */
export function lockRouteFiles(hash: string, input: RouteFilesInput, folders: readonly string[] = lockFolders()): RouteFiles | null {
  const locks: LockFile[] = [];
  const releaseAll = (): void => {
    for (const lock of locks) lock.release();
  };
  for (const folder of folders) {
    const file = path.join(folder, `${hash}.lock`);
    const facts = { pid: process.pid, startedAt: input.startedAt, version: input.version, socketPath: null };
    const lock = lockFile(file, facts, input);
    if (lock === null) {
      releaseAll();
      return { takenBy: readAgentFacts(file)?.pid ?? null };
    }
    locks.push(lock);
  }
  return locks.length === 0 ? null : { release: releaseAll };
}

/** Not from the environment, because a service and a shell of the same user have different ones. */
function lockFolders(): readonly string[] {
  const userId = process.geteuid?.();
  if (process.platform !== 'linux' || userId === undefined) return [privateRuntimeFolder('routes')];
  const candidates =
    userId === 0
      ? [path.join(rootsFolder, 'locks')]
      : [
          // `RuntimeDirectory=sluice` of the service belongs to its user.
          ...(isOwned('/run/sluice', userId) ? ['/run/sluice/routes'] : []),
          ...(isOwned(`/run/user/${userId}`, userId) ? [`/run/user/${userId}/sluice-routes`] : []),
        ];
  if (userId === 0) makeFolder(rootsFolder, 0o755);
  const usable = candidates.filter((folder) => makeFolder(folder, 0o700) && isOwned(folder, userId));
  return usable.length > 0 ? usable : [privateRuntimeFolder('routes', {})];
}

function makeFolder(folder: string, mode: number): boolean {
  try {
    mkdirSync(folder, { mode });
    return true;
  } catch {
    return lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() === true;
  }
}

/** Returns whether a folder belongs to this user and nobody else may create anything in it. */
function isOwned(folder: string, userId: number): boolean {
  const stats = lstatSync(folder, { throwIfNoEntry: false });
  return stats?.isDirectory() === true && stats.uid === userId && (stats.mode & 0o022) === 0;
}

/** Records which process of root has the route, for agents of other users, who cannot see its sockets. */
export function recordAsRoot(hash: string, folder: string = rootsFolder): { remove(): void } {
  const identity = process.geteuid?.() === 0 ? identifyProcess(process.pid) : null;
  if (identity === null || !isOwned(folder, 0)) return { remove: () => undefined };
  const file = path.join(folder, `${hash}.json`);
  try {
    writeFileSync(`${file}.new`, JSON.stringify(identity), { mode: 0o644 });
    renameSync(`${file}.new`, file);
  } catch {
    // The disk is full. Agents of other users then know about this one only if they can ask it.
  }
  return { remove: () => rmSync(file, { force: true }) };
}

/** @returns the living process of root that has the route; null if none is recorded */
export function readRootsRecord(hash: string, folder: string = rootsFolder): ProcessIdentity | null {
  const file = path.join(folder, `${hash}.json`);
  const stats = lstatSync(file, { throwIfNoEntry: false });
  if (!isOwned(folder, 0) || stats?.isFile() !== true || stats.uid !== 0 || stats.size > limits.recordBytes) return null;
  try {
    const { bootId, pid, startTime } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    if (typeof bootId !== 'string' || typeof startTime !== 'string' || !Number.isSafeInteger(pid)) return null;
    const identity = { bootId, pid: pid as number, startTime };
    return isStillRunning(identity) ? identity : null;
  } catch {
    return null;
  }
}
