/** The exit codes of all commands. */
export const exitCode = {
  done: 0,
  notAsAsked: 1,
  badUsage: 2,
  noAgent: 3,
  journalUnusable: 4,
  alreadyRuns: 5,
  hungUp: 129,
  interrupted: 130,
  terminated: 143,
} as const;

/** An expected failure of a command: one clear message and an exit code. */
export class CommandError extends Error {
  override name = 'CommandError';
  readonly exitCode: number;
  /** @param message what failed, on what, and what would be correct */
  constructor(message: string, code: number) {
    super(message);
    this.exitCode = code;
  }
}
