/** One figure that was promised, and what was measured of it. */
export interface Figure {
  readonly what: string;
  readonly unit: 'ms' | 'MB' | '%' | 'B' | 'B/s' | 'rows' | 'x' | '/s';
  /** At most so much; null: reported for comparison. */
  readonly goal: number | null;
  /** Every reading, in any order. */
  readonly readings: readonly number[];
  /** Which of them the goal is held against. */
  readonly judged: 'median' | 'p99' | 'max';
}

const titles = ['what', 'goal', 'median', 'p99', 'max', 'readings', 'of the goal', ''];

/** A table, one line for each figure; a goal that was missed is loud. */
export function tableOf(figures: readonly Figure[]): readonly string[] {
  const cells = [titles, ...figures.map(cellsOf)];
  const widths = titles.map((_, column) => Math.max(...cells.map((row) => (row[column] ?? '').length)));
  return cells.map((row) =>
    row
      .map((cell, column) =>
        column === 0 || column === titles.length - 1 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}

export function missed(figures: readonly Figure[]): readonly Figure[] {
  return figures.filter((figure) => !isMet(figure));
}

/** The reading that this share of all others does not exceed. */
export function quantile(readings: readonly number[], share: number): number {
  const sorted = readings.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function cellsOf(figure: Figure): string[] {
  const { what, unit, goal, readings, judged } = figure;
  const shown = (share: number, as: Figure['judged']): string =>
    readings.length === 0 ? '-' : `${text(quantile(readings, share), unit)}${as === judged && goal !== null ? '*' : ' '}`;
  return [
    what,
    goal === null ? '-' : text(goal, unit),
    shown(0.5, 'median'),
    shown(0.99, 'p99'),
    shown(1, 'max'),
    String(readings.length),
    goal === null || goal === 0 || readings.length === 0 ? '-' : `${Math.round((judgedOf(figure) / goal) * 100)} %`,
    goal === null ? '' : readings.length === 0 ? 'not measured' : isMet(figure) ? 'ok' : 'MISSED <<<<',
  ];
}

function isMet(figure: Figure): boolean {
  return figure.goal === null || figure.readings.length === 0 || judgedOf(figure) <= figure.goal;
}

function judgedOf({ readings, judged }: Figure): number {
  return quantile(readings, { median: 0.5, p99: 0.99, max: 1 }[judged]);
}

function text(value: number, unit: Figure['unit']): string {
  const digits =
    unit === 'B' || unit === 'B/s' || unit === 'rows' || unit === '/s' ? 0 : value >= 100 && unit !== 'MB' ? 0 : value >= 10 ? 1 : 2;
  return `${value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })} ${unit}`;
}
