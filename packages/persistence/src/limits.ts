/** The bounds of the journal that are not in the configuration. */
export const limits = {
  /**
   * Bytes of a journal that is read completely before it is used: about 30,000 finished files. A larger one is read later, by
   * another process.
   */
  checkedBytes: 32 * 1024 * 1024,
  /** How long to wait for another writer (a backup, a prune from the command line). */
  busyMs: 5_000,
  /** Bytes to which the write-ahead log is truncated after a checkpoint. */
  walBytes: 64 * 1024 * 1024,
  /** Ended files that one call of `prune` reads. */
  pruneFiles: 32,
  /** Entries that one call of `prune` removes. */
  pruneEntries: 128,
  /** The time without an ended file that may be a jump of the clock, and the part of it that counts. */
  doubtedGapMs: 30 * 86_400_000,
  keptOfGapMs: 86_400_000,
  /** Numbers of the journal that one page of files covers. A file has two or more. */
  pageSpan: 250_000,
  /** Files that a start reads at once. */
  loadedRows: 2_000,
  /** Files whose place in the journal the writer caches. For others it queries the database. */
  knownFiles: 50_000,
  /** Files that one step of a filtered query reads. */
  filteredRows: 5_000,
  /** The longest text that is searched as a name or a glob, in UTF-16 units. SQLite's limit is 50,000 bytes. */
  searchLength: 8_192,
} as const;
