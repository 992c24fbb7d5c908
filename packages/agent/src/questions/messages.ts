import { type Check, isAmount, isText, listOf, shapeOf } from '@sluice/child';
import type { Filtered, FilteredQuery, PastQuery } from '@sluice/persistence';

/** What has to be compared with every name of the journal, and may therefore take long. */
export type Question =
  /** Newest first. */
  | { readonly kind: 'find'; readonly text: string; readonly limit: number }
  /** Those whose path ends in one of many names; where there are more than `limit`, any of them. */
  | { readonly kind: 'find_named'; readonly names: readonly string[]; readonly limit: number }
  /** By when they ended. */
  | { readonly kind: 'find_ended'; readonly text: string; readonly page: PastQuery };

/** A filter of the screen over what ended. */
export interface FilterQuestion {
  readonly kind: 'filter';
  readonly query: FilteredQuery;
}

/** Whether the journal is what was written. Reads all of it. */
export interface CheckQuestion {
  readonly kind: 'check';
}

export interface ReaderInit {
  /** Of the journal. */
  readonly path: string;
  /** Of better-sqlite3's native part, in the packed executable. */
  readonly addonPath: string | null;
}

export interface Asked {
  readonly id: number;
  readonly question: Question | FilterQuestion | CheckQuestion;
}

/** Ids only: the agent reads the records, a few at a time. Sums are those of a filter. */
export type Answer = { readonly id: number } & (Found | { readonly failed: string } | { readonly damaged: string });

export interface Found {
  readonly ids: readonly string[];
  readonly sums: Filtered['sums'];
}

const isFailed = shapeOf<Extract<Answer, { failed: unknown }>>({ id: isAmount, failed: isText });
const isDamaged = shapeOf<Extract<Answer, { damaged: unknown }>>({ id: isAmount, damaged: isText });
const isIds = shapeOf<Extract<Answer, { ids: unknown }>>({
  id: isAmount,
  ids: listOf(isText),
  sums: listOf(shapeOf<Filtered['sums'][number]>({ files: isAmount, bytes: isAmount })),
});

/** Whether a message answers a question. */
export const isAnswer: Check = (value) => isIds(value) || isFailed(value) || isDamaged(value);
