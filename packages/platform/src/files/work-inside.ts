import process from 'node:process';
import type { Name } from './file-calls.ts';
import type { FolderBelow } from './open-folders.ts';

/**
 * Runs synchronous work on the names in an open folder. If possible the folder is the working directory meanwhile: the system then finds
 * a name in half of the time that it takes through `/proc/self/fd`, and just as surely in this folder. It does not stay so, because a
 * working directory keeps its disk from being unmounted.
 *
 * @param work gets a function that returns the path by which a call reaches a name
 */
export function workInside<Result>(folder: FolderBelow, work: (pathOf: (name: Name) => Name) => Result): Result {
  const before = folder.fd === null ? null : workingDirectory();
  if (before === null || !hasEntered(String(folder.path))) return work((name) => folder.pathOf(name));
  try {
    return work((name) => name);
  } finally {
    if (!hasEntered(before)) process.chdir('/');
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
