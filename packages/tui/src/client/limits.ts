/** The bounds of the screen's side of the link. */
export const linkLimits = {
  /** The pause before the next attempt to find a lost agent. It doubles up to the last. */
  againFirstMs: 250,
  againLastMs: 5_000,
  /** The pause before a connected agent is asked whether it still answers, and how long its answer may take. */
  pingEveryMs: 3_000,
  pingDeadlineMs: 7_000,
  /** Messages that are kept until there is a listener. */
  earlyMessages: 1_000,
  /** Timeout for the evidence about a destination, which a separate process collects. */
  evidenceDeadlineMs: 30_000,
  /** Timeout for a search of all ended files: the agent may have to start a process for it. */
  searchDeadlineMs: 45_000,
  /** Attempts of one lineage that are shown, around the requested one. */
  attempts: 20,
  /** Earlier log lines that are requested once for each connection. */
  logged: 50,
  /** Lines of one page of the log. */
  logPage: 200,
  /** Ended files of the history, and how many of them one reply brings. */
  historyFiles: 5_000,
  historyPiece: 500,
  /** Local days for which the history has a sum each. */
  historyDays: 240,
} as const;
