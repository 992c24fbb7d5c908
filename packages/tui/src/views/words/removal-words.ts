import type { FileJson, ScreenRow, TimelineJson } from '@sluice/control';
import { unreachable } from '@sluice/core/model';
import { clockText, momentText, removalCauseText, timelineText, timeOf, untilText } from '@sluice/words';

/** The texts about the source file of a copied file. */
export interface SourceFate {
  /** The longest text first. */
  readonly texts: readonly string[];
  readonly isBad: boolean;
}

/**
 * Returns the texts about the source file, for a row: `source deleted`, or `delete fails: permission denied, retry in 10 min`.
 * @param removal the agent's report of a removal that has not ended
 * @param moment milliseconds since the epoch; null: texts without durations
 * @returns null if it stays
 */
export function sourceFate(
  { status, afterCopy }: Pick<FileJson, 'status' | 'afterCopy'>,
  removal: ScreenRow['removal'],
  moment: number | null,
): SourceFate | null {
  const how = status === 'COMPLETED_DELETE_FAILED' ? 'failed' : afterCopy;
  switch (how) {
    case 'none':
      return null;
    case 'pending':
      return { texts: [`${verbOf(removal)} pending`], isBad: false };
    case 'done':
      return { texts: ['source removed'], isBad: false };
    case 'failed':
      return { texts: failureTexts(removal, moment), isBad: true };
    default:
      return unreachable(how);
  }
}

function verbOf(removal: ScreenRow['removal']): string {
  return removal === undefined ? 'removal' : removal.to;
}

function failureTexts(removal: ScreenRow['removal'], moment: number | null): readonly string[] {
  const fails = `${verbOf(removal)} fails`;
  if (removal === undefined || removal.code === null) return [fails];
  const { code, retryAt } = removal;
  const retry = retryAt === undefined || moment === null ? '' : retryText(timeOf(retryAt) - moment);
  const cause = removalCauseText(code);
  return [`${fails}: ${cause}${retry}`, `${fails}: ${code}${retry}`, `${fails}: ${cause}`, `${fails}: ${code}`, fails];
}

function retryText(inMs: number): string {
  return inMs < 1_000 ? ', retry due' : `, retry in ${untilText(inMs)}`;
}

/** Returns the removal in a timeline: `source deleted 14:02`. Null: the timeline has none. @param now milliseconds since the epoch */
export function removedText(timeline: readonly TimelineJson[]): string | null {
  const removed = removalIn(timeline);
  if (removed === undefined) return null;
  const isArchived = typeof removed.detail['archive'] === 'string';
  return `source ${isArchived ? 'archived' : 'deleted'} ${clockText(removed.at).slice(0, hourAndMinute)}`;
}

const hourAndMinute = 5;

/** Returns the same in a sentence, with the folder of an archive and the date. */
export function removedSentence(timeline: readonly TimelineJson[]): string | null {
  const removed = removalIn(timeline);
  return removed === undefined ? null : `${timelineText(removed)}, ${momentText(removed.at)}`;
}

function removalIn(timeline: readonly TimelineJson[]): TimelineJson | undefined {
  return timeline.findLast(({ event }) => event === 'source_removed');
}
