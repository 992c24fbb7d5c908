import type { LeftoverJson } from './removal-replies.ts';
import type { FileJson, FileOutcome, LogNote, OutageJson, RouteOutcome, TimelineJson } from './replies.ts';

// Replies that are more than one object of `replies.ts`.

/** A page of files. */
export interface FilesReply {
  /** Version of this format. */
  readonly v: 1;
  /** The files. A page may have fewer than were asked for, or none, and not be the last. */
  readonly files: readonly FileJson[];
  /** Where the next page begins: the value for `before`. Null: this page is the last. */
  readonly next: number | null;
}

/** The files that match, with their timelines. */
export interface ShowReply {
  /** Version of this format. */
  readonly v: 1;
  /** The files. */
  readonly files: readonly ShownFile[];
}

/** A file with its timeline. */
export interface ShownFile {
  /** The file. */
  readonly file: FileJson;
  /** What happened to it, oldest first. */
  readonly timeline: readonly TimelineJson[];
}

/** Where the next page of ended files begins: the value for `before`. */
export interface EndedKey {
  /** When the last file of the page ended, in milliseconds since the epoch. */
  readonly endedAt: number;
  /** `id` of that file. */
  readonly id: string;
}

/** A page of ended files, or the outages. */
export interface HistoryReply {
  /** Version of this format. */
  readonly v: 1;
  /** The files. */
  readonly files: readonly FileJson[];
  /** The outages, if they were asked for. */
  readonly outages: readonly OutageJson[];
  /** Where the next page begins. Null: this page is the last. */
  readonly next: EndedKey | null;
}

/** What was copied within a time. */
export interface PastSum {
  /** Number of files. */
  readonly files: number;
  /** Their sizes together. */
  readonly bytes: number;
}

/** A page of ended files that match a filter, with sums. */
export interface PastReply {
  /** Version of this format. */
  readonly v: 1;
  /** The files. */
  readonly files: readonly FileJson[];
  /** What was copied from each of the bounds to the next. */
  readonly sums: readonly PastSum[];
  /** Where the next page begins. Null: this page is the last. */
  readonly next: EndedKey | null;
}

/** Figures of the agent and its routes. */
export interface MetricsReply {
  /** Version of this format. */
  readonly v: 1;
  /** The figures in the text format of Prometheus. */
  readonly text: string;
}

/** The agent will stop. */
export interface StopReply {
  /** Version of this format. */
  readonly v: 1;
  /** The agent stops. */
  readonly accepted: true;
}

/** A setting that differs from the one that was in force. */
export interface ChangedSetting {
  /** Name of the route. Null: a setting of the agent. */
  readonly route: string | null;
  /** The setting: `stable_after`, `growing.min_size`, `agent.lanes`. */
  readonly key: string;
  /** The previous value, in the syntax of `sluice.toml`. */
  readonly before: string;
  /** The value in the file now. */
  readonly after: string;
  /** Why the new value takes effect only after a restart. Null: it is in effect now. */
  readonly needsRestart: string | null;
}

/** A route that was removed from the file. */
export interface RemovedRoute {
  /** Name of the route. */
  readonly route: string;
  /** Number of its running copies. The route ends with the last of them. */
  readonly copying: number;
}

/** The result of a reload. */
export interface ReloadReply {
  /** Version of this format. */
  readonly v: 1;
  /** The file that was read. Null: the agent has none. */
  readonly file: string | null;
  /** Why nothing was changed. Null: the file was applied. */
  readonly problem: string | null;
  /** Settings that changed. */
  readonly changes: readonly ChangedSetting[];
  /** Names of new routes. */
  readonly added: readonly string[];
  /** Routes that were removed. */
  readonly removed: readonly RemovedRoute[];
}

/** The number of records that were removed from the journal. */
export interface PruneReply {
  /** Version of this format. */
  readonly v: 1;
  /** Number of tracked files. */
  readonly files: number;
  /** Number of entries: transitions and facts, also of routes. */
  readonly entries: number;
}

/** The results of an action on files. */
export interface ActReply {
  /** Version of this format. */
  readonly v: 1;
  /** One for each file that the names stand for, and one for each name that stands for none. */
  readonly results: readonly FileOutcome[];
}

/** The results of an action on routes. */
export interface SteerReply {
  /** Version of this format. */
  readonly v: 1;
  /** One for each route. */
  readonly results: readonly RouteOutcome[];
}

/** The leftovers of failed growing copies at the destinations. */
export interface LeftoversReply {
  /** Version of this format. */
  readonly v: 1;
  /** The leftovers, by route, oldest first. */
  readonly leftovers: readonly LeftoverJson[];
  /** Total number of leftovers. If it is larger than the length of `leftovers`, the newest are left out. */
  readonly total: number;
}

/** A page of the log. */
export interface LogReply {
  /** Version of this format. */
  readonly v: 1;
  /** The lines, oldest first. A page may have fewer lines than requested, or none, without being the last. */
  readonly notes: readonly LogNote[];
  /** Where the next page begins: the value for `before`, or for `after` if that was given. Null: this page is the last. Absent from an older agent. */
  readonly next?: number | null;
}

/** A setting in force. */
export interface SettingJson {
  /** The table of `sluice.toml`, with the name of the route: `[agent]`, `[[route]] ingest`, `[route.growing] ingest`. */
  readonly table: string;
  /** The key in that table. */
  readonly key: string;
  /** The value, in the syntax of `sluice.toml`. */
  readonly value: string;
  /** Where the value comes from: `default`, a file and line such as `/etc/sluice/sluice.toml:14`, or an option such as `--stable-after`. */
  readonly from: string;
}

/** The settings in force. */
export interface SettingsReply {
  /** Version of this format. */
  readonly v: 1;
  /** The settings, grouped by table: first those of the agent, then those of each route in the order of the configuration. */
  readonly settings: readonly SettingJson[];
}

/** A reply that says only that the request was carried out. */
export interface EmptyReply {
  /** Version of this format. */
  readonly v: 1;
}

/** The agent ends this connection. */
export interface GoodbyeNote {
  /** Why, in one sentence. */
  readonly reason: string;
}
