/** The bounds and times of the demo and of the tour. Only a slow machine needs these times in full. */
export const demoLimits = {
  /** How long recorders write by default, in seconds. */
  demoSeconds: 8,
  tourSeconds: 30,
  /** How long to wait until two copies run. */
  demoStartWithinMs: 60_000,
  tourStartWithinMs: 30_000,
  /** How long the outage lasts. */
  demoOutageMs: 3_000,
  tourOutageMs: 11_000,
  /** How long to wait until everything is copied. In the tour the user may hold a route, so the wait ends. */
  demoCopiedWithinMs: 120_000,
  tourCopiedWithinMs: 60_000,
  /** The percentage of its copies at which the outage of the tour begins. */
  tourPercentAtOutage: 40,
  /** Time to read the text of a step. */
  readMs: 5_000,
  /** Error output of the agent that the tour keeps, in lines. */
  complaints: 20,
  /** How long the tour waits for its agent: for one connection, and until it answers at all. */
  connectMs: 2_000,
  answersWithinMs: 20_000,
  /** How long the agent may take to notice an outage. */
  reactsWithinMs: 10_000,
  /** At the end of the tour: how long until the destination is online, the rest is copied, and the agent has ended. */
  onlineWithinMs: 5_000,
  copiedWithinMs: 90_000,
  endsWithinMs: 30_000,
  /** Timeout of a reply of the stage's agent. */
  stageAnswerMs: 2_000,
  /** After this time an agent that has not ended is killed. */
  killAfterMs: 15_000,
  /** How often a condition is checked. */
  pollMs: 50,
  /** How often a recorder writes, and how fast. */
  recorderTickMs: 100,
  recorderBytesPerSecond: 4_000_000,
  /** Recorders that the user may start (the folder is on a disk that others use), and the seconds that each one writes. */
  startedRecorders: 8,
  startedSeconds: 15,
} as const;
