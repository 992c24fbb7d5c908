import type { SourceEntry } from '../model/file.ts';
import { isBelow } from '../state/sightings.ts';

/**
 * Remembers what was reported of a source, so that only changes are reported again. It keeps a path, a fingerprint, an identity,
 * a change time and the medium for each file.
 */
export interface SourceDiff {
  /**
   * Takes in a part of the source: a check, or a listing that failed half-way. A path that is not in it is not missing.
   *
   * @returns those of `entries` that are new or changed since they were last reported
   */
  some(entries: readonly SourceEntry[]): readonly SourceEntry[];
  /** Takes in a complete listing. @param unread folders that it could not read. Known paths below them do not count as missing */
  all(entries: readonly SourceEntry[], unread?: readonly string[]): SourceChanges;
  /**
   * Takes in a listing of names that appeared or disappeared.
   *
   * @param entries files that are new, and files that may have changed
   * @param lacking paths that the previous listing found and this one did not
   */
  part(entries: readonly SourceEntry[], lacking: readonly string[]): SourceChanges;
  /** Forgets paths that were checked by name and are gone. A file that appears there later is new. */
  forget(paths: readonly string[]): void;
  /** Reports these paths with the next listing that has them, whether they have changed or not. */
  reportAgain(paths: readonly string[]): void;
  /** Forgets which paths were missing, because the root is now another folder or disk. An earlier listing was of something else. */
  doubtMissing(): void;
  has(path: string): boolean;
  /** Returns whether two consecutive complete listings did not have this path, and nothing has reported it since. */
  isLackedTwice(path: string): boolean;
  /** Returns the number of files that are thought to be at the source. */
  size(): number;
}

/** The changes that a listing shows. */
export interface SourceChanges {
  readonly news: readonly SourceEntry[];
  /** Paths that this complete listing lacks, as did the one before it; reported at every listing until they are forgotten. */
  readonly missedTwice: readonly string[];
}

/**
 * Returns the compared properties of a file as one text, which takes a third of the memory of objects. `join` makes one flat
 * string; `+` does not.
 */
function textOf({ fingerprint: { sizeBytes, mtimeNs }, identity, changedMs, medium }: SourceEntry): string {
  if (identity === null && changedMs === undefined && medium === undefined) return `${sizeBytes} ${mtimeNs}`;
  return [sizeBytes, mtimeNs, changedMs, identity?.device, identity?.inode, medium].join(' ');
}

/** Creates a diff that has not seen any listing. */
export function createSourceDiff(): SourceDiff {
  const reported = new Map<string, string>();
  /** Paths that the last complete listing did not have, and that nothing has reported since. */
  let missed = new Set<string>();
  /** Number of complete listings of this root. A path that was never reported, or is forgotten, was in none of them since. */
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

  /** Returns the known paths that a listing lacks. It has to be called before the listing is taken in. */
  const missing = (entries: readonly SourceEntry[], unread: readonly string[]): readonly string[] => {
    if (reported.size === 0) return [];
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
      // Paths that an earlier listing lacked and this one did not find are still missing.
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
    reportAgain(paths) {
      for (const path of paths) if (reported.has(path)) reported.set(path, '');
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
