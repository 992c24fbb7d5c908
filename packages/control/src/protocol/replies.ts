import type { FileView, GateView, PausingFiles, RemovalsView, RenamedFiles, RouteView, RunningBeforeProbe } from '@sluice/core';
import type { DiskSpace, FileError, GateCause, Selection, SourceStateName, Status } from '@sluice/core/model';

/** A moment, RFC 3339 in UTC with milliseconds. Sizes are in bytes, durations in milliseconds. */
export type Time = string;

/** What an agent reports about itself when a client connects. */
export interface HelloJson {
  /** Version of this format. */
  readonly v: 1;
  /** Version of the protocol. It grows when something is removed from it, not when something is added. */
  readonly protocol: 1;
  /** Process id of the agent. */
  readonly pid: number;
  /** Version of Sluice that the agent runs. */
  readonly version: string;
  /** When the agent started. */
  readonly startedAt: Time;
  /** Absolute path of the state folder. */
  readonly stateDir: string;
}

/** The state of a destination, for people and exactly as it was observed. */
export interface GateJson extends Pick<GateView, 'state' | 'since' | 'cause' | 'code'> {
  /** One sentence for an operator. */
  readonly operator: string;
  /** What exactly was observed: the call, the error code, the path. */
  readonly technical: string;
}

/** A hold: an operator stopped new copies of a route, or removed it from `sluice.toml` while copies run. The reason says which. */
export interface HoldJson {
  /** Who set the hold: a user, and where the session came from. */
  readonly by: string;
  /** When the hold was set. */
  readonly since: Time;
  /** When the hold ends by itself. Null: it lasts until it is released. */
  readonly until: Time | null;
  /** The reason that was given; empty if none was. */
  readonly reason: string;
}

/** The state of a source. */
export interface SourceStateJson {
  /** `ok`; or the folder is missing, cannot be read, does not answer, or lost all its files at once. `unknown`: not read yet. */
  readonly state: SourceStateName | 'unknown';
  /** When the state began. */
  readonly since: Time;
  /** When the last complete scan ended. Null: none has ended since the agent started. */
  readonly lastListingAt: Time | null;
  /** Files that a scan has just found. Not all of them are counted and in the journal yet. Absent: no scan is being taken in. */
  readonly listedFiles?: number;
  /** Bytes that can still be written to the disk of the source. Null: not known. */
  readonly freeBytes: number | null;
  /** Time until that disk is full, while the destination is offline, at the growth of the last five minutes. Null: not known, or it does not fill. */
  readonly fullInMs: number | null;
}

/** The room at a destination. */
export interface SpaceJson extends DiskSpace {
  /** `warn`: below `space.warn_below`. `full`: below `space.keep_free`, or a file was refused. `unknown`: the destination does not report it. */
  readonly level: RouteView['space']['level'];
}

/** The limit of the bytes that a route writes: `max_rate`, or a row of `[[route.rate]]`. */
export interface MaxRateJson {
  /** Bytes per second. Null: no limit now. */
  readonly bytesPerSecond: number | null;
  /** When another limit takes effect. Null: never. */
  readonly until: Time | null;
}

/** A route. */
export interface RouteJson extends Partial<Selection> {
  /** Name of the route. */
  readonly name: string;
  /** Absolute path of the source folder. */
  readonly source: string;
  /** Absolute path of the destination folder. */
  readonly destination: string;
  /** State of the source. */
  readonly sourceState: SourceStateJson;
  /** State of the destination. */
  readonly gate: GateJson;
  /** The command `before_probe` that runs. Absent: none does, or the destination is online. */
  readonly beforeProbe?: RunningBeforeProbe;
  /** Room at the destination. */
  readonly space: SpaceJson;
  /** Number of tracked files in each state. Ended ones are those that the journal still has. */
  readonly counts: Readonly<Record<Status, number>>;
  /** Files that need a person. */
  readonly needsYou: number;
  /** Files that vanished at the source before they were copied and were not acknowledged. Absent if there are none. */
  readonly lost?: number;
  /**
   * The error code with which the system refused to watch the folders of the source (`ENOSPC`, `EMFILE`), so that scans alone find new
   * files. Absent if they are watched.
   */
  readonly notWatched?: string;
  /** Files whose writer pauses for longer than `stable_after`. Absent if there are none. */
  readonly pausing?: PausingFiles;
  /** What was renamed at the source in the last day. Absent if nothing was. */
  readonly renamed?: RenamedFiles;
  /** Removals at the source. Absent: none are planned. */
  readonly removals?: RemovalsView;
  /** Failed attempts that another attempt follows. */
  readonly recovered: number;
  /** Rate of all running copies of the route together. */
  readonly bytesPerSecond: number;
  /** The limit in force. Absent if the route has no limit at any time. */
  readonly maxRate?: MaxRateJson;
  /** The hold of an operator. Null: the route is not held. */
  readonly hold: HoldJson | null;
}

/** The kinds of conditions for which a person is called. */
export type ConditionKind =
  | 'wrong_disk'
  | 'destination_offline'
  | 'destination_read_only'
  | 'destination_full'
  | 'source_away'
  | 'source_nearly_full'
  | 'files_need_you'
  | 'files_lost'
  | 'removal_failing'
  | 'journal_not_writable'
  | 'state_disk_nearly_full';

/** A condition that needs a person now. */
export interface ConditionJson {
  /** Name of the route. Null: it concerns the agent itself. */
  readonly route: string | null;
  /** Kind of the condition. */
  readonly kind: ConditionKind;
  /** When it began, as far as this agent knows. */
  readonly since: Time;
  /** Number of affected files. Null: the condition does not concern files. */
  readonly files: number | null;
  /** Description in one sentence. */
  readonly text: string;
  /** The remedy, in one sentence. */
  readonly remedy: string;
  /** False: it has not lasted for `attention_after` yet, and `on_attention` was not run for it. */
  readonly called: boolean;
}

/** The state of an agent in one sentence. */
export interface VerdictJson {
  /** True if nothing needs attention. `status --check` ends with 0 if it is true. */
  readonly ok: boolean;
  /** The sentence that `sluice status` prints first. */
  readonly text: string;
}

/** The agent that answers. */
export interface AgentJson {
  /** False if no agent runs; then the command itself answers, and exits with 3. */
  readonly running: boolean;
  /** Process id of the agent. Null if no agent runs. */
  readonly pid: number | null;
  /** Version of Sluice that the agent runs; that of the command if no agent runs. */
  readonly version: string;
  /** When the agent started. Null if no agent runs. */
  readonly startedAt: Time | null;
  /** Absolute path of the state folder. */
  readonly stateDir: string;
  /** The last reload of the configuration, if it was refused. Absent: it was not, or there was none since the agent started. */
  readonly reloadRefused?: RefusedReload;
}

/** A configuration that was read again and not taken over. The agent goes on with its earlier settings. */
export interface RefusedReload {
  /** When. */
  readonly at: Time;
  /** Who requested it: a user, or `SIGHUP`. */
  readonly by: string;
  /** Why it was refused: the file, the line, the mistake, and what would be valid. */
  readonly problem: string;
}

/** The state of an agent and all its routes. */
export interface StatusJson {
  /** Version of this format. */
  readonly v: 1;
  /** The state in one sentence. */
  readonly verdict: VerdictJson;
  /** The agent. */
  readonly agent: AgentJson;
  /** The routes, in the order of the configuration. Empty if no agent runs. */
  readonly routes: readonly RouteJson[];
  /** The conditions that need a person now. Absent if there are none. */
  readonly conditions?: readonly ConditionJson[];
}

/**
 * A route with the figures that clients show. Every live file counts in exactly one of `needsYou`, `recording`, `copying` and
 * `waiting`.
 */
export interface RouteReply extends RouteJson {
  /** Files that are still being written at the source. */
  readonly recording: number;
  /** Files that are being copied or verified, and are not recordings. */
  readonly copying: number;
  /** Files that wait. */
  readonly waiting: number;
}

/** The reply to `status`: as `sluice status --json`, with more figures for each route. */
export interface StatusReply extends StatusJson {
  /** The routes, in the order of the configuration. */
  readonly routes: readonly RouteReply[];
}

/** Why an attempt failed. */
export interface FileErrorJson extends Pick<FileError, 'kind' | 'percent'> {
  /** Error code: an errno name such as `EIO`, or one of Sluice, such as `SILENT`. */
  readonly code: string;
  /** One sentence for an operator. */
  readonly operator: string;
  /** What exactly failed: the call, the error code, the path. */
  readonly technical: string;
}

/** A tracked file: one attempt to copy one source file along one route. */
export interface FileJson extends Omit<FileView, 'error'> {
  /** Why the attempt failed. Null unless `status` is `FAILED`. */
  readonly error: FileErrorJson | null;
}

/** One entry of a file's timeline. */
export interface TimelineJson {
  /** Number of the record in the journal. It grows with time. */
  readonly seq: number;
  /** When it happened. */
  readonly at: Time;
  /** State before. Null for the first entry, and where the state did not change. */
  readonly from: Status | null;
  /** State after. Null where the state did not change. */
  readonly to: Status | null;
  /** Kind of the event, such as `copy_begins`. A kind is never renamed; new ones may be added. */
  readonly event: string;
  /** Values of the event. Each kind has its own. */
  readonly detail: Readonly<Record<string, unknown>>;
}

/** The result of an action on one file. */
export interface FileOutcome {
  /** The id, name or glob that was asked for. */
  readonly asked: string;
  /** The file after the action. Null: none was found. */
  readonly file: FileJson | null;
  /** Why it cannot be done, in one sentence. Null: it was done. */
  readonly refused: string | null;
}

/** The result of an action on one route. */
export interface RouteOutcome {
  /** Name of the route. */
  readonly route: string;
  /** Why it cannot be done, in one sentence. Null: it was done. */
  readonly refused: string | null;
  /** With `adopt`: number of files that are copied again. */
  readonly again?: number;
}

/** A source at whose path another disk is than before. */
export interface OtherSourceJson {
  /** Absolute path of the source folder. */
  readonly path: string;
  /** Number of files that were copied from an earlier disk and are still to be removed there. */
  readonly files: number;
}

/** What is known about a destination, and what is at its path now. */
export interface EvidenceJson {
  /** Version of this format. */
  readonly v: 1;
  /** Name of the route. */
  readonly route: string;
  /** Absolute path of the destination folder. */
  readonly destination: string;
  /** UUID of the marker that the journal knows. Null: none. */
  readonly knownMarker: string | null;
  /** UUID of the marker that is there now. Null: none was found. */
  readonly foundMarker: string | null;
  /** Filesystem and device, such as `(ext4 /dev/sdb1)`. Null: the destination does not answer. */
  readonly description: string | null;
  /** Number of the last copies that were looked for. */
  readonly asked: number;
  /** How many of them are there. */
  readonly present: number;
  /** Destination paths of the first of those that are missing. */
  readonly missing: readonly string[];
  /** Copies that are missing or have another size, of all that the journal knows, whose sources still exist. Absent from an older agent. */
  readonly again?: number;
  /** Another disk is at this path of the source than the one from which `files` copied files are still to be removed. Absent: none is. */
  readonly otherSource?: OtherSourceJson;
  /** Why nothing could be found out. Null: it could. */
  readonly trouble: string | null;
}

/** A tracked file entered a state. */
export interface TransitionNote {
  /** Version of this format. */
  readonly v: 1;
  /** When it happened. */
  readonly at: Time;
  /** Kind of the event. */
  readonly event: 'transition';
  /** The file after the transition. */
  readonly file: FileJson;
  /** State before. Null: the file was found. */
  readonly from: Status | null;
  /** State after. */
  readonly to: Status;
}

/** A line of the log: one sentence for an operator. */
export interface LogNote {
  /** Version of this format. */
  readonly v: 1;
  /** When it happened. */
  readonly at: Time;
  /** Number of its record in the journal. It grows with time. Absent from an older agent. */
  readonly seq?: number;
  /** How important it is. */
  readonly level: 'info' | 'warn' | 'error';
  /** Name of the route. */
  readonly route: string;
  /** The sentence. Its words may change with any version. */
  readonly text: string;
  /** Who caused it: a user, and the origin of the session. Absent: no operator did. */
  readonly by?: string;
  /** The reason that was given. Absent: none. */
  readonly reason?: string;
}

/** A destination went online or offline, or is offline for another reason than before. */
export interface GateNote {
  /** Version of this format. */
  readonly v: 1;
  /** When it happened. */
  readonly at: Time;
  /** Kind of the event. */
  readonly event: 'gate';
  /** Name of the route. */
  readonly route: string;
  /** State of the destination after it. */
  readonly gate: GateJson;
}

/** A time in which a destination was not online. */
export interface OutageJson {
  /** Name of the route. */
  readonly route: string;
  /** When it began. */
  readonly since: Time;
  /** When it ended. Null: it has not ended. */
  readonly until: Time | null;
  /** Why the destination was not online. */
  readonly cause: GateCause | null;
  /** Error code behind the cause, such as `EIO`. Null: there was none. */
  readonly code: string | null;
  /** One sentence for an operator. */
  readonly operator: string;
  /** What exactly was observed: the call, the error code, the path. */
  readonly technical: string;
}
