import type { RouteSettings } from '@sluice/core/model';
import {
  type DestinationProbed,
  destinationText,
  invalidNamesText,
  proofWarning,
  roomChecked,
  type SourceSurveyed,
  sourceText,
} from './folder-words.ts';

/** What `check` can find. `check-meanings.ts` explains each code and says what to do. Scripts read these codes. */
export type CheckCode =
  | 'source_not_checked'
  | 'source_unreadable'
  | 'name_invalid'
  | 'source_not_watched'
  | 'pattern_unmatched'
  | 'destination_not_checked'
  | 'destination_offline'
  | 'destination_new'
  | 'destination_full'
  | 'no_room'
  | 'file_too_large'
  | 'not_all_fit'
  | 'verified_from_cache'
  | 'verified_by_size'
  | 'removal_unproven'
  | 'removal_weak'
  | 'removal_without_links'
  | 'state_folder_exposed'
  | 'hook_unusable'
  | 'setting_not_built';

/** Something wrong with a route, or worth knowing about it. */
export interface CheckFinding {
  readonly code: CheckCode;
  readonly text: string;
}

/** A route with what `check` found at both ends. */
export interface RouteCheck {
  readonly route: RouteSettings;
  readonly source: SourceSurveyed;
  readonly destination: DestinationProbed;
}

const bySize = 'verify is "size": Sluice compares only the size of a copy and does not read it back';

/** Returns the findings of one route: first those of its source, then those of its destination. */
export function findingsOf({ route, source, destination }: RouteCheck): readonly CheckFinding[] {
  const room = roomChecked(source, destination, route.space.keepFree);
  const cached = proofWarning(destination);
  return [
    ...sourceFindings(source),
    ...destinationFindings(destination, route.destination),
    ...(room === null ? [] : [{ code: room.code, text: room.text }]),
    ...(cached === null ? [] : [{ code: 'verified_from_cache', text: cached } as const]),
    ...(route.verify === 'size' ? [{ code: 'verified_by_size', text: bySize } as const] : []),
    ...removalFindings(route, destination),
    ...linkFindings(route, source),
  ];
}

/** Returns findings about files that are removed at the source without proof, or stay there for lack of it. */
function removalFindings({ afterCopy, afterCopyProof, verify }: RouteSettings, destination: DestinationProbed): readonly CheckFinding[] {
  if (afterCopy === 'keep') return [];
  if (afterCopyProof === 'weak') {
    const text = `after_copy is "${afterCopy}" and after_copy_proof is "weak": source files are removed although their copies may not be on the storage yet`;
    return [{ code: 'removal_weak', text }];
  }
  const isCached = destination.kind === 'good' && destination.mount.cache !== undefined;
  if (verify !== 'size' && !isCached) return [];
  const why = verify === 'size' ? 'verify is "size"' : 'the destination cannot be read back past a cache';
  return [{ code: 'removal_unproven', text: `after_copy is "${afterCopy}", but ${why}: nothing is removed at the source` }];
}

/** Returns what removal at a source without hard links means. */
function linkFindings({ afterCopy }: RouteSettings, source: SourceSurveyed): readonly CheckFinding[] {
  if (afterCopy === 'keep' || 'kind' in source || !source.mayLackLinks) return [];
  const text = `after_copy is "${afterCopy}", and the source may have no hard links (FAT, exFAT): a file that changes during its removal gets its name back by a rename, which could replace a file that is created under that name at the same moment`;
  return [{ code: 'removal_without_links', text }];
}

function sourceFindings(source: SourceSurveyed): readonly CheckFinding[] {
  if ('kind' in source) return [{ code: 'source_not_checked', text: sourceText(source) }];
  const names = invalidNamesText(source);
  return [
    ...(source.failure === null ? [] : [{ code: 'source_unreadable', text: sourceText(source) } as const]),
    ...(names === null ? [] : [{ code: 'name_invalid', text: names } as const]),
    ...(isWatchable(source) ? [] : [{ code: 'source_not_watched', text: notWatchable(source) } as const]),
    ...source.unmatched.map(
      ({ setting, pattern }): CheckFinding => ({
        code: 'pattern_unmatched',
        text: `${setting} ${JSON.stringify(pattern)} matches nothing in the source`,
      }),
    ),
  ];
}

type Watched = Pick<Extract<SourceSurveyed, { taken: number }>, 'folders' | 'watchLimit'>;

function isWatchable({ folders, watchLimit }: Watched): boolean {
  return watchLimit === null || folders <= watchLimit;
}

function notWatchable({ folders, watchLimit }: Watched): string {
  const what = `the source has ${folders} folders, and the system lets a user watch ${watchLimit}`;
  return `${what}: Sluice finds new files by scans only; raise fs.inotify.max_user_watches`;
}

function destinationFindings(destination: DestinationProbed, path: string): readonly CheckFinding[] {
  const text = destinationText(destination, path);
  if (destination.kind === 'unanswered') return [{ code: 'destination_not_checked', text }];
  if (destination.kind === 'bad') return [{ code: 'destination_offline', text }];
  if (destination.kind === 'unmarked') return [{ code: 'destination_new', text }];
  return destination.isFull ? [{ code: 'destination_full', text }] : [];
}
