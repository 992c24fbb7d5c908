import type { TimelineJson } from '@sluice/control';
import { clockText, momentText, timelineText } from '@sluice/words';
import { glyphsOf } from '../../picture/glyphs.ts';
import type { Look, Tone } from '../../picture/picture.ts';
import { fitted, type Line, piece, widthOf } from '../../picture/pieces/pieces.ts';

/** ` 2026-11-23 13:49:51  COPYING -> FAILED  network interruption: code EIO` */
export function timelineLine(entry: TimelineJson, columns: number, look: Look): Line {
  const { from, to, at } = entry;
  const time = columns >= 60 ? momentText(at) : clockText(at);
  const moved = to === null || to === from ? '' : `${from === null ? '' : `${from} ${glyphsOf(look).arrow} `}${to}  `;
  const start = [piece(` ${time}  `, 'dim', look), piece(moved, toneOf(entry), look)];
  return [...start, fitted(timelineText(entry), Math.max(0, columns - widthOf(start)), 'plain', look)];
}

function toneOf({ to }: TimelineJson): Tone {
  if (to === 'FAILED') return 'bad';
  return to === 'COMPLETED' ? 'good' : 'plain';
}
