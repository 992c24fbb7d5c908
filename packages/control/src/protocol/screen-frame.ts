import type { RouteView } from '@sluice/core';
import type { ScreenSort, ScreenTab, ScreenTotals } from '@sluice/lists';
import type { FileJson, RouteJson, StatusJson } from './replies.ts';

export { type ScreenSort, type ScreenTab, type ScreenTotals, screenSorts, screenTabs } from '@sluice/lists';

/** What of all files a screen shows. */
export interface ScreenWindow {
  readonly tab: ScreenTab;
  /** `state:failed`, `route:ingest`, anything else is searched in the names; with spaces between them all must hold. */
  readonly filter: string;
  readonly sort: ScreenSort;
  readonly isReversed: boolean;
  /** FAILED files that have a recovery are left out. */
  readonly hideRecovered: boolean;
  readonly offset: number;
  /** At most 200. */
  readonly limit: number;
  /** Where this file stands the window begins, if it would lie outside of it; null: `offset` counts. */
  readonly anchor: string | null;
}

/** A line of the list. */
export interface ScreenRow {
  readonly file: FileJson;
  /** 1: a recovery, right under the FAILED file that it recovers. */
  readonly depth: 0 | 1;
  /** Why it is where it is, in the operator's words. */
  readonly reason: string;
  /** Milliseconds; null while nothing can be said, or nothing moves. */
  readonly etaMs: number | null;
  /** 0 to 1, of a phase that has an end: RECHECKING SOURCE 40%, READING BACK 72%. */
  readonly phaseDone?: number | null;
  /** Why the attempt before this one failed, of a file that waits because of that; absent where nothing is known. */
  readonly failure?: Pick<NonNullable<FileJson['error']>, 'kind' | 'code' | 'percent'>;
  /** An operator skipped it; other files that wait for an operator wait for the release of their route. */
  readonly isSkipped?: true;
  /** An operator moved it to the front, and its turn has not come. */
  readonly isFirst?: true;
  /** When it is tried again by itself; absent: that is not planned. */
  readonly retryAt?: string;
}

export interface ScreenRoute extends RouteJson {
  /** `(nfs4 nas01:/ingest)`. */
  readonly sourceDescription: string | null;
  readonly destinationDescription: string | null;
  /** What in the source cannot be read; null: the source itself, or nothing. */
  readonly unread: RouteView['unread'];
  readonly waiting: number;
  /** Files that are still being written; absent from an agent of an older version. */
  readonly recording?: number;
  /** Until a destination that is offline is asked again, milliseconds. */
  readonly nextProbeInMs: number | null;
}

/** Everything a screen shows at one moment but for its log. Times are RFC 3339 UTC, sizes bytes. */
export interface ScreenFrame {
  readonly v: 1;
  readonly at: string;
  /** Counts the frames of one watcher. */
  readonly seq: number;
  readonly verdict: StatusJson['verdict'];
  readonly agent: StatusJson['agent'];
  readonly routes: readonly ScreenRoute[];
  readonly totals: ScreenTotals;
  /** Bytes a second of the last ten minutes, 60 figures, the newest last. */
  readonly throughput: readonly number[];
  readonly rows: {
    /** Of the tab. */
    readonly total: number;
    /** That the filter leaves. */
    readonly matched: number;
    readonly offset: number;
    readonly rows: readonly ScreenRow[];
  };
}

/** What has changed since the frame before: parts that are there replace theirs; of the rows only the changed ones, by their place in the window. */
export interface ScreenDelta {
  readonly v: 1;
  readonly at: string;
  readonly seq: number;
  readonly parts: Partial<Omit<ScreenFrame, 'v' | 'at' | 'seq' | 'rows'>>;
  readonly rows: {
    readonly total: number;
    readonly matched: number;
    readonly offset: number;
    readonly count: number;
    readonly changed: readonly { readonly index: number; readonly row: ScreenRow }[];
  } | null;
}
