/** Every bound of an audit. */
export const limits = {
  /** Files in one message. */
  batchFiles: 500,
  /** How often progress is reported, milliseconds. */
  progressEveryMs: 250,
  /** Records that are read from the journal in one query. */
  pageRows: 500,
  /** Resolutions of file times: FAT two seconds, HFS+ and old NFS one, exFAT 10 ms, others 1 ms or 1 µs, NTFS 100 ns. */
  timeStepsNs: [2_000_000_000n, 1_000_000_000n, 10_000_000n, 1_000_000n, 1_000n, 100n],
  /** A time is set as a floating-point number of seconds, whose error is at most 120 ns. */
  setTimeErrorNs: 200n,
  /** Files of the right size and time that are read to find a renamed one. */
  renameCandidates: 5,
  /** Paths that are named: files that a pattern of the route leaves alone, and paths that cannot be read. */
  namedPaths: 10_000,
  /** How long resolving the links in the path of a source may take, milliseconds. */
  realPathMs: 5_000,
  /** Renamed files are searched for if at most this many are missing. */
  missingToFind: 1_000,
  /** Copies that differ for which another copy is searched for, and how many other copies are read. */
  otherCopiesSought: 10_000,
  otherCopiesRead: 100,
} as const;
