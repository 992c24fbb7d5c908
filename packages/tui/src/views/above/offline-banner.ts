import { basename } from 'node:path';
import type { ScreenRoute } from '@sluice/control';
import { beforeProbeText, elapsedText, timeOf, untilText, waitingText } from '@sluice/words';
import type { Theme } from '../../picture/picture.ts';
import { firstFitting } from '../../picture/text/cut-text.ts';
import { causeText, routeWords } from '../words/destination-words.ts';

/**
 * Returns `!! ingest OFFLINE 00:12:41 (no answer)  214 wait at the source, disk full in 2h10`, or less of it if there is less
 * room.
 * @param moment milliseconds since the epoch
 */
export function offlineText(route: ScreenRoute, moment: number, columns: number, theme: Theme): string {
  const { word } = routeWords(route);
  const state = `${word === 'CHECKING' ? '~' : '!!'} ${route.name} ${word} ${elapsedText(moment - timeOf(route.gate.since))}`;
  const cause = causeText(route);
  const running = beforeProbeText(route.beforeProbe, moment) ?? '';
  const because = cause === null ? '' : ` (${cause})`;
  const { fullInMs } = route.sourceState;
  // Before the first answer, the source may not be known either.
  const isEmpty = word === 'CHECKING' && route.waiting + (route.recording ?? 0) === 0;
  const [waitsThere, waits] = isEmpty ? ['', ''] : [waitingText(route), waitingText(route, '')];
  const filling = fullInMs === null ? '' : `disk full in ${untilText(fullInMs)}`;
  const probe = route.nextProbeInMs === null ? '' : `next probe in ${untilText(route.nextProbeInMs)}`;
  const said = (start: string, parts: readonly string[], gap = '  '): string => {
    const list = parts.filter((part) => part !== '').join(', ');
    return list === '' ? start : start + gap + list;
  };
  const brief = `waits for before_probe (${basename(route.beforeProbe?.program ?? '')})`;
  const awaited = [[running, waits], [running], [brief, waits], [brief]];
  return firstFitting(
    [
      ...(running === '' ? [] : [said(state + because, [running, waitsThere, filling, probe])]),
      ...(route.beforeProbe?.isAwaited === true && running !== '' ? awaited.map((parts) => said(state, parts)) : []),
      said(state + because, [waitsThere, filling, probe]),
      said(state + because, [waitsThere, filling]),
      said(state + because, [waitsThere, filling], ' '),
      said(state + because, [waits, filling]),
      said(state + because, [waits]),
      said(state, [waits, filling]),
      said(state, [waits]),
    ],
    columns,
    theme,
  );
}
