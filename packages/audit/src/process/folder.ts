import { sep } from 'node:path';
import { isUnder } from '@sluice/platform';

/**
 * Whether a path is in a folder, or is the folder.
 *
 * @param path relative, `/` between the parts
 * @param folder relative; null or empty: everything is in it
 */
export function isBelow(path: string, folder: string | null): boolean {
  return folder === null || folder === '' || isUnder(path, folder);
}

/** The same for absolute paths of this system. */
export function isIn(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
}
