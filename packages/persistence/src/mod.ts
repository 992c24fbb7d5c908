export { type BackupProgress, backupJournal } from './backup.ts';
export { type ChildIdentity, openJournal, type WritableJournal } from './journal.ts';
export { journalTrouble } from './open/migrate.ts';
export type { PruneRequest } from './prune.ts';
export type { EndedKey, PastQuery } from './queries/file-queries.ts';
export type { Filtered, FilteredQuery, PastSum } from './queries/filtered-query.ts';
export { type JournalReader, type Outage, openReader, readerOf, type TimelineEntry } from './queries/queries.ts';
export { JournalUnusable } from './unusable.ts';
