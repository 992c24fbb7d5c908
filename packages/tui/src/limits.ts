/** The bounds of the screen that are not in one of its rooms. */
export const limits = {
  /** The time between two pictures: at most four in a second. */
  pictureEveryMs: 250,
  /** How soon a key is answered. Of several keys within this time, the last one is drawn. */
  keyEveryMs: 50,
  /** How often the time in a picture advances. */
  tickMs: 1_000,
  /** How often the history is requested again. */
  historyEveryMs: 5_000,
  /** Sentences of the log that are kept, the newest ones. */
  notes: 500,
  /**
   * Number of lines that the view of the log keeps. It requests more pages while fewer than `logSpare` lines are beyond the
   * visible ones.
   */
  logNotes: 1_000,
  logSpare: 50,
  /** How long a notice is shown. */
  noticeMs: 8_000,
  /** Attempts of one lineage that are followed. */
  lineageSteps: 1_000,
  /** The time without a key after which the list returns to its top. */
  idleMs: 300_000,
  /** UTF-16 units of a path that is typed. */
  typedPathLength: 4_096,
  /** Folders above the selected file that are offered to check. */
  safeFolders: 8,
  /** UTF-16 units of a route's name, and of a filter. */
  typedNameLength: 100,
  typedFilterLength: 200,
  /** Timeouts for finding a name for an export, and for writing it: a folder may lie on storage that does not answer. */
  findPathDeadlineMs: 5_000,
  writeDeadlineMs: 30_000,
  /** Names that are tried if a file exists already. */
  exportNames: 100,
  /** Days of the history that are drawn, and columns of the cause of a route's outage. */
  historyDays: 240,
  briefColumns: 30,
  /** Columns of a gauge. */
  gaugeColumns: 22,
  minGaugeColumns: 7,
} as const;
