import { terminalLimits } from '../limits.ts';
import type { ScreenSize } from './painter.ts';

/** Standard output, which is a terminal, for its size and changes of it. Output is written elsewhere. */
export interface TerminalSize {
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
  /** Queries the system again: a stopped process gets no event of a change. */
  getWindowSize?(): readonly number[];
  on(event: 'resize', listener: () => void): unknown;
  removeListener(event: 'resize', listener: () => void): unknown;
}

const usual: ScreenSize = { columns: 80, rows: 24 };

/** Returns the size of a terminal, within bounds. */
export function sizeOf(output: TerminalSize): ScreenSize {
  const [columns, rows] = asked(output);
  return { columns: sane(columns, usual.columns), rows: sane(rows, usual.rows) };
}

function asked(output: TerminalSize): readonly (number | undefined)[] {
  try {
    if (output.getWindowSize !== undefined) return output.getWindowSize();
  } catch {
    // The terminal is gone, so its last known size is used.
  }
  return [output.columns, output.rows];
}

/** A serial line reports 0 by 0. */
function sane(cells: number | undefined, instead: number): number {
  return cells === undefined || !(cells > 0) ? instead : Math.min(terminalLimits.cells, cells);
}
