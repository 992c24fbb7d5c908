/** The bounds of this package that are not in the configuration. */
export const limits = {
  /** How often the silence of the source is checked. */
  silenceEveryMs: 500,
  /** The least time between two reports of free bytes, which change all the time. */
  freeBytesEveryMs: 5_000,
  /** How long events of the system are collected, and up to how many paths. With more, the next listing finds them. */
  coalesceMs: 100,
  noticedPaths: 1_000,
  /** Entries of one message to the agent. */
  batchEntries: 1_000,
  /** Entries that are sorted by path before they are sent, which takes some tenths of a second. */
  sortedEntries: 200_000,
  /**
   * How far a time may be ahead. Clocks differ, but a time beyond this is wrong, and would make an empty file count as new for
   * years.
   */
  aheadMs: 86_400_000,
  /** Unreadable folders that are remembered one by one. */
  unreadFolders: 1_000,
  /** Folders read at once. */
  foldersAtOnce: 4,
  /** Entries whose metadata is read before other work of this process runs, on a disk where no call takes long. */
  entriesAtATime: 500,
  /** Calls to such a disk after which the clock is read that shows for how long one has not returned. */
  callsPerSign: 32,
  /**
   * The time after which a change gets another timestamp than the last one on every filesystem. FAT counts in steps of two
   * seconds.
   */
  stampRestMs: 3_000,
  /** In a folder with more names than this, a quick listing examines only new ones. */
  sameNames: 1_000,
  /** Largest number of files with the hidden name of a removal that one listing reports. */
  asideFiles: 1_000,
  /** Files and folders that are named for one rule, and files with invalid names. */
  ruleExamples: 5,
  invalidExamples: 5,
  /** Characters of a path in a sentence. */
  shownPath: 200,
  /** Rows that are reported, and patterns that matched nothing. */
  tallyRows: 50,
} as const;
