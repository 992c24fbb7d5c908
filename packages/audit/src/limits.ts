/** Every bound of an audit. */
export const limits = {
  /** Files in one message. */
  batchFiles: 500,
  /** How often progress is reported, milliseconds. */
  progressEveryMs: 250,
  /** Records that are read from the journal at once. */
  pageRows: 500,
  /** Steps in which filesystems keep times: FAT two seconds, HFS+ and old NFS one, exFAT 10 ms, others 1 ms or 1 µs, NTFS 100 ns. */
  timeStepsNs: [2_000_000_000n, 1_000_000_000n, 10_000_000n, 1_000_000n, 1_000n, 100n],
  /** A time is set by a floating-point number of seconds, which is off by 120 ns at most. */
  setTimeErrorNs: 200n,
  /** Files of the right size and time that are read to find one that was renamed. */
  renameCandidates: 5,
  /** Names of files that were left alone by a pattern of the route, and of what cannot be read. */
  namedPaths: 10_000,
  /** How long the links in the path of a source may take to be followed, milliseconds. */
  realPathMs: 5_000,
  /** Renamed files are looked for as long as no more than this are missing. */
  missingToFind: 1_000,
} as const;
