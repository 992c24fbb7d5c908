import process from 'node:process';

const mebibyte = 1024 * 1024;

/** Every bound of the copy engine that is not in the configuration. */
export const copyLimits = {
  /** The grid that chunk hashes lie on; also the largest single read. */
  chunkBytes: 2 * mebibyte,
  /** Chunks that one copy holds: one is written or hashed, the next ones are read. One read at a time leaves a disk idle in between. */
  chunksAhead: 4,
  /** The largest single write. On Linux 6.18 one of 4 MiB took four times as much of a processor as four of 1 MiB. */
  pieceBytes: mebibyte / 2,
  /** What may be written and not synced yet, of all lanes together: where it begins, and between what it adapts. */
  firstUnsyncedBytes: 2 * mebibyte,
  minUnsyncedBytes: mebibyte / 2,
  maxUnsyncedBytes: 256 * mebibyte,
  /** How long a sync should take, and how old unsynced bytes may grow. */
  syncMs: 1_000,
  /** What may be read from one storage at the same time, of all lanes together: where it begins, and between what it adapts. */
  firstReadBytes: 2 * mebibyte,
  minReadBytes: mebibyte / 4,
  maxReadBytes: 256 * mebibyte,
  /** Where a storage is so slow that lanes take turns, a call of another lane that hangs is waited for so long. */
  turnMs: 30_000,
  progressEveryMs: 250,
  followingProgressEveryMs: 1_000,
  /** How often outstanding calls are checked, and how often one lane may report a stall. */
  watchEveryMs: 250,
  stallReportEveryMs: 1_000,
  /** A growing copy checks its source at least after this many chunks. */
  chunksBetweenStats: 32,
  /** `EIO` with less room than this left is a full disk. */
  noRoomBytes: mebibyte,
  /** Alignment of uncached reads. */
  directAlignBytes: 4096,
  /** Names of folders that are remembered as durable. */
  durableFolders: 10_000,
  /** Of how many copies the buffers are kept for the next ones. */
  spareBuffers: 4,
  /** Buffers for files that are read in one piece: their size, a multiple of 4096, and how many are made at once. */
  smallBuffers: [
    { bytes: 65_536, atOnce: 64 },
    { bytes: mebibyte + 65_536, atOnce: 4 },
  ],
  /** What every common filesystem takes as a name: a shorter path is refused as too long for a name in it. */
  usualNameBytes: 255,
  /** Files up to this size are read back as soon as they are copied. */
  readBackAtOnceBytes: mebibyte,
  settleWaitLastMs: 600_000,
  /** Change times may be as coarse as a second. After this time, one that has not moved moves with every later change. */
  changeRestMs: 2_000,
  /** How often that is waited for before one reading. */
  changeRests: 5,
  /** Readings of a source whose change time moves and moves, and whose bytes are always the same. */
  changeReadings: 3,
  /** Chunks of a source that a process shows to others at once, and copies of a process that share their reading. */
  windowPieces: 32,
  windowReaders: 16,
  /** Smaller files are read by each copy alone. */
  shareFromBytes: 16 * mebibyte,
  /** How long a copy waits for another one that reads the chunk it needs, and how often it looks. */
  shareWaitMs: 2_000,
  sharePollMs: 2,
  /** How long what was read last is kept for copies that are a little behind. */
  windowLingerMs: 10_000,
  /** How often a call of the destination is made again whose error passes (EAGAIN, EBUSY): for about 7 s. */
  passingTries: 8,
  /** The same for a name that another program holds. */
  inUseTries: process.platform === 'win32' ? 6 : 0,
  /** The pause before the second try; then twice as long each time. */
  againPauseMs: 50,
  againPauseMaxMs: 2_000,
} as const;

/** The limits of a copy. */
export type CopyLimits = Omit<{ readonly [name in keyof typeof copyLimits]: number }, 'smallBuffers'>;

/** Every bound of the processes around the copy engine. */
export const processLimits = {
  /** Questions that a prober works on at once: a hung one must not keep a later one from being asked. */
  questions: 2,
  /** Tries of a step whose error is one of a busy moment, and the pause after the first; then as much more each time. */
  busyTries: 4,
  busyPauseMs: 50,
  /** Threads of a carrier for each lane, and in addition to all of them. */
  threadsPerLane: 6,
  threadsSpare: 8,
  /** libuv takes no more. */
  threads: 1024,
  /** The smallest piece of a throttled copy. */
  throttledPieceBytes: 65_536,
} as const;
