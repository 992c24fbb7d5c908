/** Every bound of the command line; those of the demo are in `demo`. */
export const limits = {
  /** How long a command waits for the answer of an agent. */
  agentAnswerMs: 2_000,
  /** How long one request of many names is waited for: a name that the journal does not have is compared with every one that it has. */
  actDeadlineMs: 60_000,
  /** Names of one request, and characters of all of them: a message is bounded, and a shell expands a glob to more names than that. */
  actNames: 500,
  actCharacters: 100_000,
  /** The longest time that an operator may give. */
  steerMs: 3_650 * 86_400_000,
  /** The evidence about a destination is collected by a separate process. */
  evidenceDeadlineMs: 30_000,
  /** How long a source is listed once. */
  surveyDeadlineMs: 30_000,
  /** How long the program of a hook is waited for: it may lie on a share that hangs. */
  hookProbeMs: 10_000,
  /** Characters of a name in a sentence. */
  nameCharacters: 60,
  /** Problems of a kit that are shown: a folder that is not a kit has thousands. */
  kitProblems: 40,
  /** How often the line of progress changes, and how long a command takes until it shows one. */
  progressEveryMs: 250,
  progressAfterMs: 1_000,
  /** How long what an interrupted \`verify\` found right counts. */
  verifyResumeMs: 3_600_000,
  verifyResumeBytes: 67_108_864,
  /** Files of \`safe\` and \`verify\` that are named. */
  namedFiles: 40,
  /** A page of SQLite, by its default. */
  databasePageBytes: 4_096,
  /** Rows that are requested at once. */
  pageRows: 1_000,
  /** Attempts of one name that are shown. */
  shownFiles: 200,
  /** Records of the journal that are read at once. */
  pageRecords: 2_000,
  /** Without --since and --lines: so many lines. */
  lastLines: 50,
  /** The largest number of lines that can be asked for. */
  askedLines: 10_000_000,
  /** Lines that wait for a reader that is slower than what happens. */
  waitingLines: 100_000,
  /** Sentences of `run` that wait for a reader: a burst of a hundred thousand files, for one that is only slower than that. */
  waitingNotesBytes: 67_108_864,
  /** How long that reader is waited for at the end. */
  lastNotesMs: 2_000,
  /** How often `stop` asks whether the agent has ended, and says that it waits. */
  stopPollMs: 100,
  stopReportEveryMs: 10_000,
  /** How long it waits for the process after the last answer: its number may be another's by then, or of another container. */
  processEndsWithinMs: 10_000,
  /** How long an agent in the background may take to its first answer: a journal of millions of entries, on a slow disk. */
  upWithinMs: 60_000,
  upPollMs: 50,
  /** The last of what it said, UTF-16 units. */
  saidLength: 4_000,
  /** What has started a service may not yet say that it runs; after this time it is asked, so often. */
  surelyBegunMs: 2_000,
  askServiceEveryMs: 500,
  /** Seconds of a demo. */
  demoMinSeconds: 4,
  demoMaxSeconds: 600,
  /** Of the reason that an operator gives, and of where they come from, UTF-16 units. */
  reasonLength: 1_000,
  nameLength: 256,
  /** Of the message of a fault, which may hold anything, UTF-16 units. */
  faultLength: 1_000,
  /** How long a reader of the output is waited for at the end, and how often it is asked whether it has room. */
  outputDrainMs: 2_000,
  outputPollMs: 10,
  /** What the executable unpacks is written aside first, and is in place long before this. */
  asideMs: 3_600_000,
} as const;
