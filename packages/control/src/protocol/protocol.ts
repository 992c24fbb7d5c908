import { statuses } from '@sluice/core/model';
import { screenSorts, screenTabs, windowLimits } from '@sluice/lists';
import * as v from 'valibot';
import { filterLength, notesPerReply, rowsPerReply, sumsPerReply } from './limits.ts';
import type {
  EvidenceJson,
  FileJson,
  FileOutcome,
  GateNote,
  HelloJson,
  LogNote,
  OutageJson,
  RouteOutcome,
  StatusReply,
  TimelineJson,
  TransitionNote,
} from './replies.ts';
import type { ScreenDelta, ScreenFrame } from './screen-frame.ts';

const name = v.pipe(v.string(), v.maxLength(4096));
const limit = v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(rowsPerReply)), 1000);
const endedKey = v.object({ endedAt: v.pipe(v.number(), v.safeInteger()), id: v.pipe(v.string(), v.maxLength(64)) });
const filter = v.pipe(v.string(), v.maxLength(filterLength));
const wholeNumber = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** Who asks, for the journal; what the operating system says of him, and why he does it. */
const who = v.object({
  user: v.pipe(v.string(), v.minLength(1), v.maxLength(256)),
  /** Where an SSH session comes from. */
  origin: v.nullable(v.pipe(v.string(), v.maxLength(256))),
  reason: v.nullable(v.pipe(v.string(), v.maxLength(1000))),
});
export type Who = v.InferOutput<typeof who>;

/** What a client may subscribe to. */
export const topics = ['transition', 'gate', 'log'] as const;
export type Topic = (typeof topics)[number];

/**
 * Every request with its parameters. To add one: a line here and a line in {@linkcode Replies}; clients of an older agent
 * get `unknown_method` for it.
 */
export const requests = {
  ping: v.object({}),
  status: v.object({}),
  /** The live ones and those that ended in the last 24 hours, newest first. */
  files: v.object({
    statuses: v.optional(v.nullable(v.pipe(v.array(v.picklist(statuses)), v.maxLength(statuses.length))), null),
    route: v.optional(v.nullable(name), null),
    all: v.optional(v.boolean(), false),
    limit,
    /** `next` of the page before; null: from the newest on. */
    before: v.optional(v.nullable(wholeNumber), null),
  }),
  /** An id, a prefix of one, a name or a glob. */
  show: v.object({ file: name }),
  history: v.object({
    file: v.optional(v.nullable(name), null),
    since: v.optional(v.nullable(v.pipe(v.string(), v.isoTimestamp())), null),
    outages: v.optional(v.boolean(), false),
    limit,
    before: v.optional(v.nullable(endedKey), null),
  }),
  /** What ended and matches a filter of the screen, whatever a client holds of it; `bounds`: RFC 3339, a sum is made from each to the next. */
  past: v.object({
    filter,
    since: v.nullable(v.pipe(v.string(), v.isoTimestamp())),
    limit,
    before: v.optional(v.nullable(endedKey), null),
    bounds: v.optional(v.pipe(v.array(v.pipe(v.string(), v.isoTimestamp())), v.maxLength(sumsPerReply)), []),
  }),
  /** `graceful`: within `stop_after`; `drain`: begin nothing new, finish what runs; `now`: as if killed, but cleanly. */
  stop: v.object({ mode: v.picklist(['graceful', 'drain', 'now']), who }),
  /** Each file an id, a prefix of one, a name or a glob. */
  act: v.object({
    do: v.picklist(['retry', 'skip', 'first', 'acknowledge']),
    files: v.pipe(v.array(name), v.minLength(1), v.maxLength(1000)),
    who,
  }),
  /** `routes` null: all of them. */
  steer: v.object({
    do: v.picklist(['hold', 'release', 'rescan', 'adopt', 'acknowledge']),
    routes: v.optional(v.nullable(v.pipe(v.array(name), v.maxLength(1000))), null),
    /** When a hold ends by itself. */
    until: v.optional(v.nullable(v.pipe(v.string(), v.isoTimestamp())), null),
    /** With `adopt`: files that were copied and are not at the destination are copied again. */
    again: v.optional(v.boolean()),
    who,
  }),
  /** For who is to say whether what lies at a destination's path is the destination. */
  evidence: v.object({ route: name }),
  watch: v.object({
    topics: v.optional(v.pipe(v.array(v.picklist(topics)), v.maxLength(16)), [...topics]),
    route: v.optional(v.nullable(name), null),
  }),
  /** Makes this connection a watcher of a window; asked again, of another one. Changes follow as notes `screen`. */
  screen: v.object({
    tab: v.picklist(screenTabs),
    filter,
    sort: v.picklist(screenSorts),
    isReversed: v.boolean(),
    hideRecovered: v.boolean(),
    offset: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
    limit: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(windowLimits.windowRows)),
    anchor: v.nullable(v.pipe(v.string(), v.maxLength(64))),
  }),
  /** The newest of what was logged: for who begins to watch. */
  log: v.object({ limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(notesPerReply)), 50) }),
  /** Neither of notes nor of a window anything more. */
  unwatch: v.object({}),
} as const;

/** What each request is answered with. */
export interface Replies {
  ping: HelloJson;
  status: StatusReply;
  /** A page may be short, or empty, and not be the last: that one has no `next`. */
  files: { readonly v: 1; readonly files: readonly FileJson[]; readonly next: number | null };
  show: { readonly v: 1; readonly files: readonly { readonly file: FileJson; readonly timeline: readonly TimelineJson[] }[] };
  history: {
    readonly v: 1;
    readonly files: readonly FileJson[];
    readonly outages: readonly OutageJson[];
    readonly next: { readonly endedAt: number; readonly id: string } | null;
  };
  past: {
    readonly v: 1;
    readonly files: readonly FileJson[];
    /** What was copied from each of the bounds to the next. */
    readonly sums: readonly { readonly files: number; readonly bytes: number }[];
    readonly next: { readonly endedAt: number; readonly id: string } | null;
  };
  stop: { readonly v: 1; readonly accepted: true };
  act: { readonly v: 1; readonly results: readonly FileOutcome[] };
  steer: { readonly v: 1; readonly results: readonly RouteOutcome[] };
  evidence: EvidenceJson;
  watch: { readonly v: 1 };
  screen: ScreenFrame;
  /** Oldest first. */
  log: { readonly v: 1; readonly notes: readonly LogNote[] };
  unwatch: { readonly v: 1 };
}

/** What subscribers get. */
export interface Notes {
  transition: TransitionNote;
  gate: GateNote;
  log: LogNote;
}

export type Method = keyof typeof requests;
/** As a client may give them: what has a default may be left out. */
export type ParamsOf<M extends Method> = v.InferInput<(typeof requests)[M]>;
/** As a handler gets them. */
export type ReadParamsOf<M extends Method> = v.InferOutput<(typeof requests)[M]>;

export function isMethod(method: string): method is Method {
  return Object.hasOwn(requests, method);
}

/** What has changed in the window of a watcher, since the last delta that it got. */
export const screenMethod = 'screen';
export type ScreenNote = ScreenDelta;

/** The agent is about to hang up; the client should say why. */
export const goodbyeMethod = 'goodbye';
