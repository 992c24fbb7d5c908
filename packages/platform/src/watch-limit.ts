import { readFileSync } from 'node:fs';

/** Two limits: for a user of the first namespace, and for a user in every namespace. */
const paths = ['/proc/sys/fs/inotify/max_user_watches', '/proc/sys/user/max_inotify_watches'];

/**
 * Returns how many folders all programs of a user together may watch. Null: unknown, or the system has no such limit. Format:
 * proc(5)
 */
export function watchLimit(): number | null {
  const limits = paths.flatMap((path) => {
    try {
      return [Number.parseInt(readFileSync(path, 'utf8'), 10)];
    } catch {
      return [];
    }
  });
  const known = limits.filter((limit) => Number.isSafeInteger(limit));
  return known.length === 0 ? null : Math.min(...known);
}
