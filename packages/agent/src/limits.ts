/** Every bound of the agent that is not in the configuration. */
export const limits = {
  /** Events that go into one transaction. */
  batchEvents: 512,
  /** The longest time that a transaction waits for more events after a slow one. */
  commitGapMs: 10,
  /** Pause before a refused commit is tried again; doubles up to the last. */
  commitRetryMs: 500,
  commitRetryLastMs: 4_000,
  /** A journal that cannot be written is reported again after this. */
  stallAgainMs: 600_000,
  /** While it is, how long a stop without time waits for it, and how often a stop looks whether it can be written. */
  stallStopMs: 1_000,
  /** How long a child may say nothing before it counts as stuck. */
  heartbeatMs: 1_000,
  silentChildMs: 15_000,
  /** Pause before a lost child of a kind is started again; doubles up to the last. */
  restartFirstMs: 200,
  restartLastMs: 10_000,
  /** Endings of intake processes in a row that listed nothing, until the source counts as unreadable. */
  intakeEndings: 2,
  /** How long an ending agent waits for a prober that is in the middle of a question. */
  lastWordMs: 1_000,
  /** Carriers that lost a call to a hang and still have copies in hand. */
  retiredCarriers: 3,
  /** Windows of one source, each of which one carrier shows others what it has read in. */
  windowSeats: 16,
  /** A carrier is started so long after the agent, or after its predecessor ended: ready before the first copy. */
  prepareCarrierMs: 500,
  /** When the journal is pruned first, how often, and how soon after a piece the next follows. */
  pruneFirstMs: 60_000,
  pruneEveryMs: 3_600_000,
  pruneNextPieceMs: 1_000,
  /** How far the wall clock may be ahead of the journal's newest entry and still say what is old. */
  clockSlackMs: 86_400_000,
  /** Fresh processes that read back at once. */
  freshReaders: 2,
  /** Files that `adopt` compares with a destination and has copied again: one request to its process, and one batch of events. */
  copiedAgain: 5_000,
  /** Files of the journal that are read to find them, and those that are read at once. */
  copiedAgainRead: 20_000,
  copiedAgainPage: 1_000,
  /** A search over all names of the journal, from when the process that searches is ready. */
  questionMs: 8_000,
  /** How long that process may take to start; a client waits longer than both. */
  readerStartMs: 30_000,
  /** What a search of others may still take when the agent's own user asks. */
  questionYieldMs: 2_000,
  /** Searches that wait for the one that runs. */
  questionsWaiting: 16,
  /** The process that searches ends after this without a question. */
  readerIdleMs: 30_000,
  /** Patterns of one request, and wildcards of one pattern. */
  patternsPerRequest: 20,
  patternWildcards: 64,
  /** Records that are read before others get their turn. */
  recordsAtOnce: 200,
  timelinesAtOnce: 20,
  /** A hook and everything it started is ended after this. */
  hookDeadlineMs: 60_000,
  /** Between two starts of one hook. */
  hookEveryMs: 10_000,
  /** What a hook is given when the agent ends. */
  hookEndMs: 5_000,
  /** Of the summary that a hook gets, and of the end of its standard error that is logged; UTF-16 units. */
  hookTextLength: 2_000,
  hookDiagnosisLength: 500,
  /** Pauses before a reader of the log that stalls is tried again: short ones for one that only empties its pipe. */
  logRetryFirstMs: 5,
  logRetryLastMs: 100,
  /** How long an ending agent waits for that reader, and how often it tries meanwhile. */
  logDrainMs: 200,
  logDrainPauseMs: 10,
  /** Pieces of the log that are written and still kept; each costs a move of all that wait if they are let go one by one. */
  logWrittenPieces: 1_000,
  /** Bytes of a line for people; a pipe accepts this much in one piece or not at all. */
  logLineBytes: 4000,
  /** Of the message in a line of JSON, UTF-16 units; the whole line may have four times as many. */
  logMessageLength: 16_384,
  /** Lines of JSON that are written at once, UTF-16 units; the last of them may go beyond it. */
  logTogetherLength: 32_768,
  /** Records that are read at once for the newest sentences; a client that needs fewer does not wait for more. */
  noteRecords: 200,
  /** Attempts that one request may stand for; a reply has to be taken in one piece. */
  meantAttempts: 5_000,
  /** Names that are looked up before others get their turn: a glob is held against every name of the journal. */
  namesAtOnce: 10,
  /** Files that one question about a name finds. */
  foundFiles: 200,
  /** The newest copies of a route whose presence is evidence for a destination, and the names of missing ones that a reply holds. */
  evidenceCopies: 20,
  evidenceMissing: 20,
  /** How often `--until-idle` looks whether anything is left to do. */
  idleCheckMs: 100,
  /** How long the answer to a reload waits for the journal. */
  reloadCommitMs: 5_000,
  /** Messages to the service manager that wait for the one that is being sent, and how long that may take. */
  notesWaiting: 8,
  notifyDeadlineMs: 10_000,
  /** How often the service manager gets a new verdict, and how many signs of life in the time of its watchdog. */
  serviceStatusMs: 10_000,
  signsPerWatchdog: 3,
  /** How often the file of metrics is replaced. */
  metricsEveryMs: 15_000,
} as const;
