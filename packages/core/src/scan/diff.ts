import type { SourceEntry } from '../model/file.ts';
import { isBelow } from '../state/source-files.ts';

/** What was reported of a source, so that only changes are reported again. It keeps a path, a fingerprint, an identity and a change time for each file. */
export interface SourceDiff {
  /**
   * Takes in a part of what there is: a check, or a listing that failed half-way. Nothing follows from what it lacks.
   *
   * @returns those of `entries` that are new or moved since they were last reported
   */
  some(entries: readonly SourceEntry[]): readonly SourceEntry[];
  /** Takes in a complete listing. @param unread folders that it could not read: what is known below them is not missing */
  all(entries: readonly SourceEntry[], unread?: readonly string[]): SourceChanges;
  /**
   * Takes in what a listing of the names that came or went found.
   *
   * @param entries what is new, and what may have changed
   * @param lacking what the listing before found, and this one does not
   */
  part(entries: readonly SourceEntry[], lacking: readonly string[]): SourceChanges;
  /** These are gone, asked by name: what is found there again is new. */
  forget(paths: readonly string[]): void;
  /** The root is another one now: what an earlier listing lacked was a listing of something else. */
  doubtMissing(): void;
  has(path: string): boolean;
  /** Two complete listings, one after the other, lacked this path, and nothing has shown it since. */
  isLackedTwice(path: string): boolean;
  /** Files that are thought to be there. */
  size(): number;
}

/** The changes that a listing shows. */
export interface SourceChanges {
  readonly news: readonly SourceEntry[];
  /** Paths that this complete listing lacks, as did the one before it; reported at every listing until they are forgotten. */
  readonly missedTwice: readonly string[];
}

/** What is compared of a file: one text takes a third of what objects would. `join` makes one piece of it, which `+` does not. */
function textOf({ fingerprint: { sizeBytes, mtimeNs }, identity, changedMs }: SourceEntry): string {
  if (identity === null && changedMs === undefined) return `${sizeBytes} ${mtimeNs}`;
  return [sizeBytes, mtimeNs, changedMs, identity?.device, identity?.inode].join(' ');
}

/** Creates a diff that has not seen any listing. */
export function createSourceDiff(): SourceDiff {
  const reported = new Map<string, string>();
  /** What the last complete listing lacked and nothing has shown since. */
  let missed = new Set<string>();
  /** Complete ones under this root. What was never reported, or is forgotten, was in none of them since. */
  let listings = 0;

  const some = (entries: readonly SourceEntry[]): readonly SourceEntry[] =>
    entries.filter((entry) => {
      const { path } = entry;
      const text = textOf(entry);
      missed.delete(path);
      if (reported.get(path) === text) return false;
      reported.set(path, text);
      return true;
    });

  /** To be asked before the listing is taken in. */
  const missing = (entries: readonly SourceEntry[], unread: readonly string[]): readonly string[] => {
    const there = new Set(entries.map(({ path }) => path));
    return [...reported.keys()].filter((path) => !there.has(path) && !isBelow(path, unread));
  };

  return {
    some,
    all(entries, unread = []) {
      const lacking = missing(entries, unread);
      const missedTwice = lacking.filter((path) => missed.has(path));
      missed = new Set(lacking);
      listings += 1;
      return { news: some(entries), missedTwice };
    },
    part(entries, lacking) {
      listings += 1;
      const news = some(entries);
      // What an earlier one lacked and this one did not find is lacking still.
      const missedTwice = [...missed];
      for (const path of lacking) missed.add(path);
      return { news, missedTwice };
    },
    forget(paths) {
      for (const path of paths) {
        reported.delete(path);
        missed.delete(path);
      }
    },
    doubtMissing() {
      missed.clear();
      listings = 0;
    },
    has: (path) => reported.has(path),
    isLackedTwice: (path) => !reported.has(path) && listings >= 2,
    size: () => reported.size,
  };
}
