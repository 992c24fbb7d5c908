/** Every bound of this package. */
export const limits = {
  /** How long the holder of a route may take to identify itself. */
  holderAnswerMs: 500,
  /** How long to wait for a holder that is just ending. */
  busyMs: 250,
  /** Bytes of a record of root's agent; one has about a hundred. */
  recordBytes: 4_096,
  /** Bytes of a lock file that are searched for the facts about its holder. */
  factsBytes: 65_536,
} as const;
