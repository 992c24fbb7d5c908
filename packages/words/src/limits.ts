/** The bounds of texts for people. */
export const limits = {
  /** Characters of a value that comes from outside, such as a name or a reason, and of the whole text of an event. */
  valueLength: 200,
  eventLength: 600,
  /** Number of lines that are shown of a hook's standard error. */
  hookLines: 3,
  /** From this duration on, a command `before_probe` that runs is shown. Most mount commands end sooner. */
  beforeProbeShownMs: 2_000,
  /** From this duration on, a repeated record of the same trouble says how long it has lasted. */
  repeatedMs: 60_000,
  /** Bounds of the list of files that a selection leaves out: rows, examples in one row, and characters of a path. */
  selectionRows: 6,
  selectionExamples: 3,
  selectionPath: 60,
  /** Other routes with trouble that the verdict names. */
  verdictNames: 3,
  /** Lines of a status, names in one of them, and characters of a reason. */
  statusLines: 12,
  statusExamples: 3,
  statusReason: 80,
} as const;
