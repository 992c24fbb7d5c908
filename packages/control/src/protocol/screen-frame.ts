import type { RouteView } from '@sluice/core';
import type { ScreenSort, ScreenTab, ScreenTotals } from '@sluice/lists';
import type { ConditionJson, FileJson, RouteJson, StatusJson } from './replies.ts';

export { type ScreenSort, type ScreenTab, type ScreenTotals, screenSorts, screenTabs } from '@sluice/lists';

/** The window of files that a screen requests. */
export interface ScreenWindow {
  readonly tab: ScreenTab;
  /** `state:failed`, `route:ingest`; any other word is searched in the names. Words are separated by spaces, and all have to match. */
  readonly filter: string;
  readonly sort: ScreenSort;
  readonly isReversed: boolean;
  /** Leave out FAILED files that have a recovery. */
  readonly hideRecovered: boolean;
  readonly offset: number;
  /** At most 200. */
  readonly limit: number;
  /** The window begins at this file if the file would lie outside; null: `offset` counts. */
  readonly anchor: string | null;
}

/** Why the attempt before failed, in short. */
export type RowFailure = Pick<NonNullable<FileJson['error']>, 'kind' | 'code' | 'percent'>;

/** The removal of a source file after its copy, while it has not ended. */
export interface RowRemoval {
  /** The planned removal. */
  readonly to: 'delete' | 'archive';
  /** Error code of the last failure. Null: there was none. */
  readonly code: string | null;
  /** When it is tried again after a failure. Absent: there was none. */
  readonly retryAt?: string;
}

/** A row of the list. */
export interface ScreenRow {
  /** The file. */
  readonly file: FileJson;
  /** 1: a recovery, directly below the failed file that it recovers. */
  readonly depth: 0 | 1;
  /** Why the file is in its state, in the operator's words. */
  readonly reason: string;
  /** Time until the copy is completed. Null: not known, or nothing moves. */
  readonly etaMs: number | null;
  /** How much of the phase is done, if the phase has an end. Null or absent: it has none. */
  readonly phaseDone?: number | null;
  /** Why the attempt before this one failed, if the file waits because of that. */
  readonly failure?: RowFailure;
  /**
   * True: an operator skipped the file. Absent: it was not skipped; if it waits for an operator, the reason is that its route is
   * held.
   */
  readonly isSkipped?: true;
  /** True: an operator moved the file to the front, and its copy has not begun. */
  readonly isFirst?: true;
  /** True: its source vanished before it was copied, no recovery exists, and no operator has acknowledged that. */
  readonly isLost?: true;
  /** State of the removal of its source file. Absent: the file is not to be removed, or was removed. */
  readonly removal?: RowRemoval;
  /** When the file is tried again by itself. Absent: that is not planned. */
  readonly retryAt?: string;
}

/** A route, as a screen shows it. */
export interface ScreenRoute extends RouteJson {
  /** Filesystem and device of the source, such as `(nfs4 nas01:/ingest)`. Null: not known. */
  readonly sourceDescription: string | null;
  /** Filesystem and device of the destination. Null: not known. */
  readonly destinationDescription: string | null;
  /** What in the source cannot be read. Null: nothing, or the source itself. */
  readonly unread: RouteView['unread'];
  /** Files that wait. */
  readonly waiting: number;
  /** Files that are still being written at the source. Absent from an older agent. */
  readonly recording?: number;
  /** Time until an offline destination is probed again. 0: a probe is running. Null: it is online. */
  readonly nextProbeInMs: number | null;
}

/** The rows of a window. */
export interface ScreenRows {
  /** Number of files in the tab. */
  readonly total: number;
  /** Number of them that the filter leaves. */
  readonly matched: number;
  /** Place of the first row of the window, from 0. */
  readonly offset: number;
  /** The rows of the window. */
  readonly rows: readonly ScreenRow[];
}

/** Everything that a screen shows at one moment, except its log. */
export interface ScreenFrame {
  /** Version of this format. */
  readonly v: 1;
  /** When the frame was made. */
  readonly at: string;
  /** Number of the frame on this connection. The delta that follows it has the next number. */
  readonly seq: number;
  /** The state in one sentence. */
  readonly verdict: StatusJson['verdict'];
  /** The agent. */
  readonly agent: StatusJson['agent'];
  /** The routes, in the order of the configuration. */
  readonly routes: readonly ScreenRoute[];
  /** The conditions that need a person, those of the agent itself first. Absent from an older agent. */
  readonly conditions?: readonly ConditionJson[];
  /** Figures over all files. */
  readonly totals: ScreenTotals;
  /** Bytes per second of the last ten minutes: 60 figures, the newest last. */
  readonly throughput: readonly number[];
  /** The rows of the window. */
  readonly rows: ScreenRows;
}

/** The parts of a frame that changed. A part that is absent is unchanged. */
export interface ScreenParts {
  /** The state in one sentence. */
  readonly verdict?: StatusJson['verdict'];
  /** The agent. */
  readonly agent?: StatusJson['agent'];
  /** All routes, if one of them changed. */
  readonly routes?: readonly ScreenRoute[];
  /** All conditions that need a person, if one of them changed. */
  readonly conditions?: readonly ConditionJson[];
  /** Figures over all files. */
  readonly totals?: ScreenTotals;
  /** Bytes per second of the last ten minutes: 60 figures, the newest last. */
  readonly throughput?: readonly number[];
}

/** A row that changed. */
export interface ChangedRow {
  /** Place of the row in the window, from 0. */
  readonly index: number;
  /** The row. */
  readonly row: ScreenRow;
}

/** What changed in the rows of a window. */
export interface ScreenRowsDelta {
  /** Number of files in the tab. */
  readonly total: number;
  /** Number of them that the filter leaves. */
  readonly matched: number;
  /** Place of the first row of the window, from 0. */
  readonly offset: number;
  /** Number of rows in the window. */
  readonly count: number;
  /** The rows that changed. The others are as in the frame before. */
  readonly changed: readonly ChangedRow[];
}

/** What changed since the frame or delta before. */
export interface ScreenDelta {
  /** Version of this format. */
  readonly v: 1;
  /** When it was made. */
  readonly at: string;
  /** Number of the frame that it makes. If it does not follow the last one, request the window again. */
  readonly seq: number;
  /** Parts that changed. */
  readonly parts: ScreenParts;
  /** What changed in the rows. Null: nothing. */
  readonly rows: ScreenRowsDelta | null;
}
