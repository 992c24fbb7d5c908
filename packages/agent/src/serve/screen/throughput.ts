import type { CoreState, JournalRecord } from '@sluice/core';
import { type FileId, isCompleted, isRunning, type TrackedFile } from '@sluice/core/model';
import type { RecentPace } from '@sluice/lists';
import type { Clock, Timer } from '../../ports.ts';
import { screenLimits } from './limits.ts';

/** Measures how many bytes were copied recently, whether or not a screen is open. */
export interface ScreenMeter {
  committed(records: readonly JournalRecord[]): void;
  /** Returns bytes per second, the newest last. */
  figures(): number[];
  /** Returns how fast recent copies were. */
  pace(): RecentPace;
  end(): void;
}

/**
 * Creates a meter. It reads running copies once a second. Copies that begin and end between two such moments are counted from
 * their records.
 */
export function createScreenMeter(state: CoreState, clock: Clock, makeTimer: (fire: () => void) => Timer): ScreenMeter {
  const throughput = createThroughput();
  const ofEnding = createThroughput();
  const ended = createThroughput();
  /** The bytes of each running copy that are counted already. */
  const counted = new Map<FileId, number>();
  let isArmed = false;

  const count = (id: FileId, bytes: number, isEnding: boolean): void => {
    const before = counted.get(id) ?? 0;
    if (bytes > before) {
      throughput.add(clock.monotonic(), bytes - before);
      if (isEnding) ofEnding.add(clock.monotonic(), bytes - before);
    }
    // A copy that starts again is counted again.
    counted.set(id, bytes);
  };
  const sample = (): boolean => {
    const before = counted.size;
    for (const route of state.routes.values()) {
      for (const status of ['COPYING', 'GROWING_COPY', 'VERIFYING'] as const) {
        for (const id of route.byStatus[status]) {
          const file = state.files.get(id);
          if (file !== undefined && isRunning(file)) count(id, file.copiedBytes, !file.growing);
        }
      }
    }
    return before > 0 || counted.size > 0;
  };
  const timer = makeTimer(() => {
    isArmed = false;
    if (sample()) arm();
  });
  const arm = (): void => {
    if (isArmed) return;
    isArmed = true;
    timer.set(clock.monotonic() + screenLimits.meterEveryMs);
  };
  return {
    committed(records) {
      for (const record of records) {
        if (record.kind !== 'transition') continue;
        const { file } = record;
        if (isRunning(file)) {
          count(file.id, file.copiedBytes, !file.growing);
          arm();
        } else if (counted.has(file.id)) {
          count(file.id, copiedBytesOf(file) ?? counted.get(file.id) ?? 0, !('growing' in file && file.growing));
          if (file.status === 'COMPLETED') ended.add(clock.monotonic(), 1);
          counted.delete(file.id);
        }
      }
    },
    figures: () => throughput.figures(clock.monotonic()),
    pace: () => {
      const at = clock.monotonic();
      return {
        bytesPerSecond: Math.round(throughput.recent(at) ?? 0),
        endingBytesPerSecond: ofEnding.recent(at),
        filesPerSecond: ended.recent(at),
      };
    },
    end: timer.clear,
  };
}

/** Returns the bytes that a copy has written. Null: the record does not say. */
function copiedBytesOf(file: TrackedFile): number | null {
  if (file.status === 'FAILED') return file.copiedBytes;
  if (!isCompleted(file)) return null;
  return file.copied ? file.fingerprint.sizeBytes : null;
}

/** Bytes that were copied recently, in pieces of ten seconds. */
interface Throughput {
  /** @param at monotonic milliseconds */
  add(at: number, bytes: number): void;
  /** Returns bytes per second of each piece, the newest last. The newest piece is averaged over its whole seconds so far. */
  figures(at: number): number[];
  /**
   * Returns bytes per second, averaged over the newest three pieces, or since bytes were copied again.
   *
   * @returns null if bytes have not been copied for long enough
   */
  recent(at: number): number | null;
}

/** Creates a meter without samples. */
export function createThroughput(): Throughput {
  const bytesOf = Array.from({ length: screenLimits.throughputPieces }, () => 0);
  let newest = Number.NEGATIVE_INFINITY;
  /** When bytes were added first after a pause, and last. */
  let movedAt = Number.NEGATIVE_INFINITY;
  let lastAt = Number.NEGATIVE_INFINITY;

  const advance = (at: number): void => {
    const piece = Math.floor(at / screenLimits.throughputPieceMs);
    for (let from = Math.max(newest + 1, piece - screenLimits.throughputPieces + 1, 0); from <= piece; from += 1)
      bytesOf[from % screenLimits.throughputPieces] = 0;
    newest = Math.max(newest, piece);
  };
  return {
    add(at, bytes) {
      advance(at);
      // A new period begins after a pause in which no bytes were copied.
      if (at - lastAt >= screenLimits.recentPieces * screenLimits.throughputPieceMs) movedAt = at;
      lastAt = at;
      bytesOf[newest % screenLimits.throughputPieces] = (bytesOf[newest % screenLimits.throughputPieces] ?? 0) + bytes;
    },
    recent(at) {
      advance(at);
      const begun = Array.from({ length: screenLimits.recentPieces }, (_, back) => newest - back).filter((piece) => piece >= 0);
      const moved = begun.filter((piece) => (bytesOf[piece % screenLimits.throughputPieces] ?? 0) > 0);
      const first = moved.at(-1);
      if (first === undefined) return 0;
      const ms = at - Math.max(first * screenLimits.throughputPieceMs, movedAt);
      const bytes = moved.reduce((sum, piece) => sum + (bytesOf[piece % screenLimits.throughputPieces] ?? 0), 0);
      return ms < screenLimits.recentLeastMs ? null : (bytes / ms) * 1000;
    },
    figures(at) {
      advance(at);
      const seconds = Math.max(1, Math.floor((at - newest * screenLimits.throughputPieceMs) / 1000));
      return Array.from({ length: screenLimits.throughputPieces }, (_, index) => {
        const bytes = bytesOf[(newest + 1 + index) % screenLimits.throughputPieces] ?? 0;
        return Math.round(bytes / (index === screenLimits.throughputPieces - 1 ? seconds : screenLimits.throughputPieceMs / 1000));
      });
    },
  };
}
