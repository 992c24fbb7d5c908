/** Every bound of this package that its callers do not set. */
export const limits = {
  /** The last of a child's standard error. */
  diagnosisBytes: 8_192,
  /** Of a message that a child never sends, in what is said of its end. */
  strangeLength: 300,
  /** Messages and bytes that a child may leave unread before it is called stuck. */
  queuedMessages: 10_000,
  queuedBytes: 64 * 1024 * 1024,
  /** A child says at least so often what it is doing. */
  heartbeatMs: 1_000,
  /** After the exit itself, for the rest of its messages and of its standard error. */
  lastWordsMs: 1_000,
  /** What an earlier life left running is given so long to end; a start waits for it, and what hangs does not end. */
  earlierLifeMs: 250,
  /** How often it is checked meanwhile. */
  earlierLifeCheckMs: 20,
} as const;
