import type { TrackedFile } from '../model/file.ts';

/**
 * Whether only the journal has a file: it was copied under its own name, is at the source as far as is known, and nothing is owed for
 * it. There may be millions. All other files are held in memory as well.
 */
export function isLeftToJournal(file: TrackedFile): boolean {
  return (
    file.status === 'COMPLETED' &&
    file.destination === file.source &&
    file.afterCopy === 'none' &&
    !file.sourceGone &&
    file.leftParts.length === 0 &&
    file.toMark.length === 0 &&
    file.pauses === undefined &&
    file.renamedFrom === undefined &&
    file.renamedTo === undefined
  );
}
