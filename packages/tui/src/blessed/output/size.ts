import { terminalLimits } from '../limits.ts';
import type { ScreenSize } from './painter.ts';

/** Standard output, a terminal: its size, and word of a new one. What is written goes another way. */
export interface TerminalSize {
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
  /** Asks the system again: a stopped process gets no event of a change. */
  getWindowSize?(): readonly number[];
  on(event: 'resize', listener: () => void): unknown;
  removeListener(event: 'resize', listener: () => void): unknown;
}

const usual: ScreenSize = { columns: 80, rows: 24 };

export function sizeOf(output: TerminalSize): ScreenSize {
  const [columns, rows] = asked(output);
  return { columns: sane(columns, usual.columns), rows: sane(rows, usual.rows) };
}

function asked(output: TerminalSize): readonly (number | undefined)[] {
  try {
    if (output.getWindowSize !== undefined) return output.getWindowSize();
  } catch {
    // the terminal is gone: what was known of it last
  }
  return [output.columns, output.rows];
}

/** A serial line says 0 by 0. */
function sane(cells: number | undefined, instead: number): number {
  return cells === undefined || !(cells > 0) ? instead : Math.min(terminalLimits.cells, cells);
}
