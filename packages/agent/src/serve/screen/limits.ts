/** Every bound of what the agent does for its screens. */
export const screenLimits = {
  /** Work of one turn of the loop; one unit is one file put into one order, a few microseconds. */
  sliceUnits: 750,
  /** The same, by the clock: where the machine is slow or the memory is being cleaned up, a slice does less. */
  sliceMs: 4,
  /** Turns between two frames while there is more work. */
  slicesBetweenFrames: 4,
  /** An answer waits so long until its list is complete; then what is in it by then is shown, and what comes is reported. */
  answerMs: 1_000,
  /** The first answer, which a person waits for with an empty screen. The visible rows are read first. */
  firstAnswerMs: 50,
  /** A watcher is informed of changes at most so often. */
  deltaEveryMs: 250,
  /** Files that are compared with core's in one round, for changes that are not journaled; every file gets its turn. */
  sweepFiles: 250,
  /** Running and growing files that are compared in every round. */
  movingFiles: 500,
  /** Files that core has dropped, as far back as `endedMs`, and of which at most so many are listed. */
  endedFiles: 100_000,
  endedMs: 86_400_000,
  /** Files that one question to the journal brings. */
  endedPiece: 100,
  /** Rows, and records of ended files, that are kept from one frame to the next: the windows of all clients that there may be. */
  keptRows: 8_000,
  /** Records that one turn reads for a window. */
  readRecords: 40,
  /** How often running copies are asked how far they are, for the throughput. */
  meterEveryMs: 1_000,
  /** Different troubles with the journal that are reported; further ones are not. */
  reportedTroubles: 20,
  /** The throughput is kept in pieces of this length, and of so many of them. */
  throughputPieceMs: 10_000,
  throughputPieces: 60,
  /** Pieces that make the newest average, and the least time that says anything. */
  recentPieces: 3,
  recentLeastMs: 5_000,
} as const;
