import { accessSync, chmodSync, chownSync, constants, existsSync, mkdirSync, readdirSync, type Stats, statSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { errnoOf, UnexpectedFile } from '@sluice/platform';
import { StateFolderError } from './error.ts';
import { assertOwnEntries, foreignIn } from './state-entries.ts';

/** Mode bits with which users other than the owner may write to a folder. */
const writableByOthers = 0o022;

/**
 * Creates the state folder, private to the user, or checks the existing one. A folder that is empty or contains only what Sluice
 * creates becomes private; one with other content keeps its mode. Nothing in it is opened or changed.
 * @param groupId members may open files in it by name, for `socket_group`; null: no other user may
 * @throws StateFolderError if it cannot be created, belongs to another user, cannot be written to, may be written to by others, or
 * contains something under a name of Sluice that Sluice did not create
 */
export function prepareStateFolder(stateDir: string, groupId: number | null = null): void {
  const stats = madeFolder(stateDir);
  const userId = process.geteuid?.();
  if (userId !== undefined && stats.uid !== userId) {
    throw new StateFolderError(
      stateDir,
      `it belongs to user ${stats.uid}, and this is user ${userId}: choose another folder with --state DIR`,
    );
  }
  const isEmpty = writableEntries(stateDir).length === 0;
  if (process.platform !== 'win32') {
    // Locking others out now would not make trustworthy what they may have put there before.
    if (!isEmpty) assertWrittenByNobodyElse(stateDir, stats);
    if (foreignIn(stateDir) === undefined) makePrivate(stateDir, stats, groupId);
    assertWrittenByNobodyElse(stateDir, statSync(stateDir));
  }
  assertEntries(stateDir);
}

function assertWrittenByNobodyElse(stateDir: string, { mode }: Stats): void {
  if ((mode & writableByOthers) === 0) return;
  const shown = (mode & 0o7777).toString(8).padStart(4, '0');
  throw new StateFolderError(
    stateDir,
    `other users may write to it (mode ${shown}), and could replace the journal: choose another folder with --state DIR; or, if nobody has put anything into it, run chmod go-w on it (on a filesystem without modes, mount it with umask=0022)`,
  );
}

function assertEntries(stateDir: string): void {
  try {
    assertOwnEntries(stateDir);
  } catch (error) {
    if (!(error instanceof UnexpectedFile)) throw error;
    const { path: file, why } = error;
    throw new StateFolderError(stateDir, `${file} ${why}: move it away, or choose another folder with --state DIR`, error);
  }
}

function madeFolder(stateDir: string): Stats {
  try {
    makeFolders(stateDir);
    return statSync(stateDir);
  } catch (error) {
    const code = errnoOf(error);
    const why = code === 'EEXIST' || code === 'ENOTDIR' ? 'it is a file, not a folder' : `it cannot be created (${code})`;
    throw new StateFolderError(stateDir, `${why}: choose another folder with --state DIR`, error);
  }
}

/**
 * Creates the folders one by one. If an existing folder answers a mkdir with ENOENT, as automounts do, Node's recursive mkdir
 * never ends.
 */
function makeFolders(folder: string): void {
  if (existsSync(folder)) return;
  const above = path.dirname(folder);
  if (above !== folder) makeFolders(above);
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
  }
}

function writableEntries(stateDir: string): string[] {
  try {
    accessSync(stateDir, constants.R_OK | constants.W_OK | constants.X_OK);
    return readdirSync(stateDir);
  } catch (error) {
    const code = errnoOf(error);
    throw new StateFolderError(stateDir, `it is not writable (${code}): choose another folder with --state DIR`, error);
  }
}

/** Filesystems without modes (FAT) refuse or ignore this. The socket then lies elsewhere. */
function makePrivate(folder: string, stats: Stats, groupId: number | null): void {
  const mode = groupId === null ? 0o700 : 0o710;
  try {
    if (groupId !== null && stats.gid !== groupId) chownSync(folder, -1, groupId);
    if ((stats.mode & 0o7777) !== mode) chmodSync(folder, mode);
  } catch {
    // `check` and the path of the socket show it.
  }
}
