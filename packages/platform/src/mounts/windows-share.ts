/**
 * Returns the share that a path of Windows is on: `\\nas01\in\day1` and `\\?\UNC\nas01\in\day1` lie on `\\nas01\in`. On no other system
 * do absolute paths begin this way.
 * @returns null for a path that names no share. A drive letter may still stand for a share; `realpath` says for which one
 */
export function windowsShareOf(path: string): string | null {
  const [, server, share] = /^\\\\(?:\?\\UNC\\)?([^\\?.][^\\]*|\.[^\\]+)\\([^\\]+)/i.exec(path) ?? [];
  return server === undefined || share === undefined ? null : `\\\\${server}\\${share}`;
}
