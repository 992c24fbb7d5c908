export { decodeFile, encodeFile } from './codec.ts';
export type { FileQuery } from './file-queries.ts';
export { type ChildIdentity, type Machine, openJournal, type WritableJournal } from './journal.ts';
export { journalTrouble, newestVersion } from './migrate.ts';
export type { OpenOptions } from './open.ts';
export type { Pruned, PruneRequest } from './prune.ts';
export { type GateRow, type JournalReader, type Outage, openReader, readerOf, type TimelineEntry } from './queries.ts';
export { JournalUnusable } from './unusable.ts';
