import type { JournalImage, JournalRecord } from './record.ts';

/** The truth after a crash. One writer. */
export interface Journal {
  /**
   * Appends in ONE transaction and returns after it is durable. All or nothing; throws an error whose `code` is
   * SQLite's name (`SQLITE_FULL`, `SQLITE_IOERR_…`) where it could not; the caller keeps the records and asks again.
   */
  append(records: readonly JournalRecord[]): void;
  /** Read once, at start-up. */
  load(): JournalImage;
  close(): void;
}
