import { closeSync, constants, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let found: string | null = null;

/**
 * Returns the folder for files of tests that claim nothing about a disk: memory where the system has such a folder and can read
 * its files without the cache, because a sync there waits for nothing; else the usual temporary folder.
 */
export function fastFolder(): string {
  found ??= isReadDirectly('/dev/shm') ? '/dev/shm' : tmpdir();
  return found;
}

function isReadDirectly(folder: string): boolean {
  let inside: string | null = null;
  try {
    inside = mkdtempSync(join(folder, 'sluice-direct-'));
    const path = join(inside, 'file');
    writeFileSync(path, '');
    closeSync(openSync(path, constants.O_RDONLY | constants.O_DIRECT));
    return true;
  } catch {
    return false;
  } finally {
    if (inside !== null) rmSync(inside, { recursive: true });
  }
}
