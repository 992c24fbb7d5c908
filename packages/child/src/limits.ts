/** The bounds of this package that its callers do not set. */
export const limits = {
  /** Bytes that are kept of the end of a child's standard error. */
  diagnosisBytes: 8_192,
  /** Characters that are quoted of a message that a child must not send. */
  strangeLength: 300,
  /** Messages and bytes that a child may leave unread before it counts as stuck. */
  queuedMessages: 10_000,
  queuedBytes: 64 * 1024 * 1024,
  /** The maximum time between two reports of a child about what it is doing. */
  heartbeatMs: 1_000,
  /** How long to wait after the exit of a child for the rest of its messages and its standard error. */
  lastWordsMs: 1_000,
  /** How long children of an earlier life get to end. A start waits for them, and one that hangs does not end. */
  earlierLifeMs: 250,
  /** How often this is checked. */
  earlierLifeCheckMs: 20,
  /** How often what is left of a hook is listed and ended, and how long it may take to end before it is listed again. */
  remnantRounds: 100,
  remnantPauseMs: 20,
} as const;
