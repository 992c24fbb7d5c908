/** Every bound of the journal that is not in the configuration. */
export const limits = {
  /** A larger journal is not read as a whole before it is used, but by another process after that. About 30,000 finished files. */
  checkedBytes: 32 * 1024 * 1024,
  /** How long another writer (a backup, a prune from the command line) is waited for. */
  busyMs: 5_000,
  /** The write-ahead log is cut back to this after a checkpoint. */
  walBytes: 64 * 1024 * 1024,
  /** Ended files that one call of `prune` reads. */
  pruneFiles: 32,
  /** Entries that one call of `prune` removes. */
  pruneEntries: 128,
  /** A time without an ended file that may be a jump of the clock, and what counts of it. */
  doubtedGapMs: 30 * 86_400_000,
  keptOfGapMs: 86_400_000,
  /** Numbers of the journal that one page of files goes back over; a file has two or more. */
  pageSpan: 250_000,
  /** Files that a start reads at once. */
  loadedRows: 2_000,
  /** Files whose place in the journal the writer keeps in mind; of others it asks the database. */
  knownFiles: 50_000,
  /** Files that one step of a filtered question reads. */
  filteredRows: 5_000,
  /** Longest text that is searched for as a name or a glob, UTF-16 units; SQLite ends at 50,000 bytes. */
  searchLength: 8_192,
} as const;
