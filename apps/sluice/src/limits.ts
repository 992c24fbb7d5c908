/** The bounds of the command line. Those of the demo are in `demo`. */
export const limits = {
  /** How long a command waits for the reply of an agent. */
  agentAnswerMs: 2_000,
  /** Timeout of a request that searches all names: the agent may have to start a process for it. */
  searchAnswerMs: 45_000,
  /** How long a request with many names may take. A name that is not in the journal is compared with all names in it. */
  actDeadlineMs: 60_000,
  /**
   * Names in one request, and characters of all of them. A message has a size limit, and a shell may expand a glob to more names.
   */
  actNames: 500,
  actCharacters: 100_000,
  /** The longest time that an operator may give. */
  steerMs: 3_650 * 86_400_000,
  /** Timeout for a reload: the agent resolves every folder, and one on a mount that hangs takes two seconds. */
  reloadDeadlineMs: 120_000,
  /** Timeout for the evidence about a destination, which a separate process collects. */
  evidenceDeadlineMs: 30_000,
  /** How long `clear` waits for the agent, which lists a source, compares all copies and deletes. */
  clearDeadlineMs: 86_400_000,
  /** How often `leftovers remove` asks whether the removal has ended, and how long it waits. */
  leftoverPollMs: 200,
  leftoverWaitMs: 60_000,
  /** Timeout for listing a source once. */
  surveyDeadlineMs: 30_000,
  /** Timeout for finding the program of a hook, which may lie on a share that hangs. */
  hookProbeMs: 10_000,
  /** Characters of a name in a sentence. */
  nameCharacters: 60,
  /** Problems of a kit that are shown. A folder that is not a kit has thousands. */
  kitProblems: 40,
  /** How often the progress line is updated. */
  progressEveryMs: 250,
  /** How long a command runs before it shows its progress. */
  progressAfterMs: 1_000,
  /** How long the results of an interrupted `verify` count. */
  verifyResumeMs: 3_600_000,
  /** The size of the file with those results. */
  verifyResumeBytes: 67_108_864,
  /** Such files that are kept, one for each set of arguments. */
  verifyResumeFiles: 20,
  /** Files that `safe` and `verify` name. */
  namedFiles: 40,
  /** Largest number of files that the screen names when a source must not be cleared. */
  screenNamedFiles: 2_000,
  /** The default page size of SQLite. */
  databasePageBytes: 4_096,
  /** How long a running agent may take to remove old records, a small part at a time. */
  pruneDeadlineMs: 600_000,
  /** Rows that are requested at once. */
  pageRows: 1_000,
  /** Attempts of one name that are shown. */
  shownFiles: 200,
  /** Records of the journal that are read at once. */
  pageRecords: 2_000,
  /** Lines that are shown without --since and --lines. */
  lastLines: 50,
  /** The largest value of --lines. */
  askedLines: 10_000_000,
  /** Lines that wait for a reader that is slower than the events. */
  waitingLines: 100_000,
  /** Bytes of `run` that wait for a reader: enough for a burst of a hundred thousand files, if the reader is only slow. */
  waitingNotesBytes: 67_108_864,
  /** How long that reader is waited for at the end. */
  lastNotesMs: 2_000,
  /** How often `stop` asks whether the agent has ended, and reports that it waits. */
  stopPollMs: 100,
  stopReportEveryMs: 10_000,
  /**
   * How long it waits for the process after the last reply. Its number may belong to another process by then, or to another
   * container.
   */
  processEndsWithinMs: 10_000,
  /** How long an agent in the background may take to its first reply: it may have a journal of millions of entries on a slow disk. */
  upWithinMs: 60_000,
  upPollMs: 50,
  /** UTF-16 units that are kept of the end of its output. */
  saidLength: 4_000,
  /** A service manager that has just started a service may not report yet that it runs. After this time it is asked, this often. */
  surelyBegunMs: 2_000,
  askServiceEveryMs: 500,
  /** Seconds of a demo. */
  demoMinSeconds: 4,
  demoMaxSeconds: 600,
  /** UTF-16 units of the reason that an operator gives, and of the origin. */
  reasonLength: 1_000,
  nameLength: 256,
  /** UTF-16 units of the message of a fault, which may contain anything. */
  faultLength: 1_000,
  /** How long a reader of the output is waited for at the end, and how often its room is checked. */
  outputDrainMs: 2_000,
  outputPollMs: 10,
  /** Age after which a temporary file of an unpacking is left over. Unpacking takes much less. */
  asideMs: 3_600_000,
} as const;
