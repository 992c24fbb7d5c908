import type { ScreenRoute } from '@sluice/control';
import { unreachable } from '@sluice/core/model';
import { elapsedText, percentText, sizeShort, timeOf, untilText } from '@sluice/words';
import type { Theme, Tone } from '../../picture/picture.ts';
import { fitted, gaugeText, type Line, piece, widthOf } from '../../picture/pieces/pieces.ts';
import { firstFitting } from '../../picture/text/cut-text.ts';
import { routeWords } from '../words/destination-words.ts';

/**
 * Returns the routes in this many lines: two for each if there is room, else one. If not all can be shown, those in trouble come
 * first.
 */
export function routeLines(routes: readonly ScreenRoute[], moment: number, columns: number, height: number, theme: Theme): readonly Line[] {
  const ordered = routes.length <= height ? routes : routes.toSorted((a, b) => trouble(b) - trouble(a));
  if (routes.length * 4 <= height)
    return ordered.flatMap((route) => [...two(route, moment, columns, theme), ...paths(route, columns, theme)]);
  if (routes.length * 2 <= height) return ordered.flatMap((route) => two(route, moment, columns, theme));
  if (routes.length <= height) return ordered.map((route) => one(route, moment, columns, theme));
  const shown = ordered.slice(0, Math.max(0, height - 1)).map((route) => one(route, moment, columns, theme));
  return [...shown, [fitted(` and ${routes.length - shown.length} more`, columns, 'dim', theme)]].slice(0, height);
}

const trouble = (route: ScreenRoute): number => (routeWords(route).mark === '=' ? 0 : 1);

function two(route: ScreenRoute, moment: number, columns: number, theme: Theme): readonly Line[] {
  return [stateLine(route, moment, columns, theme), spaceLine(route, columns, theme)];
}

/** Returns ` x ingest   OFFLINE 00:12:41`. */
function stateLine(route: ScreenRoute, moment: number, columns: number, theme: Theme): Line {
  const { mark, word, tone } = routeWords(route);
  const since = word === 'OFFLINE' || word === 'WRONG DISK' ? ` ${elapsedText(moment - timeOf(route.gate.since))}` : '';
  const held = route.hold === null || word !== 'HELD' ? '' : ` by ${route.hold.by}`;
  const probe = route.nextProbeInMs === null || since === '' ? '' : `probe in ${untilText(route.nextProbeInMs)}`;
  const said = piece(`${word}${since}${held}`, tone, theme);
  const name = Math.max(4, Math.min(8, columns - 4 - said.width));
  const left: Line = [piece(` ${mark} `, tone, theme), fitted(route.name, name, 'plain', theme), piece(' ', 'plain', theme), said];
  const room = columns - widthOf(left) - 2;
  return probe === '' || probe.length > room ? left : [...left, piece(`  ${probe}`, 'dim', theme)];
}

/** Returns `   destination 61% 3.9T free`. */
function spaceLine({ space }: ScreenRoute, columns: number, theme: Theme): Line {
  const { totalBytes, freeBytes } = space;
  const start = piece('   destination ', 'plain', theme);
  if (freeBytes === null) return [start, piece('free space unknown', 'dim', theme)];
  const free = `${sizeShort(freeBytes)} free`;
  const { text, tone } = spaceLevel(space.level);
  if (totalBytes === null || totalBytes <= 0) return [start, piece(free + text, tone, theme)];
  const used = Math.min(1, Math.max(0, 1 - freeBytes / totalBytes));
  const figures = `${percentText(used * 100)} ${free}${text}`;
  const room = Math.min(22, columns - start.width - figures.length - 2);
  return [
    start,
    ...(columns < 44 || room < 7 ? [] : [piece(`${gaugeText(used, room, theme)} `, tone, theme)]),
    piece(figures, tone, theme),
  ];
}

function spaceLevel(level: ScreenRoute['space']['level']): { readonly text: string; readonly tone: Tone } {
  switch (level) {
    case 'full':
      return { text: ' ! full', tone: 'bad' };
    case 'warn':
      return { text: ' ! nearly full', tone: 'warn' };
    case 'ok':
    case 'unknown':
      return { text: '', tone: 'plain' };
    default:
      return unreachable(level);
  }
}

/** Returns the paths, each with its description. */
function paths(route: ScreenRoute, columns: number, theme: Theme): readonly Line[] {
  const free = route.sourceState.freeBytes === null ? '' : ` ${sizeShort(route.sourceState.freeBytes)} free`;
  const line = (text: string): Line => [fitted(`   ${text}`, columns, 'dim', theme, { keep: 'ends' })];
  return [
    line(`to ${route.destination} ${route.destinationDescription ?? ''}`),
    line(`from ${route.source} ${route.sourceDescription ?? ''}${free}`),
  ];
}

function one(route: ScreenRoute, moment: number, columns: number, theme: Theme): Line {
  const state = stateLine({ ...route, nextProbeInMs: null }, moment, columns, theme);
  const { freeBytes, level } = route.space;
  if (freeBytes === null) return state;
  const { text, tone } = spaceLevel(level);
  const free = `  ${sizeShort(freeBytes)} free`;
  const freeText = firstFitting([free + text, text === '' ? free : `${free} !`, ''], columns - widthOf(state), theme);
  return [...state, piece(freeText, tone, theme)];
}
