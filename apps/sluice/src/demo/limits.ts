/** Every bound and time of the demo and of the tour. A slow machine needs long for a start; no other one waits for any of it. */
export const demoLimits = {
  /** How long recorders write, where nobody says it, seconds. */
  demoSeconds: 8,
  tourSeconds: 30,
  /** Until two copies run. */
  demoStartWithinMs: 60_000,
  tourStartWithinMs: 30_000,
  /** How long the outage lasts. */
  demoOutageMs: 3_000,
  tourOutageMs: 11_000,
  /** Until everything is copied. What the guest holds in the tour is not waited for forever. */
  demoCopiedWithinMs: 120_000,
  tourCopiedWithinMs: 60_000,
  /** The outage of the tour comes when its copies are so far, percent. */
  tourPercentAtOutage: 40,
  /** Time to read what a step of the tour says. */
  readMs: 5_000,
  /** Complaints of the agent that the tour keeps. */
  complaints: 20,
  /** How long the tour waits for its agent: one connection, and until it answers at all. */
  connectMs: 2_000,
  answersWithinMs: 20_000,
  /** How long the agent may take to see an outage. */
  reactsWithinMs: 10_000,
  /** At the end of the tour: until the destination is online, what is left is copied, and the agent has ended. */
  onlineWithinMs: 5_000,
  copiedWithinMs: 90_000,
  endsWithinMs: 30_000,
  /** How long an answer of the stage's agent is waited for. */
  stageAnswerMs: 2_000,
  /** An agent that has not ended by then is killed. */
  killAfterMs: 15_000,
  /** How often a condition is checked. */
  pollMs: 50,
  /** How often a recorder writes, and how fast. */
  recorderTickMs: 100,
  recorderBytesPerSecond: 4_000_000,
  /** Recorders that the guest starts (the folder is on a disk that others use), and the seconds that each one writes. */
  startedRecorders: 8,
  startedSeconds: 15,
} as const;
