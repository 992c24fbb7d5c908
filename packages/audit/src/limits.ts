/** Every bound of an audit. */
export const limits = {
  /** Files in one message. */
  batchFiles: 500,
  /** How often progress is reported, milliseconds. */
  progressEveryMs: 250,
  /** Records that are read from the journal at once. */
  pageRows: 500,
  /** A modification time at the destination may be rounded by so much: FAT keeps every second one. */
  roundedTimeNs: 2_000_000_000n,
  /** Files of the right size and time that are read to find one that was renamed. */
  renameCandidates: 5,
  /** Names of files that were left alone by a pattern of the route, and of what cannot be read. */
  namedPaths: 10_000,
  /** How long the links in the path of a source may take to be followed, milliseconds. */
  realPathMs: 5_000,
  /** Renamed files are looked for as long as no more than this are missing. */
  missingToFind: 1_000,
} as const;
