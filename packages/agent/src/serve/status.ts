import type {
  AgentJson,
  ConditionJson,
  FileJson,
  OutageJson,
  RefusedReload,
  RouteJson,
  StatusJson,
  StatusReply,
  TimelineJson,
} from '@sluice/control';
import { type CoreState, type RouteView, rateAt, rateChangeAfter, timeText, viewFile, viewRoute } from '@sluice/core';
import { isEnded, type RouteName, type Status, type TrackedFile } from '@sluice/core/model';
import type { JournalReader, Outage, TimelineEntry } from '@sluice/persistence';
import { localTimeOf } from '@sluice/platform';
import { conditionJson, fileJson, findingText, gateJson, judge } from '@sluice/words';

/** The properties of the agent itself. */
export interface AgentSelf {
  readonly pid: number;
  readonly version: string;
  readonly startedAt: string;
  readonly stateDir: string;
}

/** The problems of the agent itself. */
export interface OwnTroubles {
  /** True while the journal refuses records. */
  readonly isStalled: boolean;
  /** The conditions that need a person. */
  readonly conditions: readonly ConditionJson[];
  /** The last reload, if it was refused. Null: it was not. */
  readonly refusedReload: RefusedReload | null;
}

type Reader = Omit<JournalReader, 'close'>;

/**
 * Returns the status of all routes and the verdict on them. Figures of live files are from core, those of ended ones from the
 * journal.
 */
export function statusOf(state: CoreState, reader: Reader, self: AgentSelf, wall: number, own: OwnTroubles): StatusReply {
  const views = [...state.routes.values()].map((route) => viewRoute(state, route));
  const routes = views.map((view) => {
    const { recording, copying, waiting } = view;
    const counts = { ...reader.counts(view.name), ...liveCounts(view.counts) };
    const shown = { ...routeJson(view, counts, reader.recovered(view.name)), ...selected(view), ...limited(state, view, wall) };
    return { ...shown, recording, copying, waiting };
  });
  const conditions = conditionsOf(own.conditions, views);
  const verdict = verdictOf(views, wall, own);
  // Absent if there are none, like all that was added to the contract.
  return { v: 1, verdict, agent: agentJson(self, own), routes, ...(conditions.length === 0 ? {} : { conditions }) };
}

/** Returns the agent as clients see it. */
export function agentJson(self: AgentSelf, { refusedReload }: Pick<OwnTroubles, 'refusedReload'>): AgentJson {
  return { running: true, ...self, ...(refusedReload === null ? {} : { reloadRefused: refusedReload }) };
}

/** Returns the conditions that need a person: those of the agent itself, then those of the routes. */
export function conditionsOf(own: OwnTroubles['conditions'], views: readonly RouteView[]): readonly ConditionJson[] {
  return [...own, ...views.flatMap((view) => view.conditions.map((each) => conditionJson(view.name, each)))];
}

function selected({ selection: { leftAlone, unmatched } }: RouteView): Partial<RouteView['selection']> {
  return { ...(leftAlone.length === 0 ? {} : { leftAlone }), ...(unmatched.length === 0 ? {} : { unmatched }) };
}

/** Returns the limit in force, if the route has one at any time. */
function limited({ routes }: CoreState, { name }: RouteView, wall: number): Pick<RouteJson, 'maxRate'> {
  const settings = routes.get(name as RouteName)?.settings;
  if (settings === undefined || (settings.maxRateBytesPerSecond === null && settings.rates.length === 0)) return {};
  const until = rateChangeAfter(settings, wall, localTimeOf);
  return { maxRate: { bytesPerSecond: rateAt(settings, localTimeOf(wall)), until: until === null ? null : timeText(until) } };
}

/** Returns the JSON of a route. @param counts live files as core counts them, ended files as the caller counts them */
export function routeJson(view: RouteView, counts: RouteJson['counts'], recovered: number): RouteJson {
  const { name, source, destination, sourceState, gate, space, needsYou, bytesPerSecond, hold } = view;
  const state = sourceState.state as RouteJson['sourceState']['state'];
  return {
    name,
    source,
    destination,
    sourceState: { ...sourceState, state },
    gate: gateJson(gate),
    ...(view.beforeProbe === null ? {} : { beforeProbe: view.beforeProbe }),
    space,
    counts,
    needsYou,
    ...(view.lost === null ? {} : { lost: view.lost.count }),
    ...(view.notWatched === null ? {} : { notWatched: view.notWatched }),
    ...(view.pausing === null ? {} : { pausing: view.pausing }),
    ...(view.renamed === null ? {} : { renamed: view.renamed }),
    ...(view.removals === null ? {} : { removals: view.removals }),
    recovered,
    bytesPerSecond,
    hold,
  };
}

/** Returns the verdict on all routes. @param wall milliseconds since the epoch */
export function verdictOf(views: readonly RouteView[], wall: number, own: Omit<OwnTroubles, 'refusedReload'>): StatusJson['verdict'] {
  return own.isStalled ? journalStalled : judge(views, wall, own.conditions);
}

const journalStalled = {
  ok: false,
  text: 'the journal cannot be written: no copy starts or finishes until it can; is the disk of the state folder full?',
};

function liveCounts(counts: RouteJson['counts']): Partial<RouteJson['counts']> {
  return Object.fromEntries(Object.entries(counts).filter(([status]) => !isEnded(status as Status)));
}

/** Returns the JSON of a record of the journal, with core's newer figures if the file is still live. */
export function viewNewest(state: CoreState, file: TrackedFile): FileJson {
  return viewLive(state, state.files.get(file.id) ?? file);
}

/** Returns the JSON of a file that core holds. */
export function viewLive(state: CoreState, file: TrackedFile): FileJson {
  const route = state.routes.get(file.route);
  return fileJson(viewFile(file, route?.gate.state === 'open', (route?.hold ?? null) !== null));
}

/** Returns the JSON of a timeline. */
export function timelineJson(entries: readonly TimelineEntry[]): TimelineJson[] {
  return entries.map(({ seq, at, from, to, event: { kind, ...detail } }) => ({ seq, at: timeText(at), from, to, event: kind, detail }));
}

/** Returns the JSON of an outage. */
export function outageJson({ route, since, until, closed }: Outage): OutageJson {
  const { cause, code } = closed;
  return { route, since: timeText(since), until: until === null ? null : timeText(until), cause, code, ...findingText(closed, route) };
}
