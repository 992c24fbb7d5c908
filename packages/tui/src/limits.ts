/** Every bound of the screen that is in no room of it. */
export const limits = {
  /** At most four pictures a second. */
  pictureEveryMs: 250,
  /** A key is answered at once; of many within so short a time the last one. */
  keyEveryMs: 50,
  /** How often the time goes on in a picture. */
  tickMs: 1_000,
  /** How often the history is requested again. */
  historyEveryMs: 5_000,
  /** Sentences of the log that are kept, the newest ones. */
  notes: 500,
  /** How long a notice is shown. */
  noticeMs: 8_000,
  /** Attempts of one lineage that are followed. */
  lineageSteps: 1_000,
  /** After so long without a key the list goes back to its top. */
  idleMs: 300_000,
  /** Of a path that is typed, UTF-16 units. */
  typedPathLength: 4_096,
  /** The same of a route's name, and of a filter. */
  typedNameLength: 100,
  typedFilterLength: 200,
  /** How long a free name for an export is waited for, and its writing: a folder may lie on storage that does not answer. */
  findPathDeadlineMs: 5_000,
  writeDeadlineMs: 30_000,
  /** Names that are tried where a file is there already. */
  exportNames: 100,
  /** Days of the history that are drawn, and columns of what a route's outage says. */
  historyDays: 240,
  briefColumns: 30,
  /** Columns of a gauge. */
  gaugeColumns: 22,
  minGaugeColumns: 7,
} as const;
