import type { GroupCounts } from '@sluice/core';
import { countText } from '../figures/figures.ts';

/**
 * The files of a route that are not copied while its destination is offline. An agent of an older version does not report
 * recordings.
 */
type OutageCounts = Pick<GroupCounts, 'waiting'> & Partial<Pick<GroupCounts, 'recording'>>;

/**
 * Returns `214 wait at the source (3 recording)`: everything that is not copied yet, and how much of it is still being written. A
 * recording waits too, because it cannot be followed until the destination is back. `nothing waits at the source` if there is none.
 */
export function waitingText({ waiting, recording = 0 }: OutageCounts, where: ' at the source' | '' = ' at the source'): string {
  const count = waiting + recording;
  if (count === 0) return `nothing waits${where}`;
  const written = recording === 0 ? '' : ` (${countText(recording)} recording)`;
  return `${countText(count)} wait${count === 1 ? 's' : ''}${where}${written}`;
}
