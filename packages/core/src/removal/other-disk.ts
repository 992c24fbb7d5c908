import type { Operator } from '../messages/action.ts';
import { type CoreState, departFile, dropFile, type RouteState } from '../state/state.ts';
import { note, noteRoute, type Work } from '../state/work.ts';
import { endRemoval, type RemovableFile, removableFile } from './records.ts';

/** Returns whether another disk or folder is at the path of the source than the one that a file was copied from. */
export function isOnOtherDisk({ source }: RouteState, { removal }: Pick<RemovableFile, 'removal'>): boolean {
  return removal.folder !== undefined && source.folder !== null && removal.folder !== source.folder;
}

/** Returns the files that are to be removed at a source that is not there now: another disk or folder has its path. */
export function onOtherDisk(state: CoreState, route: RouteState): readonly RemovableFile[] {
  return [...route.removals.wanted].flatMap((id) => {
    const file = removableFile(state, id);
    return file !== null && isOnOtherDisk(route, file) ? [file] : [];
  });
}

/**
 * Accepts the disk that is at the path of the source now: nothing is removed on the earlier one. A file with a hidden name there
 * gets its name back if that disk is listed again.
 */
export function adoptSource(work: Work, route: RouteState, { by, reason }: Operator): void {
  const files = onOtherDisk(work.state, route);
  if (files.length === 0) return;
  noteRoute(work, route, { kind: 'source_adopted', by, reason, files: files.length });
  for (const file of files) {
    const isHidden = route.removals.underWay.has(file.id);
    const as = { afterCopy: 'none', sourceGone: file.sourceGone || isHidden } as const;
    const ended = endRemoval(work, file, as, { kind: 'removal_off', why: 'other_source' });
    if (!isHidden) continue;
    if (route.newest.get(file.source) === file.id) departFile(work.state, route, ended);
    else dropFile(work.state, route, file.id);
  }
}

/** Cancels all removals after another disk was accepted as the destination: the copies are not on it. A hidden file gets its name back. */
export function cancelForDestination(work: Work, route: RouteState): void {
  for (const id of [...route.removals.wanted]) {
    const file = removableFile(work.state, id);
    if (file === null) continue;
    const event = { kind: 'removal_off', why: 'other_destination' } as const;
    if (file.removal.step === 'waits') endRemoval(work, file, { afterCopy: 'none', sourceGone: file.sourceGone }, event);
    else note(work, { ...file, removal: { ...file.removal, by: 'nobody' } }, event);
  }
}
