/** Every bound of this package that is not in the configuration. */
export const limits = {
  /** How often it is checked whether a call of the source is silent. */
  silenceEveryMs: 500,
  /** Free bytes change all the time: they are reported at most this often. */
  freeBytesEveryMs: 5_000,
  /** What the system notices is collected for so long, and up to so many paths; the next listing sees all of more. */
  coalesceMs: 100,
  noticedPaths: 1_000,
  /** Entries of one message to the agent. */
  batchEntries: 1_000,
  /** Entries that are put in the order of their paths before they are sent: some tenths of a second of work. */
  sortedEntries: 200_000,
  /** Clocks differ; a time that is further ahead is a wrong date, and would make an empty file young for years. */
  aheadMs: 86_400_000,
  /** Folders that cannot be read, and are remembered one by one. */
  unreadFolders: 1_000,
  /** Folders read at once. */
  foldersAtOnce: 4,
  /** Entries whose metadata is read before other work of this process has its turn, where no call takes long. */
  entriesAtATime: 500,
  /** So long after its last change a later one has another time, on every filesystem: FAT counts in steps of two seconds. */
  stampRestMs: 3_000,
  /** In a folder with more names than this a quick listing examines only new ones. */
  sameNames: 1_000,
  /** Files and folders that are named for one rule, and files with invalid names. */
  ruleExamples: 5,
  invalidExamples: 5,
  /** Of a path in a sentence, characters. */
  shownPath: 200,
  /** Rows, and patterns that matched nothing, that are reported. */
  tallyRows: 50,
} as const;
