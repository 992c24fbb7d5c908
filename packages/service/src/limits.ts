/** Every bound of this package. */
export const limits = {
  /** Timeout of a command of the system. */
  stepDeadlineMs: 120_000,
  /** Timeout of the trial as the user of the service, and of one question about a folder. */
  trialDeadlineMs: 120_000,
  testDeadlineMs: 5_000,
  /** The time that the agent needs to stop in addition to `stop_after`: its children release the storage. */
  graceMs: 20_000,
  /** Depth of nested folders that are given to another user; more than Sluice creates. */
  givenDepth: 8,
} as const;
