import { type Fingerprint, type SourceEntry, sameFingerprint } from '@sluice/core';

/** What was told of a source, so that only changes are told again. */
export interface Table {
  /** @returns those of `entries` that are new or moved since they were last told */
  news(entries: readonly SourceEntry[]): SourceEntry[];
  /**
   * A complete, error-free listing came in.
   *
   * @returns paths that it lacks, as did the one before it
   */
  missedTwice(entries: readonly SourceEntry[]): string[];
  forget(path: string): void;
  has(path: string): boolean;
  size(): number;
}

export function createTable(): Table {
  const told = new Map<string, Fingerprint>();
  const missed = new Set<string>();
  return {
    news(entries) {
      return entries.filter(({ path, fingerprint }) => {
        const before = told.get(path);
        const isNews = before === undefined || !sameFingerprint(before, fingerprint);
        if (isNews) told.set(path, fingerprint);
        return isNews;
      });
    },
    missedTwice(entries) {
      const there = new Set(entries.map(({ path }) => path));
      const twice: string[] = [];
      for (const path of told.keys()) {
        if (there.has(path)) missed.delete(path);
        else if (missed.has(path)) twice.push(path);
        else missed.add(path);
      }
      return twice;
    },
    forget(path) {
      told.delete(path);
      missed.delete(path);
    },
    has: (path) => told.has(path),
    size: () => told.size,
  };
}
