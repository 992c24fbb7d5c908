/** What the simulator takes for granted. */
export const limits = {
  /** Bytes of a name on every common filesystem. */
  nameBytes: 255,
  /** A listing may be so much later than it is due: it was lost with its process, or the agent was down. */
  lateListingMs: 12_000,
  /** So long after storage was in trouble, in waking time of the agent, that trouble may still be found out: a probe's deadline, and some. */
  afterTroubleMs: 13_000,
  /** Records that an hour of peace may write for each file that was ever tracked. */
  peaceRecordsPerFile: 4,
  /** Sweeps whose file is gone, or whose answer was lost with a carrier, since the gate last opened. */
  lostSweeps: 100,
} as const;
