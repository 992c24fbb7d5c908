import { limits } from '../limits.ts';

/** Bytes that were copied lately, in pieces of ten seconds. */
export interface Throughput {
  /** @param at monotonic milliseconds */
  add(at: number, bytes: number): void;
  /** Bytes a second of each piece, the newest last; that one as far as it has come, in whole seconds. */
  figures(at: number): number[];
  /**
   * A second, on average of the newest three pieces, or since something moved again.
   *
   * @returns null where it has not moved for long enough to say
   */
  recent(at: number): number | null;
}

export function createThroughput(): Throughput {
  const bytesOf = Array.from({ length: limits.throughputPieces }, () => 0);
  let newest = Number.NEGATIVE_INFINITY;
  /** When something was added first after a pause, and last. */
  let movedAt = Number.NEGATIVE_INFINITY;
  let lastAt = Number.NEGATIVE_INFINITY;

  const advance = (at: number): void => {
    const piece = Math.floor(at / limits.throughputPieceMs);
    for (let from = Math.max(newest + 1, piece - limits.throughputPieces + 1, 0); from <= piece; from += 1)
      bytesOf[from % limits.throughputPieces] = 0;
    newest = Math.max(newest, piece);
  };
  return {
    add(at, bytes) {
      advance(at);
      // After a pause in which nothing moved another time begins.
      if (at - lastAt >= limits.recentPieces * limits.throughputPieceMs) movedAt = at;
      lastAt = at;
      bytesOf[newest % limits.throughputPieces] = (bytesOf[newest % limits.throughputPieces] ?? 0) + bytes;
    },
    recent(at) {
      advance(at);
      const begun = Array.from({ length: limits.recentPieces }, (_, back) => newest - back).filter((piece) => piece >= 0);
      const moved = begun.filter((piece) => (bytesOf[piece % limits.throughputPieces] ?? 0) > 0);
      const first = moved.at(-1);
      if (first === undefined) return 0;
      const ms = at - Math.max(first * limits.throughputPieceMs, movedAt);
      const bytes = moved.reduce((sum, piece) => sum + (bytesOf[piece % limits.throughputPieces] ?? 0), 0);
      return ms < limits.recentLeastMs ? null : (bytes / ms) * 1000;
    },
    figures(at) {
      advance(at);
      const seconds = Math.max(1, Math.floor((at - newest * limits.throughputPieceMs) / 1000));
      return Array.from({ length: limits.throughputPieces }, (_, index) => {
        const bytes = bytesOf[(newest + 1 + index) % limits.throughputPieces] ?? 0;
        return Math.round(bytes / (index === limits.throughputPieces - 1 ? seconds : limits.throughputPieceMs / 1000));
      });
    },
  };
}
