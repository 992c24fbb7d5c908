import { type CopyNote, unreachable } from '@sluice/core/model';

/** Returns a remark about a verified copy. */
export function copyNoteText(note: CopyNote): string {
  switch (note.kind) {
    case 'times_not_set':
      return `its times could not be set (${note.code})`;
    case 'mode_not_set':
      return `its permissions could not be set (${note.code})`;
    case 'folder_mode_not_set':
      return `the permissions of its folders could not be set as configured (${note.code})`;
    case 'part_left':
      return `its temporary file could not be removed yet (${note.code})`;
    case 'source_removed':
      return 'the source was removed during the copy and could not be read a second time';
    case 'change_time_moved':
      return `the change time of the source kept moving; its bytes were the same ${note.readings} times`;
    default:
      return unreachable(note);
  }
}
