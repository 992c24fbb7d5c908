/** Every bound of a text for people. */
export const limits = {
  /** Characters shown of a value that comes from outside, such as a name or a reason, and of the whole text of an event. */
  valueLength: 200,
  eventLength: 600,
  /** A trouble that is recorded again says for how long it lasts from this time on. */
  repeatedMs: 60_000,
  /** Of what a selection leaves out: rows, examples of one row, and characters of a path. */
  selectionRows: 6,
  selectionExamples: 3,
  selectionPath: 60,
  /** Lines of a status, names in one of them, and characters of a reason. */
  statusLines: 12,
  statusExamples: 3,
  statusReason: 80,
} as const;
