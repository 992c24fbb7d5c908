/** Every bound of this package. */
export const limits = {
  /** Folders that are kept open below one root. */
  openFolders: 32,
  /** After its last use. An open folder keeps its share from being unmounted. */
  folderIdleMs: 500,
  /** A kept folder is walked to again after this time, however much it is used: it may have been moved. */
  folderAgeMs: 5_000,
  /** How often the event loop shows that it runs, and how late that may be before the time counts as a pause. */
  wakingBeatMs: 1_000,
  wakingLateMs: 2_000,
  /** How often a timer looks whether the waking clock goes on. */
  wakingRetryMs: 100,
} as const;
