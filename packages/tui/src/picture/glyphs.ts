import type { Theme } from './picture.ts';

/** The characters for drawing. */
export interface Glyphs {
  readonly ellipsis: string;
  readonly arrow: string;
  readonly horizontal: string;
  readonly vertical: string;
  readonly corners: readonly [topLeft: string, topRight: string, bottomLeft: string, bottomRight: string];
  readonly full: string;
  readonly empty: string;
  /** Heights of a bar, the lowest first. The last one fills its row. */
  readonly bars: readonly string[];
  /** A value of zero, as opposed to no value. */
  readonly zero: string;
}

const unicode: Glyphs = {
  ellipsis: '…',
  arrow: '→',
  horizontal: '─',
  vertical: '│',
  corners: ['┌', '┐', '└', '┘'],
  full: '█',
  empty: '░',
  bars: ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
  zero: '_',
};

const ascii: Glyphs = {
  ellipsis: '..',
  arrow: '->',
  horizontal: '-',
  vertical: '|',
  corners: ['+', '+', '+', '+'],
  full: '#',
  empty: '.',
  bars: ['.', ':', '-', '=', '+', '*', '%', '#'],
  zero: '_',
};

/** Returns the characters for drawing in a theme. */
export function glyphsOf(theme: Theme): Glyphs {
  return theme.unicode ? unicode : ascii;
}
