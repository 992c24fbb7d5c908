import { accessSync, constants, lstatSync, statSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { privateRuntimeFolder } from '@sluice/platform';
import { CommandError, exitCode } from '@sluice/words';

/** The environment variable that names a folder for the addon, if the usual folders are not suitable. */
export const nativeDirVariable = 'SLUICE_NATIVE_DIR';

/**
 * Returns the folder in which the addon is unpacked: the one that is named, else the state folder, else a private one for
 * temporary files. Code is loaded from it, so it is never one that another user could write to.
 * @throws CommandError if the named folder is not suitable
 */
export function nativeFolder(stateDir: string, env: Readonly<Record<string, string | undefined>> = process.env): string {
  const named = env[nativeDirVariable];
  if (named !== undefined && named !== '') return assertFolder(named);
  const native = path.join(stateDir, 'native');
  return isOwnFolder(stateDir) && isOwnOrMissing(native) ? native : privateRuntimeFolder('native', {});
}

function assertFolder(folder: string): string {
  if (!path.isAbsolute(folder)) throw refused(folder, 'it is not an absolute path');
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) throw refused(folder, 'there is no such folder');
  if (process.platform === 'win32') return folder;
  const { uid, mode } = statSync(folder);
  if (uid !== 0 && uid !== process.geteuid?.())
    throw refused(folder, `it belongs to user ${uid}, who could replace the code that Sluice loads from it`);
  if ((mode & 0o022) !== 0)
    throw refused(folder, 'other users may write to it and could replace the code that Sluice loads from it; run chmod go-w on it');
  return folder;
}

function refused(folder: string, why: string): CommandError {
  return new CommandError(`cannot use the folder ${folder} of ${nativeDirVariable}: ${why}`, exitCode.badUsage);
}

/** Not a link, because its target may belong to other users. */
function isOwnOrMissing(folder: string): boolean {
  try {
    const stats = lstatSync(folder, { throwIfNoEntry: false });
    return stats === undefined || (stats.isDirectory() && isOwnFolder(folder));
  } catch {
    return false;
  }
}

function isOwnFolder(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    const { uid, mode } = statSync(folder);
    return process.platform === 'win32' || (uid === process.geteuid?.() && (mode & 0o022) === 0);
  } catch {
    return false;
  }
}
