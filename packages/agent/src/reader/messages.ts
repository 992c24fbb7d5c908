import { type Check, isAmount, isText, listOf, oneOf, shapeOf } from '@sluice/child';
import type { Filtered, FilteredQuery, PastQuery } from '@sluice/persistence';

/** A query that has to be compared with every name of the journal, and may therefore take long. */
export type Question =
  /** Newest files first. */
  | { readonly kind: 'find'; readonly text: string; readonly limit: number }
  /** Files whose path ends in one of many names. If there are more than `limit`, any of them. */
  | { readonly kind: 'find_named'; readonly names: readonly string[]; readonly limit: number }
  /** In the order in which they ended. */
  | { readonly kind: 'find_ended'; readonly text: string; readonly page: PastQuery };

/** A filter of the screen over ended files. */
export interface FilterQuestion {
  readonly kind: 'filter';
  readonly query: FilteredQuery;
}

/** Checks the whole journal for damage. */
export interface CheckQuestion {
  readonly kind: 'check';
}

/** The first message to the reader process. */
export interface ReaderInit {
  /** Path of the journal. */
  readonly path: string;
  /** Path of the native addon of better-sqlite3, in the packed executable. Null in a checkout. */
  readonly addonPath: string | null;
}

/** A query for the reader process. */
export interface Asked {
  readonly id: number;
  readonly question: Question | FilterQuestion | CheckQuestion;
}

/** The answer has only ids; the agent reads the records, a few at a time. Sums are those of a filter. */
export type Answer = { readonly id: number } & (Found | { readonly failed: string } | { readonly damaged: string });

/** The files that a query found. */
export interface Found {
  readonly ids: readonly string[];
  readonly sums: Filtered['sums'];
}

/** The process has opened the journal and accepts queries. */
export interface Ready {
  readonly is: 'ready';
}

const isReady = shapeOf<Ready>({ is: oneOf('ready') });
const isFailed = shapeOf<Extract<Answer, { failed: unknown }>>({ id: isAmount, failed: isText });
const isDamaged = shapeOf<Extract<Answer, { damaged: unknown }>>({ id: isAmount, damaged: isText });
const isIds = shapeOf<Extract<Answer, { ids: unknown }>>({
  id: isAmount,
  ids: listOf(isText),
  sums: listOf(shapeOf<Filtered['sums'][number]>({ files: isAmount, bytes: isAmount })),
});

/** Checks whether a message is from the reader process. */
export const isOfReader: Check = (value) => isIds(value) || isFailed(value) || isDamaged(value) || isReady(value);
