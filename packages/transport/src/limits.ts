import process from 'node:process';

const mebibyte = 1024 * 1024;

/** The limits of the copy engine that are not in the configuration. */
export const copyLimits = {
  /** The size of a chunk, which is hashed as one. Also the largest single read. */
  chunkBytes: 2 * mebibyte,
  /** Buffers of one copy: one chunk is written or hashed while the next ones are read. With one read at a time a disk would be idle. */
  chunksAhead: 4,
  /** The largest single write. On Linux 6.18 one write of 4 MiB took four times the processor time of four writes of 1 MiB. */
  pieceBytes: mebibyte / 2,
  /**
   * Bytes that all lanes together may have unsynced: the first amount, and the bounds between which it adapts. The first amount is what
   * a link of 4 Mbit/s carries in a second: to create a file takes several round trips on SSHFS, and each waits behind these bytes.
   */
  firstUnsyncedBytes: mebibyte / 2,
  minUnsyncedBytes: mebibyte / 2,
  maxUnsyncedBytes: 256 * mebibyte,
  /** How long a sync should take, and how long bytes may stay unsynced. */
  syncMs: 1_000,
  /** The same for large files while small ones are copied too. On ext4 the sync of a small file waits for what they are just writing. */
  syncNextToSmallMs: 250,
  /** Bytes that all lanes together may read from one storage at the same time: the first amount, and its bounds. */
  firstReadBytes: mebibyte / 4,
  minReadBytes: mebibyte / 4,
  maxReadBytes: 256 * mebibyte,
  /** On a storage so slow that lanes take turns, how long a lane waits for its turn while another lane's call hangs. */
  turnMs: 30_000,
  progressEveryMs: 250,
  followingProgressEveryMs: 1_000,
  /** How often outstanding calls are checked, and how often one lane may report a stall. */
  watchEveryMs: 250,
  stallReportEveryMs: 1_000,
  /** A growing copy checks its source at least after this many chunks. */
  chunksBetweenStats: 32,
  /** `EIO` with less free space than this counts as a full disk. */
  noRoomBytes: mebibyte,
  /** Alignment of uncached reads. */
  directAlignBytes: 4096,
  /** How many folders are remembered as durable. */
  durableFolders: 10_000,
  /** For how many copies unused buffers are kept. */
  spareBuffers: 4,
  /** Buffers for files that are read in one piece: their sizes, multiples of 4096, and how many are created at once. */
  smallBuffers: [
    { bytes: 65_536, atOnce: 64 },
    { bytes: mebibyte + 65_536, atOnce: 4 },
  ],
  /** The longest name that every common filesystem accepts. If a shorter path is refused as too long, one of its names is. */
  usualNameBytes: 255,
  /** Files up to this size are read back as soon as they are copied. */
  readBackAtOnceBytes: mebibyte,
  settleWaitLastMs: 600_000,
  /** Number and size of the pieces of a leftover that are compared with the complete copy. */
  leftoverPieces: 5,
  leftoverPieceBytes: 65_536,
  /** Change times may have a resolution of a second. After this time without a change, every later change gives a different time. */
  changeRestMs: 2_000,
  /** How often that time is waited for before one reading. */
  changeRests: 5,
  /** How often a source is read whose change time keeps changing while its bytes stay the same. */
  changeReadings: 3,
  /** The size of a window: how many chunks a process offers at once, and how many of its copies can share their reads. */
  windowPieces: 32,
  windowReaders: 16,
  /** Smaller files are read by each copy alone. */
  shareFromBytes: 16 * mebibyte,
  /** How long a copy waits for another one that reads the chunk it needs, and how often it checks. */
  shareWaitMs: 2_000,
  sharePollMs: 2,
  /** How long the last chunks are kept for copies that are a little behind. */
  windowLingerMs: 10_000,
  /** How often a call to the destination is retried after a transient error (EAGAIN, EBUSY): for about 7 s. */
  passingTries: 8,
  /** How often a removal or rename is retried while another program has the file open. */
  inUseTries: process.platform === 'win32' ? 6 : 0,
  /** The pause before the second try; then twice as long each time. */
  againPauseMs: 50,
  againPauseMaxMs: 2_000,
} as const;

/** The limits of a copy. */
export type CopyLimits = Omit<{ readonly [name in keyof typeof copyLimits]: number }, 'smallBuffers'>;

/** The limits of the processes around the copy engine. */
export const processLimits = {
  /** Probes that a prober runs at once, so that one that hangs does not block the next. */
  questions: 2,
  /** Tries of a probe's step that fails with a transient error, and the pause after the first. Each pause is that much longer. */
  busyTries: 4,
  busyPauseMs: 50,
  /** Threads of a carrier: for each lane, and in addition. */
  threadsPerLane: 6,
  threadsSpare: 8,
  /** The largest number of threads that libuv accepts. */
  threads: 1024,
  /** The smallest piece of a throttled copy. */
  throttledPieceBytes: 65_536,
  /** How often a throttled copy that waits looks whether the rate has changed. */
  rateLookMs: 250,
} as const;
