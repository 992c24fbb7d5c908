import type { SourceStateName } from '../model/file.ts';
import { nothingLeft, type Selection } from '../model/left-alone.ts';
import type { Filling } from '../policy/space.ts';

/** The status of a source. */
export interface SourceStatus {
  state: SourceStateName | 'unknown';
  /** Wall clock, milliseconds since the epoch. */
  since: number;
  lastListingAt: number | null;
  /** The files that the present listing has found, while what is new of them is still being reported. Null: nothing is. */
  listedFiles: number | null;
  code: string | null;
  /** The first path in it that cannot be read, relative. Null: everything can be read, or the source itself cannot. */
  unreadPath: string | null;
  /** The files that the last complete listing left alone. */
  selection: Selection;
  /** True once `selection` was recorded since the agent started. */
  isSelectionNoted: boolean;
  description: string | null;
  /** The folder that was listed last, as the intake identifies it. Null: not known yet. */
  folder: string | null;
  freeBytes: number | null;
  totalBytes: number | null;
  filling: Filling | null;
  /**
   * By how many bytes the files of the source have grown since the agent started. Files that existed at the start count with
   * their full size.
   */
  grownBytes: number;
  cacheMs: number;
}

/** Returns the status of a source before its first listing. @param wall milliseconds since the epoch */
export function unknownSource(wall: number): SourceStatus {
  return {
    state: 'unknown',
    since: wall,
    lastListingAt: null,
    listedFiles: null,
    code: null,
    unreadPath: null,
    selection: nothingLeft,
    isSelectionNoted: false,
    description: null,
    folder: null,
    freeBytes: null,
    totalBytes: null,
    filling: null,
    grownBytes: 0,
    cacheMs: 0,
  };
}
