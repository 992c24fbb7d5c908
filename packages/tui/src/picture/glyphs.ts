import type { Theme } from './picture.ts';

/** What is drawn, not written. */
export interface Glyphs {
  readonly ellipsis: string;
  readonly arrow: string;
  readonly horizontal: string;
  readonly vertical: string;
  readonly corners: readonly [topLeft: string, topRight: string, bottomLeft: string, bottomRight: string];
  readonly full: string;
  readonly empty: string;
  /** Heights of a bar, the lowest first, the last one fills its row. */
  readonly bars: readonly string[];
  /** Where there is a figure, and it is nothing. */
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

export function glyphsOf(theme: Theme): Glyphs {
  return theme.unicode ? unicode : ascii;
}
