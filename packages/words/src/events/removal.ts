import type { FileEvent } from '@sluice/core';
import { removalCauseText, removalRemedyText } from '../failures/removal-failure.ts';
import { limits } from '../limits.ts';

type RemovalKind =
  | 'removal_unproven'
  | 'removal_asked'
  | 'removal_begins'
  | 'removal_put_off'
  | 'source_hidden'
  | 'source_to_remove'
  | 'source_removed'
  | 'source_to_restore'
  | 'source_restored'
  | 'source_name_taken'
  | 'removal_failed'
  | 'removal_off';

type Of<Kind extends FileEvent['kind']> = Extract<FileEvent, { readonly kind: Kind }>;

/** The texts of a removal at the source. */
export const removalTexts: { readonly [Kind in RemovalKind]: (event: Of<Kind>) => string } = {
  removal_unproven: ({ readback }) => {
    const how = readback === 'size' ? 'only compared by its size' : 'read back (cache only)';
    return `stays at the source: its copy was ${how}, and after_copy_proof is "direct"`;
  },
  removal_asked: ({ by, reason }) =>
    `removal at the source requested by ${value(by)}${reason === null || reason === '' ? '' : ` ("${value(reason)}")`}`,
  removal_begins: ({ as }) => `renaming the source to ${value(as)}`,
  removal_put_off: ({ why }) => putOffTexts[why],
  source_hidden: ({ as }) => `the source is now ${value(as)}`,
  source_to_remove: ({ archive }) => (archive === null ? 'deleting the source' : `moving the source to the archive ${value(archive)}`),
  source_removed: removedText,
  source_to_restore: ({ why }) => `giving the source its name back: ${restoreTexts[why]}`,
  source_restored: () => 'the source has its name again',
  source_name_taken: ({ as }) => `another file has its name at the source; it stays ${value(as)}`,
  removal_failed: ({ code, operation }) =>
    `not removed at the source: ${removalCauseText(value(code))} (${value(operation)}: ${value(code)}); ${removalRemedyText(code, '')}`,
  removal_off: ({ why }) => offTexts[why],
};

const offTexts: Readonly<Record<Of<'removal_off'>['why'], string>> = {
  settings: 'stays at the source: the settings keep it now',
  source_gone: 'not removed by Sluice: it is gone from the source, or changed',
  other_source: 'stays at the source: it was copied from another disk than the one that was adopted',
  other_destination: 'stays at the source: another disk was adopted as the destination, and its copy is not on it',
  put_off: 'stays at the source: it could not be removed at once; run sluice clear again',
  put_off_to_policy: 'sluice clear could not remove it at once: it stays at the source until after_copy goes on with it',
};

const putOffTexts: Readonly<Record<Of<'removal_put_off'>['why'], string>> = {
  open_for_writing: 'not removed yet: a program has the source open for writing',
  changed: 'not removed: the source is not as it was copied',
  missing: 'not removed: nothing is at its path',
};

const restoreTexts: Readonly<Record<Of<'source_to_restore'>['why'], string>> = {
  open_for_writing: 'a program has it open for writing',
  changed: 'it changed',
  failed: 'it could not be removed',
  interrupted: 'Sluice was interrupted',
  settings: 'the settings keep it now',
  paused: 'its route is held, or the destination is not online',
  not_everywhere: 'another route has not copied it, or copies to another destination now',
};

function removedText({ archive, archivedAs, folders }: Of<'source_removed'>): string {
  const how = archive === null ? 'deleted at the source' : `moved to the archive ${value(archive)}`;
  const as = archivedAs === null ? '' : ` as ${value(archivedAs)}`;
  return `${how}${as}${folders.length === 0 ? '' : `, and the empty folders ${value(folders.join(', '))}`}`;
}

function value(text: string): string {
  return String(text).slice(0, limits.valueLength);
}
