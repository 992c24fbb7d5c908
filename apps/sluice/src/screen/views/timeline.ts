import type { TimelineJson } from '@sluice/agent';
import { clockText, momentText } from './clock.ts';
import { glyphsOf } from './glyphs.ts';
import type { Look, Tone } from './picture.ts';
import { fitted, type Line, piece, widthOf } from './pieces.ts';

/** ` 2026-11-23 13:49:51  COPYING -> FAILED  copy failed  code=EIO` */
export function timelineLine(entry: TimelineJson, columns: number, look: Look): Line {
  const { from, to, event, at } = entry;
  const time = columns >= 60 ? momentText(at) : clockText(at);
  const moved = to === null || to === from ? '' : `${from === null ? '' : `${from} ${glyphsOf(look).arrow} `}${to}  `;
  const start = [piece(` ${time}  `, 'dim', look), piece(moved, toneOf(entry), look)];
  const said = `${event}${detailText(entry.detail)}`;
  return [...start, fitted(said, Math.max(0, columns - widthOf(start)), 'plain', look)];
}

function toneOf({ to }: TimelineJson): Tone {
  if (to === 'FAILED') return 'bad';
  return to === 'COMPLETED' ? 'good' : 'plain';
}

const mostFields = 8;
const longestField = 200;

function detailText(detail: TimelineJson['detail']): string {
  const fields = Object.entries(detail)
    .filter(([, value]) => value !== null && value !== undefined)
    .slice(0, mostFields);
  return fields.map(([name, value]) => `  ${name}=${fieldText(value).slice(0, longestField)}`).join('');
}

function fieldText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
