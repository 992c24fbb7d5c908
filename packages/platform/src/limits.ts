/** Every bound of this package. */
export const limits = {
  /** Folders that are kept open below one root. */
  openFolders: 32,
  /** How long a folder stays open after its last use. An open folder keeps its share from being unmounted. */
  folderIdleMs: 500,
  /** The path of an open folder is walked again after this time, even if the folder is in use: it may have been moved. */
  folderAgeMs: 5_000,
  /** On a disk of this machine: the largest write that is not handed to another thread, and the size from which a removal is. */
  promptWriteBytes: 131_072,
  /** The same for reads. If two reads in a row took longer than `promptReadMs`, other threads read for `slowReadMs`. */
  promptReadBytes: 131_072,
  promptReadMs: 2,
  slowReadMs: 1_000,
  promptUnlinkBytes: 64 * 1024 * 1024,
  /**
   * Writes past the page cache: from which byte of a file on, and their alignment. A disk that wrote these many bytes more slowly than
   * that (150 MB/s) gets ordinary writes for a while.
   */
  directFromByte: 4 * 1024 * 1024,
  directAlignBytes: 4096,
  directJudgedBytes: 16 * 1024 * 1024,
  directBytesPerMs: 150_000,
  directAgainMs: 10_000,
  /** How long the answer that a folder is on a disk of this machine stays valid. */
  ownDiskAgeMs: 500,
  /** How often the event loop beats, and how late a beat may be before the time counts as a pause. */
  wakingBeatMs: 1_000,
  wakingLateMs: 2_000,
  /** How often a timer checks whether the waking clock runs again. */
  wakingRetryMs: 100,
  /** How often a process checks whether it has memory to return. */
  spareLookMs: 15_000,
  /** Share of a processor core below which a process counts as idle. */
  restShare: 0.1,
  /**
   * By how much the heap has to grow before it is collected; how soon it may be collected again after growing by less than half;
   * and the largest heap that is collected.
   */
  spareBytes: 24 * 1024 * 1024,
  spareAgainMs: 300_000,
  collectedBytes: 640 * 1024 * 1024,
  /** Timeout of a query to the name service. */
  nameServiceDeadlineMs: 3000,
  /** Timeout of a command that says which machine this is. */
  machineDeadlineMs: 5_000,
  /** The longest delay that `setTimeout` accepts. */
  timerMs: 2 ** 31 - 1,
  /** Bytes that Node's stream may queue for a reader that stalls. */
  queuedBytes: 65_536,
  /** How old the result of a stat may be: on FUSE, and on a network filesystem whose options do not say it. */
  fuseCacheMs: 30_000,
  unknownCacheMs: 60_000,
  /** The default `FileInfoCacheLifetime` and `DirectoryCacheLifetime` of Windows' SMB client. */
  windowsShareCacheMs: 10_000,
} as const;
