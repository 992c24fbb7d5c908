import path from 'node:path';

/**
 * A folder's path, so that two of one folder are equal: case is kept where the platform's common filesystems keep it apart,
 * and of Windows' two ways to write a path (`\\?\D:\in`, `D:\in`) one is taken.
 *
 * @param folder absolute
 */
export function comparablePath(folder: string, platform: NodeJS.Platform): string {
  if (platform === 'win32') return path.win32.resolve(withoutPrefix(folder.replaceAll('/', '\\'))).toLowerCase();
  // APFS keeps neither case nor the two ways to write an accent apart.
  return platform === 'darwin' ? folder.normalize('NFC').toLowerCase() : folder;
}

/** "Naming Files, Paths, and Namespaces" of Microsoft's documentation: a drive, or a share, that is taken literally. */
function withoutPrefix(folder: string): string {
  const unc = /^\\\\[?.]\\UNC\\/i.exec(folder)?.[0];
  if (unc !== undefined) return `\\\\${folder.slice(unc.length)}`;
  return /^\\\\[?.]\\[a-z]:(?:\\|$)/i.test(folder) ? folder.slice(4) : folder;
}
