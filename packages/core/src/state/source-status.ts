import type { SourceStateName } from '../model/file.ts';
import { nothingLeft, type Selection } from '../model/left-alone.ts';
import type { Filling } from '../policy/space.ts';

/** What is known of a source. */
export interface SourceStatus {
  state: SourceStateName | 'unknown';
  /** Wall clock. */
  since: number;
  lastListingAt: number | null;
  code: string | null;
  /** What in it cannot be read, relative; null: the source itself, or nothing. */
  unreadPath: string | null;
  /** What the last complete listing left alone. */
  selection: Selection;
  /** It was said in this life what is left alone. */
  isSelectionNoted: boolean;
  description: string | null;
  freeBytes: number | null;
  filling: Filling | null;
  /** By how much its files have grown since the agent began; what was there then counts too. */
  grownBytes: number;
  cacheMs: number;
}

/** Returns the status of a source that nobody has looked at yet. @param wall milliseconds since the epoch */
export function unknownSource(wall: number): SourceStatus {
  return {
    state: 'unknown',
    since: wall,
    lastListingAt: null,
    code: null,
    unreadPath: null,
    selection: nothingLeft,
    isSelectionNoted: false,
    description: null,
    freeBytes: null,
    filling: null,
    grownBytes: 0,
    cacheMs: 0,
  };
}
