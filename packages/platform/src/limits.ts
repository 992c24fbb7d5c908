/** Bounds of the folders that are kept open below one root. */
export const limits = {
  openFolders: 32,
  /** After its last use. An open folder keeps its share from being unmounted. */
  folderIdleMs: 500,
  /** A kept folder is walked to again after this time, however much it is used: it may have been moved. */
  folderAgeMs: 5_000,
} as const;
