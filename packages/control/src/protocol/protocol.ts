import { statuses } from '@sluice/core/model';
import { screenSorts, screenTabs, windowLimits } from '@sluice/lists';
import * as v from 'valibot';
import { filterLength, notesPerReply, rowsPerReply, sumsPerReply } from './limits.ts';
import type {
  ActReply,
  EmptyReply,
  FilesReply,
  HistoryReply,
  LeftoversReply,
  LogReply,
  MetricsReply,
  PastReply,
  PruneReply,
  ReloadReply,
  SettingsReply,
  ShowReply,
  SteerReply,
  StopReply,
} from './method-replies.ts';
import type { ClearJson } from './removal-replies.ts';
import type { EvidenceJson, GateNote, HelloJson, LogNote, StatusReply, TransitionNote } from './replies.ts';
import type { ScreenDelta, ScreenFrame } from './screen-frame.ts';

const name = v.pipe(v.string(), v.maxLength(4096));
const limit = v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(rowsPerReply)), 1000);
const endedKey = v.object({ endedAt: v.pipe(v.number(), v.safeInteger()), id: v.pipe(v.string(), v.maxLength(64)) });
const filter = v.pipe(v.string(), v.maxLength(filterLength));
const wholeNumber = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** Who requests an action and why, for the journal. */
const who = v.object({
  /** Name of the user. The journal adds `(not verified)` to the name that a member of `socket_group` gives. */
  user: v.pipe(v.string(), v.minLength(1), v.maxLength(256)),
  /** The address of the SSH client of the session. Null: this machine. A text that is not an address is left out. */
  origin: v.nullable(v.pipe(v.string(), v.maxLength(256))),
  /** Why, for the journal and for other operators. Null: no reason. */
  reason: v.nullable(v.pipe(v.string(), v.maxLength(1000))),
});
/** Who requests an action and why. */
export type Who = v.InferOutput<typeof who>;

/** The events that a client can subscribe to. */
export const topics = ['transition', 'gate', 'log'] as const;
/** The name of an event that a client can subscribe to. */
export type Topic = (typeof topics)[number];

/**
 * Every request with its parameters. To add one, add a line here and a line in {@linkcode Replies}. An older agent answers it with
 * `unknown_method`.
 */
export const requests = {
  /** Returns what the agent reports about itself. */
  ping: v.object({}),
  /** Returns the state of the agent and of all routes. */
  status: v.object({}),
  /** Returns figures for Prometheus. */
  metrics: v.object({}),
  /** Returns the live files and those that ended in the last 24 hours, newest first. */
  files: v.object({
    /** Only files in these states. Null: in all states. */
    statuses: v.optional(v.nullable(v.pipe(v.array(v.picklist(statuses)), v.maxLength(statuses.length))), null),
    /** Only files of this route. Null: of all routes. */
    route: v.optional(v.nullable(name), null),
    /** True: also files that ended longer ago. */
    all: v.optional(v.boolean(), false),
    /** Most files in the reply. */
    limit,
    /** `next` of the page before. Null: begin with the newest. */
    before: v.optional(v.nullable(wholeNumber), null),
  }),
  /** Returns the files that match, each with its timeline. */
  show: v.object({
    /** An id, the beginning of one, a name or a glob. */
    file: name,
  }),
  /** Returns files that ended, in the order in which they ended, the last one first; or outages. */
  history: v.object({
    /** An id, the beginning of one, a name or a glob. Null: all files. */
    file: v.optional(v.nullable(name), null),
    /** Only what ended since then. Null: everything in the journal. */
    since: v.optional(v.nullable(v.pipe(v.string(), v.isoTimestamp())), null),
    /** True: outages, and no files. */
    outages: v.optional(v.boolean(), false),
    /** Most files in the reply. */
    limit,
    /** `next` of the page before. Null: begin with the file that ended last. */
    before: v.optional(v.nullable(endedKey), null),
  }),
  /** Returns files that ended and match a filter of the screen, and sums over times. For the history of the screen. */
  past: v.object({
    /** A filter, as in the screen: words, `state:failed`, `route:NAME`, `size:>1GB`. Empty: all files. */
    filter,
    /** Only what ended since then. Null: everything in the journal. */
    since: v.nullable(v.pipe(v.string(), v.isoTimestamp())),
    /** Most files in the reply. */
    limit,
    /** `next` of the page before. Null: begin with the file that ended last. */
    before: v.optional(v.nullable(endedKey), null),
    /** Times, ascending. The reply has a sum from each of them to the next. */
    bounds: v.optional(v.pipe(v.array(v.pipe(v.string(), v.isoTimestamp())), v.maxLength(sumsPerReply)), []),
  }),
  /** Ends the agent. The reply comes before it has ended. */
  stop: v.object({
    /** `graceful`: within `stop_after`. `drain`: begin nothing new, finish what runs. `now`: at once, growing copies too. */
    mode: v.picklist(['graceful', 'drain', 'now']),
    /** Who requests it. */
    who,
  }),
  /** Reads `sluice.toml` again, and applies it if all of it is valid. */
  reload: v.object({
    /** Who requests it. */
    who,
  }),
  /** Removes old records from the journal. The reply comes when it is done. */
  prune: v.object({
    /**
     * Removes only what ended before this moment, which has to be in the past. The newest record of a file that may still be at
     * the source stays.
     */
    before: v.pipe(v.string(), v.isoTimestamp()),
    /** Who requests it. */
    who,
  }),
  /** Retries, skips or acknowledges files, or puts them first. */
  act: v.object({
    /** The action, as the command of the same name. */
    do: v.picklist(['retry', 'skip', 'first', 'acknowledge']),
    /** Each one an id, the beginning of one, a name or a glob. */
    files: v.pipe(v.array(name), v.minLength(1), v.maxLength(1000)),
    /** Who requests it. */
    who,
  }),
  /** Holds, releases, rescans or adopts routes, or acknowledges their files that vanished. */
  steer: v.object({
    /** The action, as the command of the same name. `remove_leftovers`: as `leftovers remove`; the reply comes before the removal ends. */
    do: v.picklist(['hold', 'release', 'rescan', 'adopt', 'acknowledge', 'remove_leftovers']),
    /** Names of routes. Null: all routes. */
    routes: v.optional(v.nullable(v.pipe(v.array(name), v.maxLength(1000))), null),
    /** With `hold`: when the hold ends by itself. Null: it lasts until it is released. */
    until: v.optional(v.nullable(v.pipe(v.string(), v.isoTimestamp())), null),
    /** With `adopt`: copy again the files that were copied and are not at the destination. */
    again: v.optional(v.boolean()),
    /** Who requests it. */
    who,
  }),
  /** Returns the leftovers of failed growing copies at the destinations. */
  leftovers: v.object({
    /** Name of the route. Null: all routes. */
    route: v.optional(v.nullable(name), null),
    /** False: only from the journal, without reading the destinations. */
    looks: v.optional(v.boolean(), true),
  }),
  /**
   * Deletes at the source of a route the files that `safe` proves to be copied, as the agent lists and compares them now. The reply comes
   * when they are deleted, or when the reason is known why one stays.
   */
  clear: v.object({
    /** Name of the route. */
    route: name,
    /** A folder, relative to the source. Null: all of the source. */
    folder: v.optional(v.nullable(v.pipe(name, v.nonEmpty())), null),
    /** True: deletes nothing, and says what would be deleted. */
    dryRun: v.boolean(),
    /** Who requests it. */
    who,
  }),
  /** Returns what a person needs to know before `adopt`: what is at the path of a destination. */
  evidence: v.object({
    /** Name of the route. */
    route: name,
  }),
  /** Subscribes this connection to events. It replaces an earlier subscription. */
  watch: v.object({
    /** The events. */
    topics: v.optional(v.pipe(v.array(v.picklist(topics)), v.maxLength(16)), [...topics]),
    /** Only events of this route. Null: of all routes. */
    route: v.optional(v.nullable(name), null),
  }),
  /** Returns a window of the files, and sends what changes in it as `screen` events. Requested again, it replaces the window. */
  screen: v.object({
    /** The tab of the screen. */
    tab: v.picklist(screenTabs),
    /** A filter, as in the screen. Empty: all files. */
    filter,
    /** The order of the files. */
    sort: v.picklist(screenSorts),
    /** True: the other way round. */
    isReversed: v.boolean(),
    /** True: leave out failed files that have a recovery. */
    hideRecovered: v.boolean(),
    /** Place of the first file of the window, from 0. */
    offset: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
    /** Most files in the window. */
    limit: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(windowLimits.windowRows)),
    /** `id` of a file that the window has to show: it begins there if the file would lie outside. Null: `offset` counts. */
    anchor: v.nullable(v.pipe(v.string(), v.maxLength(64))),
  }),
  /** Returns lines of the log, oldest first: the newest, or those before or after a line. */
  log: v.object({
    /** Most lines in the reply. */
    limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(notesPerReply)), 50),
    /** Lines before the one with this `seq`, or `next` of the page before. Null: the newest. */
    before: v.optional(v.nullable(wholeNumber), null),
    /** Lines after the one with this `seq`, or `next` of the page before; 0 begins with the oldest. Null: `before` decides. */
    after: v.optional(v.nullable(wholeNumber), null),
  }),
  /** Returns the settings in force, each with its origin. */
  settings: v.object({}),
  /** Ends the subscription and the window of this connection. */
  unwatch: v.object({}),
} as const;

/** The reply to each request. */
export interface Replies {
  ping: HelloJson;
  status: StatusReply;
  files: FilesReply;
  show: ShowReply;
  history: HistoryReply;
  past: PastReply;
  metrics: MetricsReply;
  stop: StopReply;
  reload: ReloadReply;
  prune: PruneReply;
  act: ActReply;
  steer: SteerReply;
  leftovers: LeftoversReply;
  clear: ClearJson;
  evidence: EvidenceJson;
  watch: EmptyReply;
  screen: ScreenFrame;
  log: LogReply;
  settings: SettingsReply;
  unwatch: EmptyReply;
}

/** The events that a subscriber gets, by their topic. */
export interface Notes {
  transition: TransitionNote;
  gate: GateNote;
  log: LogNote;
}

/** The name of a request. */
export type Method = keyof typeof requests;
/** The parameters as a client gives them: one with a default may be left out. */
export type ParamsOf<M extends Method> = v.InferInput<(typeof requests)[M]>;
/** The parameters as a handler gets them. */
export type ReadParamsOf<M extends Method> = v.InferOutput<(typeof requests)[M]>;

/** Returns whether a text is the name of a request. */
export function isMethod(method: string): method is Method {
  return Object.hasOwn(requests, method);
}

/** What the event `screen` carries. */
export type ScreenNote = ScreenDelta;
