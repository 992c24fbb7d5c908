import type { Line } from './pieces.ts';

/** A line that is made only if it is visible: a history is longer than a screen. */
export type LazyLine = () => Line;

/** The visible part of some lines. */
export interface Scrolled {
  /** As many lines as there is room for. */
  readonly lines: readonly Line[];
  /** Counted from 0, of all lines. Scrolling ends with the last line at the bottom. */
  readonly first: number;
  readonly last: number;
  readonly total: number;
}

/** Returns the visible part of lines. */
export function scrolled(lines: readonly LazyLine[], scroll: number, height: number): Scrolled {
  const lastStart = Math.max(0, lines.length - height);
  const first = Math.min(Math.max(0, Math.floor(scroll) || 0), lastStart);
  const shown = lines.slice(first, first + Math.max(0, height));
  return {
    lines: Array.from({ length: Math.max(0, height) }, (_, index) => shown[index]?.() ?? []),
    first,
    last: first + shown.length,
    total: lines.length,
  };
}

/** Returns `1-20 of 45`; empty if everything is visible. */
export function scrollText({ first, last, total }: Pick<Scrolled, 'first' | 'last' | 'total'>): string {
  return first === 0 && last === total ? '' : `${first + 1}-${last} of ${total}`;
}
