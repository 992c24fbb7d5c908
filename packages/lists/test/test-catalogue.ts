import { fileId, type RouteName, routeName } from '@sluice/core/model';
import { type Catalogue, createCatalogue } from '../src/catalogue.ts';
import type { FileList, ListRules } from '../src/file-list.ts';
import type { Listed, RouteCondition } from '../src/rows/listed.ts';

export const ingest = routeName('ingest');
export const archive = routeName('archive');
export const dayMs = 86_400_000;
/** Wall clock. Originals of recoveries that ended before this are not shown. */
export const since = 1_700_000_000_000;

export const idOf = (number: number): Listed['id'] => fileId(`${number.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`);

/** Returns a file. With an ended status it has an end time, with a live one it has none. `over` replaces fields. */
export function listed(number: number, status: Listed['status'], over: Partial<Listed> = {}): Listed {
  const isEnded = ['COMPLETED', 'COMPLETED_DELETE_FAILED', 'FAILED', 'REMOVED'].includes(status);
  const source = over.source ?? `clip${number}.mxf`;
  return {
    id: idOf(number),
    route: ingest,
    source,
    destination: source,
    status,
    hold: status === 'READY' ? 'gate' : null,
    sizeBytes: 1_000,
    leftBytes: isEnded ? 0 : 1_000,
    discoveredAt: since + number,
    endedAt: isEnded ? since + number : null,
    recoveryOf: null,
    recoveredBy: null,
    isHeld: true,
    isWritten: false,
    turn: null,
    ...over,
  };
}

export interface TestCatalogue {
  readonly catalogue: Catalogue;
  readonly conditions: Map<RouteName, RouteCondition>;
  /** Returns a complete list by these rules. */
  list(rules?: Partial<ListRules>): FileList;
}

const everything: ListRules = { tab: 'all', filter: '', sort: 'attention', isReversed: false, hideRecovered: false };

export function makeCatalogue(files: readonly Listed[] = []): TestCatalogue {
  const conditions = new Map<RouteName, RouteCondition>();
  const catalogue = createCatalogue({
    shownSince: () => since,
    condition: (route) => conditions.get(route) ?? { isOpen: true, isHeld: false },
  });
  for (const file of files) catalogue.put(file);
  return {
    catalogue,
    conditions,
    list(rules = {}) {
      const list = catalogue.addList({ ...everything, ...rules });
      while (!catalogue.isComplete(list)) catalogue.work(7);
      return list;
    },
  };
}

/** Returns the rows of a window: numbers of files, a recovery with a `+` before it. */
export function rowsShown({ catalogue }: TestCatalogue, list: FileList, offset = 0, limit = 200, anchor: string | null = null): string {
  return catalogue
    .window(list, { offset, limit, anchor })
    .slots.map(({ id, depth }) => `${depth === 1 ? '+' : ''}${Number.parseInt(id.slice(0, 8), 16)}`)
    .join(' ');
}
