import { sep } from 'node:path';
import { isUnder } from '@sluice/platform';

/**
 * Returns whether a path is in a folder, or is the folder.
 *
 * @param path relative, `/` between the parts
 * @param folder relative; null or empty: the whole source
 */
export function isBelow(path: string, folder: string | null): boolean {
  return folder === null || folder === '' || isUnder(path, folder);
}

/** The same for absolute paths in the form of this system. */
export function isIn(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
}
