/** A promised figure, and its measurements. */
export interface Figure {
  readonly what: string;
  readonly unit: 'ms' | 'MB' | '%' | 'B' | 'B/s' | 'rows' | 'x' | '/s';
  /** The largest value that meets the goal. Null: reported for comparison only. */
  readonly goal: number | null;
  /** Every measurement, in any order. */
  readonly readings: readonly number[];
  /** Which of them is compared with the goal. */
  readonly judged: 'median' | 'p99' | 'max';
}

const titles = ['what', 'goal', 'median', 'p99', 'max', 'readings', 'of the goal', ''];

/** Returns a table with one line for each figure. A missed goal is marked. */
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

/** Returns the figures that missed their goal. */
export function missed(figures: readonly Figure[]): readonly Figure[] {
  return figures.filter((figure) => !isMet(figure));
}

/** What `--json=FILE` writes. */
export interface FiguresAsJson {
  /** When the file was written, RFC 3339. */
  readonly at: string;
  readonly processors: number;
  /** Processes that ran or waited to run, on average over the last minute. */
  readonly load: number;
  readonly figures: readonly (Omit<Figure, 'readings'> & {
    /** Null: not measured. */
    readonly median: number | null;
    readonly p99: number | null;
    readonly max: number | null;
    readonly readings: readonly number[];
    /** Null: it has no goal, or was not measured. */
    readonly isMet: boolean | null;
  })[];
}

/** Returns the figures with the columns of the table, as data. */
export function jsonOf(figures: readonly Figure[], machine: Omit<FiguresAsJson, 'figures'>): FiguresAsJson {
  const at = (readings: readonly number[], share: number): number | null => (readings.length === 0 ? null : quantile(readings, share));
  return {
    ...machine,
    figures: figures.map((figure) => {
      const { readings, goal } = figure;
      const isMeasured = goal !== null && readings.length > 0;
      const columns = { median: at(readings, 0.5), p99: at(readings, 0.99), max: at(readings, 1) };
      return { ...figure, ...columns, isMet: isMeasured ? isMet(figure) : null };
    }),
  };
}

/** Returns the measurement that this share of all measurements does not exceed. */
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
