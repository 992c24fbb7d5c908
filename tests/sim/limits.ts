/** The assumptions of the simulator. */
export const limits = {
  /** Disks that a destination may have had. */
  disks: 4,
  /** Number of files in one batch of small files. */
  batchFiles: 40,
  /** Bytes of a name on every common filesystem. */
  nameBytes: 255,
  /** How late a listing may be: it was lost with its process, or no agent ran. */
  lateListingMs: 12_000,
  /** How late a wait may end: a probe has to be answered first, or a pause of the agent has to be noticed. */
  lateWaitMs: 15_000,
  /** How long a back-off of an earlier life may be if the wall clock was set back meanwhile. */
  recalledBackoffMs: 60_000,
  /**
   * How long after a fault of the storage the fault may still be detected, in waking time of the agent: somewhat more than a
   * probe's deadline.
   */
  afterTroubleMs: 13_000,
  /** How long another disk may go unnoticed, in waking time of the agent: until the next probe is sent and answered. */
  strangeDiskMs: 25_000,
  /** How long it may take, after all faults, until a disk is recognized: the agent may be paused for most of it. */
  settledDiskMs: 120_000,
  /** How long it may take until a route that comes back is there: the agent may be paused for most of it. */
  reloadMs: 90_000,
  /** Records that an hour without events may write for each tracked file. */
  peaceRecordsPerFile: 4,
  /** Sweeps since the gate last opened whose file is gone, or whose answer was lost with a carrier. */
  lostSweeps: 100,
} as const;
