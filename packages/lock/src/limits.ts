/** Every bound of this package. */
export const limits = {
  /** How long the holder of a route is given to say who it is. */
  holderAnswerMs: 500,
  /** How long a holder that is just ending is waited for. */
  busyMs: 250,
  /** Longest record of root's; one is about a hundred bytes. */
  recordBytes: 4_096,
  /** Of the file of a lock that is searched for the facts about its holder. */
  factsBytes: 65_536,
} as const;
