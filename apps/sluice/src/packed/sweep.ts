import { readdirSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { limits } from '../limits.ts';

/** The names that `unpack` gives: by content, and a temporary name while the file is written. */
const unpackedName = /^[0-9a-f]{32}\.node$/;
const asideName = /^\.[0-9a-f-]{36}\.tmp$/;

/**
 * Removes what other versions of the program unpacked next to a file, and what they left incomplete. A program that has one of
 * them loaded keeps it: the open file stays usable, or cannot be removed on Windows. Files with other names are not touched.
 * @param keep the path of the file that stays
 * @param now milliseconds since 1970
 */
export function sweepNextTo(keep: string, now: number): void {
  const folder = dirname(keep);
  for (const name of namesIn(folder)) {
    const path = join(folder, name);
    const isOld = unpackedName.test(name) ? name !== basename(keep) : asideName.test(name) && isOlderThan(path, now - limits.asideMs);
    if (isOld) remove(path);
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function isOlderThan(path: string, time: number): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats !== undefined && stats.mtimeMs < time;
}

function remove(path: string): void {
  try {
    rmSync(path);
  } catch {
    // In use on Windows. The next start tries again.
  }
}
