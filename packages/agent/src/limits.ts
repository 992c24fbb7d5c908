/** Every bound of the agent that is not in the configuration. */
export const limits = {
  /** Events in one transaction. No further one is taken once it has this many records: a listing may find very many files. */
  batchEvents: 512,
  batchRecords: 10_000,
  /** The longest time that a transaction waits for more events after a slow one. */
  commitGapMs: 10,
  /** Pause before a refused commit is tried again; doubles up to the last. */
  commitRetryMs: 500,
  commitRetryLastMs: 4_000,
  /** How often a journal that cannot be written is reported again. */
  stallAgainMs: 600_000,
  /** While the journal cannot be written: how long a stop with mode `now` waits for it, and how often a stop checks it. */
  stallStopMs: 1_000,
  /** How often a child sends a heartbeat, and how long it may send nothing before it counts as stuck. */
  heartbeatMs: 1_000,
  silentChildMs: 15_000,
  /** Pause before a lost child is started again; it doubles up to the last one. */
  restartFirstMs: 200,
  restartLastMs: 10_000,
  /** Endings of intake processes in a row that listed nothing, until the source counts as unreadable. */
  intakeEndings: 2,
  /** How long an ending agent waits for a prober that runs a probe. */
  lastWordMs: 1_000,
  /** Retired carriers: processes that lost a call to a hang and still run copies. */
  retiredCarriers: 3,
  /**
   * From how many copies of one carrier on, and after which time, a second one takes small files, up to which size, and how long it
   * may have none before it ends. To start one while a thousand files begin would delay them.
   */
  copiesOfOne: 24,
  secondCarrierAfterMs: 500,
  secondCarrierBytes: 1_048_576,
  secondCarrierIdleMs: 10_000,
  /** Folders of a destination that are known to be complete. */
  completeFolders: 10_000,
  /** Windows per source. In each, one carrier shows others what it has read. */
  windowSeats: 16,
  /**
   * How long after the agent's start, or after the end of its predecessor, a carrier is started, so that it is ready before the
   * first copy.
   */
  prepareCarrierMs: 500,
  /** When the journal is first pruned, how often, and how soon after one piece the next follows. */
  pruneFirstMs: 60_000,
  pruneEveryMs: 3_600_000,
  pruneNextPieceMs: 1_000,
  /** How far the wall clock may be ahead of the journal's newest entry and still decide what is old. */
  clockSlackMs: 86_400_000,
  /** How long a process that removes source files waits for an order before it ends. */
  removerIdleMs: 30_000,
  /** Fresh processes that read back at once. */
  freshReaders: 2,
  /** Files that `adopt` compares with a destination and copies again: one request to its process, and one batch of events. */
  copiedAgain: 5_000,
  /** Files of the journal that are read to find them, in total and at once. */
  copiedAgainRead: 20_000,
  copiedAgainPage: 1_000,
  /** A search over all names of the journal, counted from when the searching process is ready. */
  questionMs: 8_000,
  /** How long that process may take to start. A client waits longer than both limits together. */
  readerStartMs: 30_000,
  /** How long another user's search may still run when the agent's own user asks. */
  questionYieldMs: 2_000,
  /** Searches that wait for the one that runs. */
  questionsWaiting: 16,
  /** The process that searches ends after this without a question. */
  readerIdleMs: 30_000,
  /** Patterns of one request, and wildcards of one pattern. */
  patternsPerRequest: 20,
  patternWildcards: 64,
  /** Records that are read before other requests are handled. */
  recordsAtOnce: 200,
  timelinesAtOnce: 20,
  /** A hook and everything it started is ended after this. */
  hookDeadlineMs: 60_000,
  /** From this duration on, a `before_probe` that runs is in the log. The probe of a known destination waits for as long. */
  hookSlowMs: 10_000,
  /** How long the agent waits for a hook to end after it was killed. */
  hookKillMs: 5_000,
  /** How long the process that ends what is left of a hook may take, and when another one is started if it did not answer. */
  remnantsMs: 30_000,
  remnantsAgainMs: 10_000,
  /** How long an ending agent waits until what is left of its hooks is ended. What is left after that, its next life ends. */
  remnantsLastMs: 3_000,
  /** Shortest time between two starts of `on_attention`. */
  hookEveryMs: 60_000,
  /** Events within this time are reported by one call of a hook. */
  hookGatherMs: 1_000,
  /** How often `before_probe` is recorded while it ends in the same way each time. */
  hookAgainMs: 600_000,
  /** Largest number of conditions in one call of `on_attention`, and of files that one condition names. */
  hookConditions: 100,
  hookFiles: 20,
  /** Largest number of finished files in one call of `on_done`, and of files that wait for one. Each takes about a kilobyte. */
  doneBatch: 1_000,
  doneWaiting: 20_000,
  /**
   * The disk of the state folder: how often its free space is read, below which amount it counts as nearly full, and above which
   * no more.
   */
  stateDiskEveryMs: 30_000,
  stateDiskLowBytes: 200_000_000,
  stateDiskEnoughBytes: 300_000_000,
  /** How long a hook may still run when the agent ends. */
  hookEndMs: 5_000,
  /** How long the agent then waits for its process to end after it was killed. */
  hookLastMs: 500,
  /** Length of the summary that a hook gets, and of the end of its standard error that is logged; UTF-16 units. */
  hookTextLength: 2_000,
  hookDiagnosisLength: 500,
  /** Pauses before a stalled reader of the log is tried again: short ones for a reader that only empties its pipe. */
  logRetryFirstMs: 5,
  logRetryLastMs: 100,
  /** How long an ending agent waits for that reader, and how often it tries meanwhile. */
  logDrainMs: 200,
  logDrainPauseMs: 10,
  /**
   * Written pieces of the log that are kept until they are removed together. Removing them one by one would move all waiting
   * pieces each time.
   */
  logWrittenPieces: 1_000,
  /** Bytes of a line for people. A pipe accepts this much in one piece or not at all. */
  logLineBytes: 4000,
  /** Length of the message in a line of JSON, UTF-16 units. The whole line may have four times as many. */
  logMessageLength: 16_384,
  /** Lines of JSON that are written at once, UTF-16 units. The last of them may exceed it. */
  logTogetherLength: 32_768,
  /** Records that are read at once for the newest sentences. A client that needs fewer does not wait for more. */
  noteRecords: 200,
  /** Attempts that one request may refer to. A reply is one piece. */
  meantAttempts: 5_000,
  /** Names that are looked up before other requests are handled. A glob is compared with every name of the journal. */
  namesAtOnce: 10,
  /** Files that one request for a name finds. */
  foundFiles: 200,
  /** The newest copies of a route that are looked for as evidence about a destination, and the names of missing ones in a reply. */
  evidenceCopies: 20,
  evidenceMissing: 20,
  /** The files of one `clear`: how many it deletes, how many of them are ordered at once, and how many its reply names. */
  clearFiles: 100_000,
  clearAtOnce: 500,
  clearNames: 1_000,
  /** How often `clear` checks whether they are deleted, and how long it waits without progress. */
  clearPollMs: 200,
  clearSilentMs: 60_000,
  /** How long the request may take to reach core. */
  clearTakenMs: 5_000,
  /** Largest number of leftovers in one reply. */
  leftovers: 1_000,
  /** How often `--until-idle` checks whether anything is left to do. */
  idleCheckMs: 100,
  /** How long the answer to a reload waits until the journal has it. */
  reloadCommitMs: 5_000,
  /** Number of messages to the service manager that may wait, and how long sending one may take. */
  notesWaiting: 8,
  notifyDeadlineMs: 10_000,
  /** How often the service manager gets the verdict, and the number of signs of life within the time of its watchdog. */
  serviceStatusMs: 10_000,
  signsPerWatchdog: 3,
  /** How often the file of metrics is replaced. */
  metricsEveryMs: 15_000,
} as const;
