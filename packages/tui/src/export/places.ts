import { homedir, tmpdir } from 'node:os';
import process from 'node:process';

/** Folders in which a file may be written, the best first. */
export function systemPlaces(): readonly string[] {
  return [currentFolder, homedir, tmpdir].flatMap((of) => of() ?? []);
}

/** It may have been removed. */
function currentFolder(): string | null {
  try {
    return process.cwd();
  } catch {
    return null;
  }
}
