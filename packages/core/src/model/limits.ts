/** Every bound of core that is not in the configuration. */
export const limits = {
  /** Paths in one check. For more, a full listing is cheaper. */
  checkPaths: 256,
  /** Files of the journal that one step visits to find those that were not seen at the source. */
  confirmedFiles: 2_000,
  /** Files to which one step applies a full listing, or whose alarms ring in it. */
  settledAtOnce: 5_000,
  /** The shares of `scan_share` for quick and for full listings. The rest is for everything else that a process does at rest. */
  quickShare: 0.25,
  fullShare: 0.5,
  /** Closings within `flapWindowMs` that make a gate wait `probe.settle` before it opens. */
  flapClosings: 3,
  flapWindowMs: 60_000,
  backoffFirstMs: 5_000,
  backoffLastMs: 600_000,
  /** Growth counts as a recording after this time, for a file that grows no faster than `recordingBytesPerSecond`. */
  growthSpanMs: 2_000,
  recordingBytesPerSecond: 50_000_000,
  /** A source with at least this many files counts as full. If it is then found empty, no file counts as removed. */
  fullSourceEntries: 2,
  /**
   * When hidden leftovers are swept: this long after the last copy of a file, and again later, because a late call of a dead
   * child may recreate one.
   */
  sweepAfterMs: 30_000,
  sweepAgainMs: 600_000,
  /** Number of answered sweeps after which a leftover counts as gone. */
  sweepRounds: 2,
  /** Small copies that run at once, for each lane and in total. */
  smallPerLane: 64,
  smallLanes: 256,
  /** Small files that are queued, and that begin, in one step. */
  smallQueuedAtOnce: 64,
  smallBegunAtOnce: 32,
  /** Files that operators may put first. */
  firsts: 1_000,
  /** Bytes in a file name on every common filesystem. */
  nameBytes: 255,
  /** The shortest limit that is tried at a destination that refuses names as too long. */
  minNameBytes: 64,
  /** The shortest length of a temporary name, if paths are limited. */
  minPartBytes: 24,
  /** Preflights that may fail to reach a destination that answers its probes. After that the file fails. */
  networkTries: 3,
  /** How long after a refused marker the next attempt is made. */
  markerAgainMs: 15_000,
  settleWaitLastMs: 600_000,
  /** A condition that stopped a route's work is over after it has been absent for this long. */
  troubleOverMs: 30_000,
  /** Shortest time between two starts of `before_probe`. */
  prepareEveryMs: 60_000,
  /** How long the probe of a known destination waits for the command. It may be online again without the command. */
  prepareWaitMs: 10_000,
  /**
   * How long the probe of a destination without a known marker waits for the command. Before its disk is mounted, another folder
   * is at its path.
   */
  prepareLastMs: 90_000,
  /** How long after its beginning a lack of room is recorded, and how often while it lasts. */
  roomFirstMs: 2_000,
  roomAgainMs: 600_000,
  /** When a file that was not found in an unreadable source is tried again. */
  sourceAwayMs: 600_000,
  /** The longest rest of such a pause after a restart. */
  pauseAgainMs: 60_000,
  /** How long a condition that only a person can end has to last before `--until-idle` ends; `stable_after` if that is longer. */
  blockedForMs: 10_000,
  /** How long a file that vanished before it was copied is reported, unless it is acknowledged. */
  lostForMs: 86_400_000,
  /** Samples of a source's free space: how often one is taken, how long it counts, and the time that the samples have to cover. */
  freeSampleEveryMs: 5_000,
  /** A copy job or a burst of a few seconds does not show when a disk will be full. */
  freeWindowMs: 300_000,
  freeLeastMs: 60_000,
  /** How many times in a row a path has to change soon after its copy before `stable_after` counts as too short for it. */
  pausesToNote: 2,
  /** How long after it was found such a file is reported. */
  pausingForMs: 86_400_000,
  /** How long renamings are reported after the last one. */
  renamedForMs: 86_400_000,
  /** Renamings that are named one by one, of those that are noticed at once. */
  renamesNamed: 20,
  /** Largest number of files of a route that are removed at the source at the same time. While removals fail, it is one. */
  removalsAtOnce: 256,
  /** After this pause a removal that had to wait is checked again. The pause doubles each time. */
  removalAgainMs: 5_000,
  removalAgainLastMs: 600_000,
  /** A removal that failed because links are refused is tried again after this pause: a filesystem does not change. */
  removalNoLinksMs: 86_400_000,
} as const;

/** Largest number of texts that the braces of one pattern may mean. */
export const patternAlternatives = 1_000;

/** Largest size of a marker, in bytes. */
export const markerBytesLimit = 4_096;
