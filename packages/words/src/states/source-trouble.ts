import type { ScreenRoute } from '@sluice/control';
import { timeOf } from '../figures/clock.ts';
import { elapsedText } from '../figures/figures.ts';

/**
 * Returns `!! SOURCE MISSING 00:00:08 /ingest: none of its files is treated as removed`, or null if the source has no trouble.
 * `moment`: wall clock, milliseconds.
 */
export function sourceTrouble(
  { source, sourceState, unread }: Pick<ScreenRoute, 'source' | 'sourceState' | 'unread'>,
  moment: number,
): string | null {
  const since = elapsedText(moment - timeOf(sourceState.since));
  switch (sourceState.state) {
    case 'ok':
    case 'unknown':
      return null;
    case 'missing':
      return `!! SOURCE MISSING ${since} ${source}: none of its files is treated as removed`;
    case 'unreadable':
      if (unread !== null)
        return `!! SOURCE UNREADABLE ${since} ${unread.path} in ${source} (${unread.code ?? 'unknown'}): nothing in it is treated as removed`;
      return `!! SOURCE UNREADABLE ${since} ${source}: none of its files is treated as removed`;
    case 'silent':
      return `!! SOURCE SILENT ${since} ${source}: none of its files is treated as removed`;
    case 'suddenly_empty':
      return `!! SOURCE SUDDENLY EMPTY ${since} ${source}: none of its files is treated as removed; if somebody cleared it, run sluice rescan`;
  }
}
