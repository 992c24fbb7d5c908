/** Every bound of what the agent does for its screens. */
export const screenLimits = {
  /** Units of work of one turn of the loop. A unit is one file put into one order, and takes a few microseconds. */
  sliceUnits: 750,
  /** The longest time of a slice. On a slow machine, or during garbage collection, a slice does less. */
  sliceMs: 4,
  /** Turns between two frames while there is more work. */
  slicesBetweenFrames: 4,
  /**
   * How long an answer waits for its list to be complete. Then the rows found so far are shown, and the others are reported
   * later.
   */
  answerMs: 1_000,
  /** The same for the first answer, because the screen is empty until then. The visible rows are read first. */
  firstAnswerMs: 50,
  /** The shortest time between two changes that are sent to a watcher. */
  deltaEveryMs: 250,
  /** Files that are compared with core's in one round, for changes that are not journaled. The rounds cover all files. */
  sweepFiles: 250,
  /** Running and growing files that are compared in every round. */
  movingFiles: 500,
  /** The number and age of listed files that core has dropped. */
  endedFiles: 100_000,
  endedMs: 86_400_000,
  /** Files that one query of the journal returns. */
  endedPiece: 100,
  /** Rows, and records of ended files, that are kept between two frames: enough for the windows of all possible clients. */
  keptRows: 8_000,
  /** Records that are read for a window in one turn. */
  readRecords: 40,
  /** How often the progress of running copies is read, for the throughput. */
  meterEveryMs: 1_000,
  /** Different problems with the journal that are reported. Further ones are not. */
  reportedTroubles: 20,
  /** The throughput is kept in this many pieces of this length. */
  throughputPieceMs: 10_000,
  throughputPieces: 60,
  /** Number of pieces in the newest average, and the shortest time that gives a meaningful one. */
  recentPieces: 3,
  recentLeastMs: 5_000,
} as const;
