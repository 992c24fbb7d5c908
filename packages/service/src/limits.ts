/** Every bound of this package. */
export const limits = {
  /** How long a command of the system is waited for. */
  stepDeadlineMs: 120_000,
  /** How long the trial as the user of the service is waited for, and one question about a folder. */
  trialDeadlineMs: 120_000,
  testDeadlineMs: 5_000,
  /** What the agent needs beyond the time for its copies: its children release storage. */
  graceMs: 20_000,
  /** Folders inside one another that are given to another user; deeper than what Sluice makes. */
  givenDepth: 8,
} as const;
