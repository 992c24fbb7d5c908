/** What the simulator takes for granted. */
export const limits = {
  /** Disks that a destination may have had. */
  disks: 4,
  /** Bytes of a name on every common filesystem. */
  nameBytes: 255,
  /** A listing may be so much later than it is due: it was lost with its process, or the agent was down. */
  lateListingMs: 12_000,
  /** A wait may end so much later than it was to last: a probe has to be answered first, or a pause of the agent be noticed. */
  lateWaitMs: 15_000,
  /** A back-off of an earlier life may be this long where the wall clock was set back meanwhile. */
  recalledBackoffMs: 60_000,
  /** So long after storage was in trouble, in waking time of the agent, that trouble may still be found out: a probe's deadline, and some. */
  afterTroubleMs: 13_000,
  /** So long, in waking time of the agent, another disk may go unnoticed: until the next probe is sent and answered. */
  strangeDiskMs: 25_000,
  /** So long it may take, when all faults are over, until a disk is recognized: the agent may be paused for most of it. */
  settledDiskMs: 120_000,
  /** Records that an hour of peace may write for each file that was ever tracked. */
  peaceRecordsPerFile: 4,
  /** Sweeps whose file is gone, or whose answer was lost with a carrier, since the gate last opened. */
  lostSweeps: 100,
} as const;
