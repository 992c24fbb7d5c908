import process from 'node:process';
import type { Name } from './file-calls.ts';
import type { FolderBelow } from './open-folders.ts';

/** A call that enters it never waits for a disk or a share. */
const homeFolder = '/';

/**
 * Makes `/` the working directory, so that `workInside` can leave it and return. Only for a process that uses absolute paths everywhere.
 * On Windows no folder is entered.
 */
export function settleAtRoot(): void {
  if (process.platform !== 'win32') process.chdir(homeFolder);
}

/**
 * Runs synchronous work on the names in an open folder. In a process that has called `settleAtRoot`, the folder is the working directory
 * meanwhile if possible: the system then finds a name in half of the time that it takes through `/proc/self/fd`, and just as surely in
 * this folder. It does not stay so, because a working directory keeps its disk from being unmounted. Another working directory than `/`
 * is not left: it may be on a share, and to return to it would wait for that share while it hangs.
 *
 * @param work gets a function that returns the path by which a call reaches a name
 */
export function workInside<Result>(folder: FolderBelow, work: (pathOf: (name: Name) => Name) => Result): Result {
  const mayLeave = folder.fd !== null && workingDirectory() === homeFolder;
  if (!mayLeave || !hasEntered(String(folder.path))) return work((name) => folder.pathOf(name));
  try {
    return work((name) => name);
  } finally {
    process.chdir(homeFolder);
  }
}

/** @returns null if it was removed */
function workingDirectory(): string | null {
  try {
    return process.cwd();
  } catch {
    return null;
  }
}

/** @returns false if it is refused, as for a folder that may be listed but not searched; the calls then fail with that error */
function hasEntered(path: string): boolean {
  try {
    process.chdir(path);
    return true;
  } catch {
    return false;
  }
}
