/** Widths of the list's columns, in columns of the screen. 0: it is not shown. */
export interface ListColumns {
  readonly name: number;
  /** With the gap after it. */
  readonly route: number;
  readonly state: number;
  readonly progress: number;
  /** State and progress in one column, if there is no room for both. */
  readonly brief: number;
  readonly size: number;
  readonly rate: number;
  readonly eta: number;
}

const selection = 2;
const gap = 1;
const trailing = 1;
const state = 11;
const figures = 6;

/** @param hasRoutes there is more than one route, so each row names its route */
export function listColumns(columns: number, hasRoutes: boolean): ListColumns {
  return columns >= 80 ? wide(columns, hasRoutes) : narrow(columns);
}

function wide(columns: number, hasRoutes: boolean): ListColumns {
  const spare = columns - 80;
  const progress = 25 + Math.min(15, Math.floor(spare * 0.3));
  const route = hasRoutes && spare >= 16 ? 12 : 0;
  const name = columns - selection - gap - route - state - progress - 3 * figures - trailing;
  return { name, route, state, progress, brief: 0, size: figures, rate: figures, eta: figures };
}

function narrow(columns: number): ListColumns {
  const size = columns >= 56 ? figures : 0;
  const eta = columns >= 64 ? figures : 0;
  const left = columns - selection - gap - trailing - size - eta;
  const brief = Math.max(0, Math.min(27, left - 13));
  return { name: Math.max(0, left - brief), route: 0, state: 0, progress: 0, brief, size, rate: 0, eta };
}
