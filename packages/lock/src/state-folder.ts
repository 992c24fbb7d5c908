import { accessSync, chmodSync, chownSync, constants, existsSync, mkdirSync, readdirSync, type Stats, statSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { errnoOf } from '@sluice/platform';
import { StateFolderError } from './error.ts';

/** What makes a folder recognisable as a state folder of Sluice. */
const ours = new Set(['journal.db', 'agent.lock', 'agent.sock', 'owner.sock', 'sluice.log', 'native']);

/**
 * Makes the state folder, private to the user, or checks the one that is there. A folder that is empty or already
 * Sluice's own is made private; one that holds other things keeps its mode.
 *
 * @param groupId members may open files in it by name, for `socket_group`; null: nobody else may
 * @throws StateFolderError where it cannot be made, is another user's, or cannot be written to
 */
export function prepareStateFolder(stateDir: string, groupId: number | null = null): void {
  const stats = madeFolder(stateDir);
  const userId = process.geteuid?.();
  if (userId !== undefined && stats.uid !== userId) {
    throw new StateFolderError(stateDir, `it belongs to user ${stats.uid}, and this is user ${userId}: name another one with --state DIR`);
  }
  const entries = writableEntries(stateDir);
  const isOurs = entries.length === 0 || entries.some((entry) => ours.has(entry));
  if (process.platform !== 'win32' && isOurs) makePrivate(stateDir, stats, groupId);
}

function madeFolder(stateDir: string): Stats {
  try {
    makeFolders(stateDir);
    return statSync(stateDir);
  } catch (error) {
    const code = errnoOf(error);
    const why = code === 'EEXIST' || code === 'ENOTDIR' ? 'a file is in the way, not a folder' : `it cannot be made (${code})`;
    throw new StateFolderError(stateDir, `${why}: name another one with --state DIR`, error);
  }
}

/** One by one: where a folder that is there answers ENOENT to a mkdir, as automounts do, Node's recursive one never ends. */
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
    throw new StateFolderError(stateDir, `it is not writable (${code}): name another one with --state DIR`, error);
  }
}

/** Filesystems without modes (FAT) refuse or ignore this; the socket then lies elsewhere. */
function makePrivate(folder: string, stats: Stats, groupId: number | null): void {
  const mode = groupId === null ? 0o700 : 0o710;
  try {
    if (groupId !== null && stats.gid !== groupId) chownSync(folder, -1, groupId);
    if ((stats.mode & 0o7777) !== mode) chmodSync(folder, mode);
  } catch {
    // said by `check`, and by the path of the socket
  }
}
