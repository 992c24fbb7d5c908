import type { RenamedFiles, Renaming } from '@sluice/core';
import { unreachable } from '@sluice/core/model';

/** Returns what was renamed at the source, and what happens to it at the destination. */
export function renamedText(renaming: Renaming): string {
  return `${whatText(renaming)}${thenText(renaming)}`;
}

/** Returns the same for the latest renaming of several, with the number of files that were renamed in all. */
export function renamedFilesText({ latest, count }: RenamedFiles): string {
  const others = count - latest.files;
  return `${whatText(latest)}${others <= 0 ? '' : `; ${filesText(others)} before that`}${thenText(latest)}`;
}

function whatText({ what, from, to, files }: Renaming): string {
  switch (what) {
    case 'file':
      return `${from} was renamed to ${to}${files < 2 ? '' : ` (and ${files - 1} more)`}`;
    case 'folder':
      return `the folder ${from} was renamed to ${to} (${filesText(files)})`;
    case 'files_of_folder':
      return `${filesText(files)} moved from ${folderText(from)} to ${folderText(to)}`;
    default:
      return unreachable(what);
  }
}

function folderText(folder: string): string {
  return folder === '' ? 'the top of the source' : folder;
}

/** Sluice renames and removes nothing at the destination. */
function thenText({ onRename, what, files }: Renaming): string {
  if (onRename === null) return '';
  const isOne = what === 'file' && files === 1;
  if (onRename === 'copy') return `: ${isOne ? 'it is' : 'they are'} copied again under the new name${isOne ? '' : 's'}`;
  return `: ${isOne ? 'its copy gets' : 'their copies get'} the new name${isOne ? '' : 's'} too, where the destination can link`;
}

function filesText(files: number): string {
  return files === 1 ? '1 file' : `${files} files`;
}
