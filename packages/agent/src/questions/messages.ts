import { type Check, isAmount, isText, listOf, shapeOf } from '@sluice/child';
import type { PastQuery } from '@sluice/persistence';

/** What has to be compared with every name of the journal, and may therefore take long. */
export type Question =
  /** Newest first. */
  | { readonly kind: 'find'; readonly text: string; readonly limit: number }
  /** Those whose path ends in one of many names; where there are more than `limit`, any of them. */
  | { readonly kind: 'find_named'; readonly names: readonly string[]; readonly limit: number }
  /** By when they ended. */
  | { readonly kind: 'find_ended'; readonly text: string; readonly page: PastQuery };

export interface ReaderInit {
  /** Of the journal. */
  readonly path: string;
  /** Of better-sqlite3's native part, in the packed executable. */
  readonly addonPath: string | null;
}

export interface Asked {
  readonly id: number;
  readonly question: Question;
}

/** Ids only: the agent reads the records, a few at a time. */
export type Answer = { readonly id: number } & ({ readonly ids: readonly string[] } | { readonly failed: string });

const isFailed = shapeOf<Extract<Answer, { failed: unknown }>>({ id: isAmount, failed: isText });
const isIds = shapeOf<Extract<Answer, { ids: unknown }>>({ id: isAmount, ids: listOf(isText) });

/** Whether a message answers a question. */
export const isAnswer: Check = (value) => isIds(value) || isFailed(value);
