import type { ScreenRoute } from '@sluice/control';
import { elapsedText, timeOf, untilText, waitingText } from '@sluice/words';
import type { Theme } from '../../picture/picture.ts';
import { firstFitting } from '../../picture/text/cut-text.ts';
import { causeText, routeWords } from '../words/route-words.ts';

/**
 * Returns `!! ingest OFFLINE 00:12:41 (no answer)  214 wait at the source, disk full in 2h10`, or less of it if there is less
 * room.
 * @param moment milliseconds since the epoch
 */
export function outageText(route: ScreenRoute, moment: number, columns: number, theme: Theme): string {
  const { word } = routeWords(route);
  const state = `${word === 'ASKING' ? '~' : '!!'} ${route.name} ${word} ${elapsedText(moment - timeOf(route.gate.since))}`;
  const cause = causeText(route);
  const because = cause === null ? '' : ` (${cause})`;
  const waits = waitingText(route, '');
  const waitsThere = waitingText(route);
  const { fullInMs } = route.sourceState;
  const filling = fullInMs === null ? '' : `, disk full in ${untilText(fullInMs)}`;
  const probe = route.nextProbeInMs === null ? '' : `, next probe in ${untilText(route.nextProbeInMs)}`;
  return firstFitting(
    [
      `${state}${because}  ${waitsThere}${filling}${probe}`,
      `${state}${because}  ${waitsThere}${filling}`,
      `${state}${because} ${waitsThere}${filling}`,
      `${state}${because}  ${waits}${filling}`,
      `${state}${because}  ${waits}`,
      `${state}  ${waits}${filling}`,
      `${state}  ${waits}`,
    ],
    columns,
    theme,
  );
}
