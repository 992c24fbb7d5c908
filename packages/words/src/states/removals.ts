import type { FileJson } from '@sluice/control';
import type { FailedRemovals, RemovalsView } from '@sluice/core';
import { unreachable } from '@sluice/core/model';
import { removalCauseText } from '../failures/removal-failure.ts';
import { momentText } from '../figures/clock.ts';
import { duration } from '../figures/duration.ts';

type Waiting = NonNullable<RemovalsView['waiting']>;

/**
 * Returns what keeps Sluice from removing copied files at the source, for the verdict. Null: no problem. @param wall milliseconds
 * since the epoch
 */
export function removalTrouble({ failed, unknown }: RemovalsView, wall: number): string | null {
  if (failed !== null) return failedText(failed, wall);
  if (unknown === null) return null;
  return unknownText(unknown);
}

function failedText({ code, count, hiddenAs, retryAt, source, to }: FailedRemovals, wall: number): string {
  const more = count === 1 ? '' : ` (and ${count - 1} more: sluice files --status completed_delete_failed)`;
  if (code === 'NAME_TAKEN') {
    return `${source} changed after it was copied, and another file has its name${more}: it is now ${hiddenAs ?? 'hidden'}; give it another name`;
  }
  const againMs = Date.parse(retryAt) - wall;
  const retry = againMs <= 0 ? 'retrying now' : `retry in ${duration(againMs)}`;
  return `${removalFailsText({ to, code })}, ${retry}: ${source}${more}`;
}

/** Returns `delete fails at the source: permission denied`. */
export function removalFailsText({ to, code }: Pick<FailedRemovals, 'to' | 'code'>): string {
  return `${to === 'archive' ? 'archiving' : 'delete'} fails at the source: ${removalCauseText(code)}`;
}

/** Returns how often a removal failed, and when it is tried again: `failed 4 times in a row, next try 2026-11-29 14:02:11`. */
export function removalTriesText({ failures, retryAt }: NonNullable<FileJson['removalError']>, wall: number): string {
  const failed = failures === 1 ? 'failed once' : `failed ${failures} times in a row`;
  // A journal without an agent may hold a moment of the past.
  return retryAt === null || Date.parse(retryAt) <= wall ? failed : `${failed}, next try ${momentText(retryAt)}`;
}

function unknownText({ count, path }: NonNullable<RemovalsView['unknown']>): string {
  const more = count === 1 ? '' : ` (and ${count - 1} more whose names end in .sluice-done)`;
  return `${path} at the source was renamed by an earlier removal, and nothing gives it its name back${more}; rename it`;
}

/**
 * Returns the lines of `status` below a route. Each file is counted in one of them, or in the verdict.
 * @param verdict the verdict that stands above them: what it names is not said again @param wall milliseconds since the epoch
 */
export function removalLines(removals: RemovalsView, verdict: string, wall: number): string[] {
  const { failed, isWeak, pending, unknown, unproven, waiting } = removals;
  const files = (count: number): string => (count === 1 ? '1 copied file' : `${count} copied files`);
  const trouble = removalTrouble(removals, wall);
  const isSaid = verdict.includes(failed?.source ?? unknown?.path ?? '');
  const named = (failed?.count ?? 0) + (waiting?.count ?? 0);
  const later = pending - named;
  return [
    ...(trouble === null || isSaid ? [] : [trouble]),
    ...(isWeak ? ['source files are removed without proof that the storage has their bytes (after_copy_proof = "weak")'] : []),
    ...(unproven === 0
      ? []
      : [
          `${files(unproven)} ${unproven === 1 ? 'stays' : 'stay'} at the source: not verified past the cache (after_copy_proof = "direct")`,
        ]),
    ...(waiting === null
      ? []
      : [`${files(waiting.count)} not removed at the source yet, such as ${waiting.source}: ${removalWaitText(waiting)}`]),
    ...(later <= 0 ? [] : [`${named === 0 ? files(later) : `${later} more`} to be removed at the source later`]),
  ];
}

/** Returns the reason why a removal waits. */
export function removalWaitText({ route, wait }: Pick<Waiting, 'route' | 'wait'>): string {
  switch (wait) {
    case 'open_for_writing':
      return 'a program has it open for writing';
    case 'changed':
      return 'it is not as it was copied';
    case 'compared_again':
      return 'its bytes are being compared again';
    case 'other_route':
      return `route ${route} has not copied or archived it yet`;
    case 'other_source':
      return `another disk is at the source now; connect the earlier one, or run sluice adopt ${route} to keep its files`;
    case 'other_destination':
      return `route ${route} has another destination now`;
    default:
      return unreachable(wait);
  }
}
