export { type ChildIdentity, openJournal, type WritableJournal } from './journal.ts';
export { checkJournal } from './open/check.ts';
export { journalTrouble } from './open/migrate.ts';
export type { OpenOptions } from './open/open.ts';
export type { PruneRequest } from './prune.ts';
export type { EndedKey, PastQuery } from './queries/file-queries.ts';
export type { Filtered, FilteredQuery, PastSum } from './queries/filtered-query.ts';
export { type JournalReader, type Outage, openReader, readerOf, type TimelineEntry } from './queries/queries.ts';
export { damaged, JournalUnusable } from './unusable.ts';
