/** Bytes that were copied lately, in pieces of ten seconds. */
export interface Throughput {
  /** @param at monotonic milliseconds */
  add(at: number, bytes: number): void;
  /** Bytes a second of each piece, the newest last; that one as far as it has come, in whole seconds. */
  figures(at: number): number[];
}

const pieceMs = 10_000;
const pieces = 60;

export function createThroughput(): Throughput {
  const bytesOf = Array.from({ length: pieces }, () => 0);
  let newest = Number.NEGATIVE_INFINITY;

  const advance = (at: number): void => {
    const piece = Math.floor(at / pieceMs);
    for (let from = Math.max(newest + 1, piece - pieces + 1, 0); from <= piece; from += 1) bytesOf[from % pieces] = 0;
    newest = Math.max(newest, piece);
  };
  return {
    add(at, bytes) {
      advance(at);
      bytesOf[newest % pieces] = (bytesOf[newest % pieces] ?? 0) + bytes;
    },
    figures(at) {
      advance(at);
      const seconds = Math.max(1, Math.floor((at - newest * pieceMs) / 1000));
      return Array.from({ length: pieces }, (_, index) => {
        const bytes = bytesOf[(newest + 1 + index) % pieces] ?? 0;
        return Math.round(bytes / (index === pieces - 1 ? seconds : pieceMs / 1000));
      });
    },
  };
}
