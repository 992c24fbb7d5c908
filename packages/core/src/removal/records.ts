import type { FileEvent } from '../messages/file-event.ts';
import { type CompletedFile, isCompleted } from '../model/file.ts';
import type { FileId } from '../model/ids.ts';
import type { Removal, RemovalStep } from '../model/removal.ts';
import type { CoreState, RouteState } from '../state/state.ts';
import { move, note, type Work } from '../state/work.ts';

/** A copied file with a planned removal of its source. */
export type RemovableFile = CompletedFile & { readonly removal: Removal };

/** Returns whether the source of a file is to be removed. */
export function isRemovable(file: CompletedFile): file is RemovableFile {
  return file.removal !== undefined;
}

/** Returns the file with this id if its source is to be removed. */
export function removableFile({ files }: CoreState, id: FileId): RemovableFile | null {
  const file = files.get(id);
  return file !== undefined && isCompleted(file) && isRemovable(file) ? file : null;
}

/** Records a step of a removal. */
export function noteStep(work: Work, file: RemovableFile, step: RemovalStep, event: FileEvent, more: Partial<Removal> = {}): RemovableFile {
  return note(work, { ...file, removal: { ...file.removal, ...more, step } }, event);
}

/** Records the end of a removal. */
export function endRemoval(
  work: Work,
  file: RemovableFile,
  as: { readonly afterCopy: 'none' | 'done'; readonly sourceGone: boolean },
  event: FileEvent,
): CompletedFile {
  const { removal: _, ...kept } = file;
  const ended: CompletedFile = { ...kept, status: 'COMPLETED', ...as };
  return file.status === 'COMPLETED' ? note(work, ended, event) : move(work, ended, event);
}

/** Ends a removal that has not begun, because its source is gone or is another file now. */
export function endNotBegun(work: Work, route: RouteState, file: CompletedFile, sourceGone: boolean): CompletedFile {
  if (!isRemovable(file) || route.removals.underWay.has(file.id)) return file;
  return endRemoval(work, file, { afterCopy: 'none', sourceGone }, { kind: 'removal_off', why: 'source_gone' });
}
