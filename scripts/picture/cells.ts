import type { Pty } from '../../packages/tui/test/blessed/pty.ts';

type Emulator = Pty['emulator'];
type BufferLine = NonNullable<ReturnType<Emulator['buffer']['active']['getLine']>>;
type BufferCell = NonNullable<ReturnType<BufferLine['getCell']>>;

/** Adjacent characters with the same style. */
export interface Run {
  readonly column: number;
  /** How many columns it takes. */
  readonly width: number;
  readonly text: string;
  /** A number of xterm's palette. Null: the default colour of the terminal. */
  readonly foreground: number | null;
  readonly background: number | null;
  readonly isBold: boolean;
}

/** The content of a terminal. */
export interface Cells {
  readonly columns: number;
  readonly rows: readonly (readonly Run[])[];
}

/** Returns the content of a terminal, in runs. */
export function cellsOf({ buffer: { active }, cols, rows }: Pick<Emulator, 'buffer' | 'cols' | 'rows'>): Cells {
  const lines = Array.from({ length: rows }, (_, row) => active.getLine(active.baseY + row));
  return { columns: cols, rows: lines.map((line) => (line === undefined ? [] : runsOf(line, cols))) };
}

function runsOf(line: BufferLine, columns: number): Run[] {
  const runs: Run[] = [];
  for (let column = 0; column < columns; column += 1) {
    const cell = line.getCell(column);
    if (cell === undefined || cell.getWidth() === 0) continue;
    const run = runOf(cell, column);
    const last = runs.at(-1);
    if (last !== undefined && isAlike(last, run))
      runs[runs.length - 1] = { ...last, width: last.width + run.width, text: last.text + run.text };
    else runs.push(run);
  }
  return runs;
}

function runOf(cell: BufferCell, column: number): Run {
  const own = {
    foreground: cell.isFgDefault() ? null : cell.getFgColor(),
    background: cell.isBgDefault() ? null : cell.getBgColor(),
  };
  const { foreground, background } = own;
  const shown = cell.isInverse() === 0 ? own : { foreground: background ?? 0, background: foreground ?? 7 };
  return { column, width: cell.getWidth(), text: cell.getChars() || ' ', ...shown, isBold: cell.isBold() !== 0 };
}

function isAlike(a: Run, b: Run): boolean {
  return a.foreground === b.foreground && a.background === b.background && a.isBold === b.isBold;
}
