import type { FileView, GateView, PausingFiles, RenamedFiles } from '@sluice/core';
import type { FileError, GateCause, Selection, SourceStateName, SpaceLevel, Status } from '@sluice/core/model';

/** Times are RFC 3339 UTC with milliseconds, sizes bytes, durations milliseconds. */
type Time = string;

export interface HelloJson {
  readonly v: 1;
  /** Of this protocol; grows when something is removed from it. */
  readonly protocol: 1;
  readonly pid: number;
  readonly version: string;
  readonly startedAt: Time;
  readonly stateDir: string;
}

/** The state of a destination: what it means, and what exactly was seen. */
export interface GateJson extends Pick<GateView, 'state' | 'since' | 'cause' | 'code'> {
  readonly operator: string;
  readonly technical: string;
}

export interface HoldJson {
  readonly by: string;
  readonly since: Time;
  readonly until: Time | null;
  readonly reason: string;
}

/** What the last complete listing left alone, and the patterns that matched nothing; each only where there is something. */
export interface RouteJson extends Partial<Selection> {
  readonly name: string;
  readonly source: string;
  readonly destination: string;
  readonly sourceState: {
    readonly state: SourceStateName | 'unknown';
    readonly since: Time;
    readonly lastListingAt: Time | null;
    readonly freeBytes: number | null;
    readonly fullInMs: number | null;
  };
  readonly gate: GateJson;
  readonly space: { readonly totalBytes: number | null; readonly freeBytes: number | null; readonly level: SpaceLevel };
  readonly counts: Readonly<Record<Status, number>>;
  readonly needsYou: number;
  /** Files that vanished at the source before they were copied, and were not acknowledged; only where there are some. */
  readonly lost?: number;
  /** Files whose writer pauses for longer than `stable_after`; only where there are some. */
  readonly pausing?: PausingFiles;
  /** What was renamed at the source in the last day; only where something was. */
  readonly renamed?: RenamedFiles;
  readonly recovered: number;
  readonly bytesPerSecond: number;
  readonly hold: HoldJson | null;
}

export interface StatusJson {
  readonly v: 1;
  readonly verdict: { readonly ok: boolean; readonly text: string };
  readonly agent: {
    readonly running: boolean;
    readonly pid: number | null;
    readonly version: string;
    readonly startedAt: Time | null;
    readonly stateDir: string;
  };
  readonly routes: readonly RouteJson[];
}

/** What clients count with, in addition to what scripts get: every live file is one of these, or needs somebody. */
export interface RouteReply extends RouteJson {
  readonly recording: number;
  readonly copying: number;
  readonly waiting: number;
}

export interface StatusReply extends StatusJson {
  readonly routes: readonly RouteReply[];
}

/** A tracked file. */
export interface FileJson extends Omit<FileView, 'error'> {
  readonly error:
    | (Pick<FileError, 'kind' | 'percent'> & { readonly code: string; readonly operator: string; readonly technical: string })
    | null;
}

export interface TimelineJson {
  readonly seq: number;
  readonly at: Time;
  readonly from: Status | null;
  readonly to: Status | null;
  readonly event: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** What came of an action on a file; `refused`: why it cannot be done, in words. */
export interface FileOutcome {
  readonly asked: string;
  readonly file: FileJson | null;
  readonly refused: string | null;
}

export interface RouteOutcome {
  readonly route: string;
  readonly refused: string | null;
  /** With `adopt`: how many files are copied again. */
  readonly again?: number;
}

/** What was known of a destination, and what is found at its path now. */
export interface EvidenceJson {
  readonly v: 1;
  readonly route: string;
  readonly destination: string;
  readonly knownMarker: string | null;
  readonly foundMarker: string | null;
  /** `(ext4 /dev/sdb1)`; null where it does not answer. */
  readonly description: string | null;
  /** Of the last files copied: how many were checked, how many exist, and which do not. */
  readonly asked: number;
  readonly present: number;
  readonly missing: readonly string[];
  /** How many of all that are missing can be copied again: their sources are there. An agent of an older version does not say. */
  readonly again?: number;
  /** Why nothing could be seen. */
  readonly trouble: string | null;
}

export interface TransitionNote {
  readonly v: 1;
  readonly at: Time;
  readonly event: 'transition';
  readonly file: FileJson;
  readonly from: Status | null;
  readonly to: Status;
}

/** A sentence for an operator. */
export interface LogNote {
  readonly v: 1;
  readonly at: Time;
  readonly level: 'info' | 'warn' | 'error';
  readonly route: string;
  readonly text: string;
}

export interface GateNote {
  readonly v: 1;
  readonly at: Time;
  readonly event: 'gate';
  readonly route: string;
  readonly gate: GateJson;
}

export interface OutageJson {
  readonly route: string;
  readonly since: Time;
  readonly until: Time | null;
  readonly cause: GateCause | null;
  readonly code: string | null;
  readonly operator: string;
  readonly technical: string;
}
