import { recallCalled } from '../conditions/conditions.ts';
import { sweepAt } from '../leftovers.ts';
import type { Event } from '../messages/event.ts';
import type { EndedFiles } from '../messages/ports.ts';
import type { JournalImage, RouteFactRecord } from '../messages/record.ts';
import { isRunning, isSourceRemoved, type RunningFile, type TrackedFile } from '../model/file.ts';
import type { RouteName } from '../model/ids.ts';
import type { CoreSettings, RouteSettings } from '../model/settings.ts';
import { recallHold } from '../operator/route-actions.ts';
import { firstSight } from '../policy/growth.ts';
import { recallFirsts } from '../queue.ts';
import { resumeRemovals } from '../removal/removal.ts';
import { confirmAgain } from '../scan/source.ts';
import { recallRenames } from '../state/names.ts';
import { type CoreState, departFile, emptyState, type FormerDestination, putFile, type RouteState, routeOf } from '../state/state.ts';
import { ask, isPublishing, noteRoute, noteRouteNamed, refresh, runningFiles, type Work } from '../state/work.ts';
import { fail } from '../states/failed.ts';
import { isUnsettled, watchOn } from '../states/growing.ts';
import { leaveQueue } from '../states/queued.ts';
import { watchRetryAgain } from '../states/ready.ts';
import { watchWait } from '../states/waiting.ts';

/** The input of a start. */
export interface StartInput {
  readonly settings: CoreSettings;
  readonly image: JournalImage;
  /** The files that the image does not have. Absent: it has all files. */
  readonly ended?: EndedFiles;
  /** Reads the image again, for a route that comes later. */
  readonly loadImage?: () => JournalImage;
  readonly untilIdle: boolean;
  /** Monotonic and wall clock, milliseconds. */
  readonly at: number;
  readonly wall: number;
}

/** Returns the state that the journal has. Files of routes that are no longer configured stay in the journal, unchanged. */
export function restoreState(input: StartInput): CoreState {
  const { settings, image, ended = null, loadImage = null, untilIdle, at, wall } = input;
  const state = emptyState(settings, untilIdle, wall, { ended, loadImage });
  for (const { route, event } of image.routeFacts) if (event.kind === 'configured') state.configured.set(route, event.settings);
  recallRoutes(state, [...state.routes.keys()], image, { at, wall });
  return state;
}

/** Loads the records of these new routes from the journal into the state. */
export function recallRoutes(state: CoreState, names: readonly RouteName[], image: JournalImage, now: Pick<Work, 'at' | 'wall'>): void {
  const { at, wall } = now;
  const routes = new Map(names.map((name) => [name, routeOf(state, name)]));
  for (const used of image.usedNames) routes.get(used.route)?.names.set(used.destination, used.fileId);
  for (const file of image.files) {
    const route = routes.get(file.route);
    if (route === undefined) continue;
    putFile(state, renewClock(file, at));
    recallRenames(route, file);
  }
  for (const route of routes.values()) {
    for (const id of route.lost) route.lostSince.set(id, at - Math.max(0, wall - (state.files.get(id)?.endedAt ?? wall)));
  }
  for (const { route: name, destination, since } of image.outages ?? []) {
    const route = routes.get(name);
    if (route?.settings.destination === destination) route.gate.earlierSince = since;
  }
  for (const fact of image.routeFacts) {
    const route = routes.get(fact.route);
    if (route !== undefined) recall(state, route, fact, at, wall);
  }
}

function recall(state: CoreState, route: RouteState, { event }: RouteFactRecord, at: number, wall: number): void {
  if (event.kind === 'held') recallHold(route, event, at, wall);
  if (event.kind === 'first') recallFirsts(state, route, event.sources);
  if (event.kind === 'person_called') recallCalled(route, event, at, wall);
  // Facts about another destination folder do not apply to this one.
  const isHere = 'destination' in event && event.destination === route.settings.destination;
  if (isHere && event.kind === 'destination_known') route.gate.marker = event.marker;
  if (!isHere && event.kind === 'destination_known') route.movedFrom = formerDestination(event.marker);
  if (!isHere && event.kind === 'destination_forgotten') route.movedFrom = formerDestination(null);
  if (isHere && event.kind === 'destination_adopted') route.gate.plainFolderMeant = true;
}

/** Replaces monotonic moments of an earlier run, which have no meaning in this one. */
function renewClock(file: TrackedFile, at: number): TrackedFile {
  if (isUnsettled(file)) return { ...file, growth: firstSight(at) };
  if (file.status === 'READY') return { ...file, movedAt: at };
  if (file.status === 'VERIFYING') return { ...file, aliveAt: at, suspicion: null, freshSince: null };
  return isRunning(file) ? { ...file, aliveAt: at, suspicion: null } : file;
}

/**
 * Records the settings that differ from those in the journal. Commands that read only the journal use these records.
 * @param by who had them read again; null: the agent starts
 */
export function configured(work: Work, by: string | null): void {
  const { configured: before, routes } = work.state;
  const who = by === null ? {} : { by };
  for (const name of [...before.keys()]) {
    if (routes.get(name)?.ending === null) continue;
    before.delete(name);
    noteRouteNamed(work, name, { kind: 'unconfigured', ...who });
  }
  for (const route of routes.values()) {
    if (route.ending !== null) continue;
    const { settings } = route;
    const earlier = before.get(settings.name);
    const changed = earlier === undefined ? [] : changedSettings(earlier, settings);
    if (earlier !== undefined && changed.length === 0) continue;
    before.set(settings.name, settings);
    noteRouteNamed(work, settings.name, { kind: 'configured', settings, changed, ...who });
    if (earlier !== undefined && changed.includes('destination')) moveFrom(work, route, earlier.destination);
  }
}

function formerDestination(marker: string | null): FormerDestination {
  return { marker, copiedSince: new Set() };
}

/** Records that a route left a destination without a marker. Such a destination is identified only by its path. */
function moveFrom(work: Work, route: RouteState, destination: string): void {
  if (route.movedFrom !== null || route.gate.marker !== null) return;
  route.movedFrom = formerDestination(null);
  noteRoute(work, route, { kind: 'destination_forgotten', destination });
}

function changedSettings(before: RouteSettings, after: RouteSettings): (keyof RouteSettings)[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)] as (keyof RouteSettings)[]);
  return [...keys].filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
}

/** Applies the first event: fails copies that the earlier run left unfinished, and sets the alarms of all files. */
export function agentStarted(work: Work): void {
  for (const route of work.state.routes.values()) resumeRoute(work, route);
}

/** Continues a route with its records in the journal. */
export function resumeRoute(work: Work, route: RouteState): void {
  confirmAgain(work, route);
  resumeRemovals(work, route);
  for (const id of route.newest.values()) {
    const file = work.state.files.get(id);
    if (file !== undefined) resumeFile(work, route, file);
  }
}

function resumeFile(work: Work, route: RouteState, file: TrackedFile): void {
  sweepAt(route, file, work.at);
  if (isSourceRemoved(file)) departFile(work.state, route, file);
  if (isUnsettled(file)) watchOn(work, route, file);
  else if (file.status === 'READY') watchRetryAgain(work, file);
  else if (file.status === 'WAITING_FOR_NETWORK' || file.status === 'WAITING_FOR_SPACE') watchWait(work, route, file);
  else if (file.status === 'IN_QUEUE') leaveQueue(work, file, { kind: 'agent_started' });
  else if (isRunning(file) && !isPublishing(file)) endUnfinished(work, route, file);
}

/** Ends a copy that ran when the agent died. It is not known whether its create was sent, so the copy counts as begun. */
function endUnfinished(
  work: Work,
  route: RouteState,
  file: Extract<TrackedFile, { copyId: string }> & { status: 'COPYING' | 'GROWING_COPY' | 'VERIFYING' },
): void {
  const isComparing = file.status === 'COPYING' && file.comparing;
  const known = refresh(work, { ...file, begun: file.begun || !isComparing });
  fail(work, route, known, 'agent_stopped', { kind: 'agent_gone' });
}

/**
 * Stops the work: no new copy starts. With `drain`, running copies finish. Otherwise stable copies are withdrawn and growing ones
 * fail.
 */
export function stopRequested(work: Work, { by, reason = null, mode }: Extract<Event, { kind: 'stop_requested' }>): void {
  const drain = mode === 'drain';
  if (work.state.stopping !== null && work.state.stopping.drain === drain) return;
  work.state.stopping = { by, drain };
  for (const route of work.state.routes.values()) {
    noteRoute(work, route, { kind: 'stop_asked', by, reason, mode });
    for (const id of [...route.byStatus.IN_QUEUE]) {
      const file = work.state.files.get(id);
      if (file?.status === 'IN_QUEUE') leaveQueue(work, file, { kind: 'agent_stops' });
    }
    if (!drain) for (const file of runningFiles(work, route)) endGracefully(work, route, file);
  }
}

function endGracefully(work: Work, route: RouteState, file: ReturnType<typeof runningFiles>[number]): void {
  if (isPublishing(file)) return;
  // A copy that has failed, or may have, cannot be asked to clean up after itself.
  const isInDoubt = file.suspicion?.isFinal === true;
  if ((file.part === null && file.begun) || isInDoubt) endNow(work, route, file);
  else ask(work, { kind: 'withdraw', route: file.route, fileId: file.id, copyId: file.copyId });
}

function endNow(work: Work, route: RouteState, file: ReturnType<typeof runningFiles>[number]): void {
  fail(work, route, file, 'agent_stopped', { kind: 'agent_stopped' });
}

/**
 * Ends all copies that still run when `stop_after` has passed. A file that is being published stays in that state for the next
 * start.
 */
export function stopDeadline(work: Work): void {
  for (const route of work.state.routes.values()) {
    for (const file of runningFiles(work, route)) if (!isPublishing(file)) endNow(work, route, file);
  }
  if (!work.state.hasStopped) ask(work, { kind: 'stopped' });
  work.state.hasStopped = true;
}

/**
 * Returns whether a copy may still end before the stop. A file that is being published to an offline destination stays in that
 * state for the next start.
 */
export function mayStillEnd(route: RouteState, file: RunningFile): boolean {
  return route.gate.state === 'open' || !isPublishing(file);
}

/** Reports once that no copy runs any more. */
export function pursueStop(work: Work): void {
  const { state } = work;
  if (state.stopping === null || state.hasStopped) return;
  for (const route of state.routes.values()) if (runningFiles(work, route).some((file) => mayStillEnd(route, file))) return;
  state.hasStopped = true;
  ask(work, { kind: 'stopped' });
}
