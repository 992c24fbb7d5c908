/** Every bound of core that is not in the configuration. */
export const limits = {
  /** Paths in one check; beyond that a full listing is cheaper. */
  checkPaths: 256,
  /** Files of the journal that one step goes over to find those that were not seen at the source. */
  confirmedFiles: 2_000,
  /** Of what scanning may take: the part for listings of names only. */
  quickShare: 0.25,
  /** Closings within `flapWindowMs` that make a gate wait `probe.settle` before it opens. */
  flapClosings: 3,
  flapWindowMs: 60_000,
  backoffFirstMs: 5_000,
  backoffLastMs: 600_000,
  /** Growth is believed after this span, for a file that grows no faster than `recordingBytesPerSecond`. */
  growthSpanMs: 2_000,
  recordingBytesPerSecond: 50_000_000,
  /** A full source is one with at least this many files; found empty, that removes nothing. */
  fullSourceEntries: 2,
  /** Hidden leftovers are swept so long after the last copy of a file, and again later: a late call of a dead child may recreate one. */
  sweepAfterMs: 30_000,
  sweepAgainMs: 600_000,
  /** Sweeps that were answered, until a leftover is taken for gone. */
  sweepRounds: 2,
  /** Small copies at once, for each lane and in all. */
  smallPerLane: 32,
  smallLanes: 256,
  /** Files whose turn an operator wants to come first. */
  firsts: 1_000,
  /** Bytes in a file name on every common filesystem. */
  nameBytes: 255,
  /** The least that is tried at a destination that refuses names as too long. */
  minNameBytes: 64,
  /** The least that a temporary name has, where paths are short. */
  minPartBytes: 24,
  /** Preflights that did not reach a destination whose probes are answered; then it is the file's own trouble. */
  networkTries: 3,
  /** How long after a refused marker the next one is tried. */
  markerAgainMs: 15_000,
  settleWaitLastMs: 600_000,
  /** What stopped a route's work is over when it was over for so long. */
  troubleOverMs: 30_000,
  /** A lack of room is recorded so long after it began, and again while it lasts. */
  roomFirstMs: 2_000,
  roomAgainMs: 600_000,
  /** Until a file that was not found in a source that cannot be read is tried again. */
  sourceAwayMs: 600_000,
  /** What is left of such a pause after a restart. */
  pauseAgainMs: 60_000,
  /** What only a person can end has to last for so long before `--until-idle` ends with it; `stable_after` where that is longer. */
  blockedForMs: 10_000,
  /** So long a file that vanished before it was copied is reported, unless it is acknowledged. */
  lostForMs: 86_400_000,
  /** Samples of a source's free space: how often one is taken, how long it counts, and how much time they have to span. */
  freeSampleEveryMs: 5_000,
  /** A copy job or a burst of a few seconds says nothing of when a disk is full. */
  freeWindowMs: 300_000,
  freeLeastMs: 60_000,
  /** A path that went on so often in a row soon after it was copied shows that `stable_after` is too short for it. */
  pausesToNote: 2,
  /** So long after it was found it is reported. */
  pausingForMs: 86_400_000,
  /** So long after the last file was renamed at the source that is reported. */
  renamedForMs: 86_400_000,
  /** Renames that are named one by one, of those that are noticed at once. */
  renamesNamed: 20,
  /** Files of a route that are removed at the source at once. While removals fail, one is tried at a time. */
  removalsAtOnce: 256,
  /** When a removal that had to wait is checked again; the pause doubles. */
  removalAgainMs: 5_000,
  removalAgainLastMs: 600_000,
} as const;

/** The most texts that the braces of one pattern may stand for. */
export const patternAlternatives = 1_000;

/** No marker is longer, in bytes. */
export const markerBytesLimit = 4_096;
