/**
 * The share that a path of Windows lies on: `\\nas01\in\day1` and `\\?\UNC\nas01\in\day1` lie on `\\nas01\in`. No other system has
 * absolute paths that begin so.
 *
 * @returns null for a path that names no share; a drive letter may stand for one all the same, and `realpath` says for which
 */
export function windowsShareOf(path: string): string | null {
  const [, server, share] = /^\\\\(?:\?\\UNC\\)?([^\\?.][^\\]*|\.[^\\]+)\\([^\\]+)/i.exec(path) ?? [];
  return server === undefined || share === undefined ? null : `\\\\${server}\\${share}`;
}
