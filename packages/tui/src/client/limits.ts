/** Every bound of the screen's side of the link. */
export const linkLimits = {
  /** Pause before the next attempt to find a lost agent; doubles up to the last. */
  againFirstMs: 250,
  againLastMs: 5_000,
  /** Messages that are kept until somebody listens. */
  earlyMessages: 1_000,
  /** The evidence about a destination is collected by a separate process. */
  evidenceDeadlineMs: 30_000,
  /** A search over all that ended: the agent may have to start a process for it. */
  searchDeadlineMs: 45_000,
  /** Attempts of one lineage that are shown, around the one that is asked for. */
  attempts: 20,
  /** Sentences that were logged before there was a line, asked for once a line. */
  logged: 50,
  /** Ended files of the history, and how many of them one answer brings. */
  historyFiles: 5_000,
  historyPiece: 500,
  /** Local days back of which the history has a sum each. */
  historyDays: 240,
} as const;
