import { rateShort } from '@sluice/words';
import { type Glyphs, glyphsOf } from '../../picture/glyphs.ts';
import type { Theme } from '../../picture/picture.ts';
import { blank, fitted, type Line, piece } from '../../picture/pieces/pieces.ts';

const labelColumns = 4;
const nowColumns = 6;
const minGraph = 8;

/**
 * Draws bytes per second as bars, with the highest figure next to the top row, and the newest at the end.
 * @param now the rate in the header
 * @param height rows, at least 1
 */
export function throughputLines(figures: readonly number[], now: number, columns: number, height: number, theme: Theme): readonly Line[] {
  const { vertical } = glyphsOf(theme);
  const room = columns - labelColumns - 2 - nowColumns;
  if (room < minGraph || height < 1) return Array.from({ length: Math.max(0, height) }, (): Line => []);
  const shown = binned(figures, room);
  const highest = Math.max(0, ...shown);
  const rows = barRows(shown, highest, height, theme);
  return rows.map((bars, index): Line => {
    const label = index === 0 ? (highest === 0 ? '' : orZero(highest)) : index === height - 1 ? '0' : '';
    const last = index === height - 1 ? ` ${orZero(now)}` : '';
    return [
      fitted(label, labelColumns, 'dim', theme, { align: 'right' }),
      piece(` ${vertical}`, 'dim', theme),
      fitted(bars, room, 'busy', theme, { align: 'right' }),
      last === '' ? blank(0) : piece(last, 'plain', theme),
    ];
  });
}

function orZero(bytesPerSecond: number): string {
  const text = rateShort(bytesPerSecond);
  return text === '-' ? '0' : text;
}

/** Returns as many figures as there is room for: the highest of those that share a column. */
function binned(figures: readonly number[], columns: number): readonly number[] {
  const usable = figures.map((figure) => (figure > 0 && Number.isFinite(figure) ? figure : 0));
  // A wide panel has several columns for each.
  const each = Math.max(1, Math.floor(columns / Math.max(1, usable.length)));
  if (usable.length <= columns) return usable.flatMap((figure) => Array.from({ length: each }, () => figure));
  return Array.from({ length: columns }, (_, index) => {
    const from = Math.floor((index * usable.length) / columns);
    const to = Math.max(from + 1, Math.floor(((index + 1) * usable.length) / columns));
    return Math.max(...usable.slice(from, to));
  });
}

/** Returns bars of any height, the top row first. Two rows of ASCII use shades, with a floor in the lower one. */
export function barRows(figures: readonly number[], highest: number, height: number, theme: Theme): readonly string[] {
  const glyphs = glyphsOf(theme);
  const isShaded = !theme.unicode && height === 2;
  const rows = isShaded ? 1 : height;
  const steps = glyphs.bars.length;
  const levels = figures.map((figure) => (figure > 0 ? Math.max(1, Math.round((figure / highest) * rows * steps)) : 0));
  const drawn = Array.from({ length: rows }, (_, row) => levels.map((level) => cell(level - (rows - 1 - row) * steps, glyphs)).join(''));
  const floor = levels.map((level) => (level === 0 ? glyphs.zero : ' ')).join('');
  if (isShaded) return [' '.repeat(levels.length), ...drawn.map((row) => withFloor(row, floor))];
  return drawn.map((row, index) => (index === rows - 1 ? withFloor(row, floor) : row));
}

function cell(steps: number, { bars }: Glyphs): string {
  return steps <= 0 ? ' ' : (bars[Math.min(steps, bars.length) - 1] ?? ' ');
}

function withFloor(row: string, floor: string): string {
  return Array.from(row, (each, index) => (each === ' ' ? (floor[index] ?? ' ') : each)).join('');
}
