/** Every bound of this package. */
export const limits = {
  /** Folders that are kept open below one root. */
  openFolders: 32,
  /** After its last use. An open folder keeps its share from being unmounted. */
  folderIdleMs: 500,
  /** A kept folder is walked to again after this time, however much it is used: it may have been moved. */
  folderAgeMs: 5_000,
  /** On a disk of this machine: the largest write that is not handed to another thread, and the largest file that is removed so. */
  promptWriteBytes: 131_072,
  promptUnlinkBytes: 64 * 1024 * 1024,
  /** How old what is known of a folder may be: that it lies on a disk of this machine. */
  ownDiskAgeMs: 500,
  /** How often the event loop shows that it runs, and how late that may be before the time counts as a pause. */
  wakingBeatMs: 1_000,
  wakingLateMs: 2_000,
  /** How often a timer looks whether the waking clock goes on. */
  wakingRetryMs: 100,
  /** How often a process sees whether it has memory to give back. */
  spareLookMs: 15_000,
  /** Of a processor core: a process that uses less is at rest. */
  restShare: 0.1,
  /** By how much its heap has to grow, how soon it may be collected again where it has grown by less than half, and the largest one that is. */
  spareBytes: 24 * 1024 * 1024,
  spareAgainMs: 300_000,
  collectedBytes: 640 * 1024 * 1024,
  /** How long the name service is waited for. */
  nameServiceDeadlineMs: 3000,
  /** How long a command is waited for that says which machine this is. */
  machineDeadlineMs: 5_000,
  /** `setTimeout` takes no more. */
  timerMs: 2 ** 31 - 1,
  /** What Node's stream may hold for a reader that stalls. */
  queuedBytes: 65_536,
  /** How old what a stat says may be: on FUSE, and on a network filesystem whose options do not say it. */
  fuseCacheMs: 30_000,
  unknownCacheMs: 60_000,
  /** `FileInfoCacheLifetime` and `DirectoryCacheLifetime` of Windows' SMB client, where nobody has changed them. */
  windowsShareCacheMs: 10_000,
} as const;
