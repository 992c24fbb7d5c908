import path from 'node:path';

/**
 * Returns a folder's path in a form in which two paths of one folder are equal. Case is kept if the platform's common filesystems
 * distinguish it. Of Windows' two forms of a path (`\\?\D:\in`, `D:\in`) the second is used.
 * @param folder absolute
 */
export function comparablePath(folder: string, platform: NodeJS.Platform): string {
  if (platform === 'win32') return path.win32.resolve(withoutPrefix(folder.replaceAll('/', '\\'))).toLowerCase();
  // APFS ignores case, and the two ways to write an accent.
  return platform === 'darwin' ? folder.normalize('NFC').toLowerCase() : folder;
}

/**
 * Removes the prefix of a drive or a share that Windows takes literally ("Naming Files, Paths, and Namespaces" in Microsoft's
 * documentation).
 */
function withoutPrefix(folder: string): string {
  const unc = /^\\\\[?.]\\UNC\\/i.exec(folder)?.[0];
  if (unc !== undefined) return `\\\\${folder.slice(unc.length)}`;
  return /^\\\\[?.]\\[a-z]:(?:\\|$)/i.test(folder) ? folder.slice(4) : folder;
}
