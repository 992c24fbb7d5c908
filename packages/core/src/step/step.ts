import { conditionWake, pursueConditions } from '../conditions/conditions.ts';
import { prepared } from '../gate/before-probe.ts';
import { markerRefused, markerWritten, probeAnswered, proberHung } from '../gate/probe-answers.ts';
import { gateWake, pursueGate, waitAgain } from '../gate/when-to-probe.ts';
import { leftoverRemoved, pursueLeftoverRemovals } from '../leftover-removal.ts';
import { leftoverMarked, partsRemoved, pursueMarks, pursueSweeps, sweepWake } from '../leftovers.ts';
import type { Effect } from '../messages/effect.ts';
import type { Envelope, Event } from '../messages/event.ts';
import type { JournalRecord } from '../messages/record.ts';
import { unreachable } from '../model/assert.ts';
import type { CopyReport } from '../model/copy.ts';
import { isCompleted, isRunning, type TrackedFile } from '../model/file.ts';
import type { RouteName } from '../model/ids.ts';
import { limits } from '../model/limits.ts';
import { settledAtOnce } from '../model/settings.ts';
import { actOnFile } from '../operator/file-actions.ts';
import { meantBy, refusal } from '../operator/refusal.ts';
import { actOnRoute, pursueHold } from '../operator/route-actions.ts';
import { pursueQueue } from '../queue.ts';
import { isRemovable } from '../removal/records.ts';
import { pursueRemovals, removalDue, removalWake } from '../removal/removal.ts';
import { removalReported, removerLost } from '../removal/report.ts';
import { hastenListing, pursueBlocker } from '../scan/idle.ts';
import { pursueMoved } from '../scan/new-destination.ts';
import { pursueRenamed } from '../scan/renamings.ts';
import {
  entriesSeen,
  intakeRestarted,
  listingCompleted,
  listingFailed,
  pathsChecked,
  pathsNoticed,
  pursueScan,
  scanWake,
  sourceListed,
} from '../scan/source.ts';
import { sourceState } from '../scan/source-state.ts';
import { learnLengths } from '../state/names.ts';
import { type CoreState, type RouteState, routeOf } from '../state/state.ts';
import { beginWork, note, noteRoute, refresh, runningFiles, type Work, wakeAt } from '../state/work.ts';
import { pursueRechecks, recheckReport } from '../states/completed.ts';
import { copyingReport } from '../states/copying.ts';
import { pursuePausing } from '../states/discovered.ts';
import { checkAgain, isUnsettled } from '../states/growing.ts';
import { queuedReport, startPreflight } from '../states/queued.ts';
import { endHold } from '../states/ready.ts';
import { pursueLost } from '../states/removed.ts';
import { suspect } from '../states/suspicion.ts';
import { verifyingReport } from '../states/verifying.ts';
import { endPause } from '../states/waiting.ts';
import { agentStarted, configured, pursueStop, stopDeadline, stopRequested } from './lifecycle.ts';
import { pursueLeaving, reloadEnded, reloaded, routeLeft } from './reload.ts';

/** The result of a step: the records to commit, and the effects to run after the commit. */
export interface StepResult {
  readonly records: readonly JournalRecord[];
  readonly effects: readonly Effect[];
}

/**
 * Applies one event and edits the state in place. Deterministic: the same state and envelope give the same records and effects.
 *
 * @throws ProgrammingError for an event that cannot occur, but never for one that can arrive late
 */
export function step(state: CoreState, envelope: Envelope): StepResult {
  const work = beginWork(state, envelope);
  handleEvent(work, envelope.event);
  // The event has no effects, so it is recorded even while the agent ends.
  const isRecorded = envelope.event.kind === 'hook_ended';
  if (isRecorded || envelope.isFollowed === true) return { records: work.records, effects: work.effects };
  for (const route of state.routes.values()) {
    if (route.ending !== null) {
      if (state.stopping === null) pursueRemovals(work, route);
      pursueGate(work, route);
      pursueLeaving(work, route);
      continue;
    }
    if (state.stopping === null) {
      hastenListing(work, route);
      pursueScan(work, route);
      pursueRechecks(work, route);
      pursueSweeps(work, route);
      pursueMarks(work, route);
      pursueLeftoverRemovals(work, route);
      pursueRemovals(work, route);
    }
    pursueLost(work, route);
    pursuePausing(work, route);
    pursueRenamed(work, route);
    pursueBlocker(work, route);
    pursueHold(work, route);
    pursueGate(work, route);
    if (state.stopping === null) pursueMoved(work, route);
    pursueQueue(work, route, startPreflight);
    if (state.stopping === null) pursueConditions(work, route);
  }
  pursueStop(work);
  return { records: work.records, effects: work.effects };
}

/** Returns when core next needs a `tick`. Monotonic milliseconds; infinite if no tick is needed. */
export function nextWake(state: CoreState): number {
  let soonest = state.alarms.earliest() ?? Number.POSITIVE_INFINITY;
  for (const route of state.routes.values()) {
    soonest = Math.min(soonest, route.holdEndsAt, gateWake(route));
    // While the agent stops, nothing is listed or swept, so those moments do not count.
    if (state.stopping === null && route.ending === null)
      soonest = Math.min(soonest, scanWake(route), sweepWake(route), conditionWake(state, route), removalWake(state, route));
  }
  return soonest;
}

function handleEvent(work: Work, event: Event): void {
  if ('route' in event) {
    const route = work.state.routes.get(event.route);
    // Of a removed route, something may have been on its way.
    if (route !== undefined) handleRouteEvent(work, route, event);
    return;
  }
  switch (event.kind) {
    case 'agent_started':
      return agentStarted(work);
    case 'configured':
      return configured(work, null);
    case 'reloaded':
      return reloaded(work, event);
    case 'reload_ended':
      return reloadEnded(work, event);
    case 'tick':
      return ring(work);
    case 'journal_resumed':
      return journalResumed(work);
    case 'stop_requested':
      return stopRequested(work, event);
    case 'stop_deadline':
      return stopDeadline(work);
    case 'operator_asked':
      return operatorAsked(work, event);
    case 'hook_ended':
      return hookEnded(work, event);
    default:
      return unreachable(event);
  }
}

function handleRouteEvent(work: Work, route: RouteState, event: Extract<Event, { readonly route: RouteName }>): void {
  switch (event.kind) {
    case 'source_state':
      return sourceState(work, route, event);
    case 'source_listed':
      return sourceListed(route, event);
    case 'entries_seen':
      return entriesSeen(work, route, event);
    case 'paths_noticed':
      return pathsNoticed(route, event);
    case 'paths_checked':
      return pathsChecked(work, route, event);
    case 'listing_completed':
      return listingCompleted(work, route, event);
    case 'listing_failed':
      return listingFailed(work, route, event);
    case 'intake_restarted':
      return intakeRestarted(work, route);
    case 'probe_answered':
      return probeAnswered(work, route, event);
    case 'prepared':
      return prepared(route);
    case 'marker_written':
      return markerWritten(work, route, event);
    case 'marker_refused':
      return markerRefused(work, route, event);
    case 'prober_hung':
      return proberHung(work, route, event);
    case 'copy_reported':
      return copyReported(work, route, event);
    case 'carrier_lost':
      return carrierLost(work, route, event);
    case 'parts_removed':
      return partsRemoved(work, route, event);
    case 'leftover_marked':
      return leftoverMarked(work, route, event);
    case 'leftover_removed':
      return leftoverRemoved(work, route, event);
    case 'removal_reported':
      return removalReported(work, route, event);
    case 'remover_lost':
      return removerLost(work, route);
    case 'route_left':
      return routeLeft(work, route);
    default:
      return unreachable(event);
  }
}

/** Records the end of a hook on each route for which it ran. A route that is no longer configured is left out. */
function hookEnded(work: Work, { hook, program, tookMs, end, routes }: Extract<Event, { kind: 'hook_ended' }>): void {
  for (const { route: name, calls } of routes) {
    const route = work.state.routes.get(name);
    if (route !== undefined) noteRoute(work, route, { kind: 'hook_ended', hook, program, calls, tookMs, end });
  }
}

/**
 * Restarts all deadlines after the journal accepts records again. The agent itself caused the silence: the others' messages have
 * not been read yet.
 */
function journalResumed(work: Work): void {
  for (const route of work.state.routes.values()) {
    waitAgain(work, route);
    for (const file of runningFiles(work, route)) refresh(work, { ...file, aliveAt: work.at });
  }
}

function isAway({ source }: RouteState): boolean {
  return source.state === 'missing' || source.state === 'suddenly_empty';
}

/** Handles files whose alarms are due. If more are due than one step handles, another one follows at once. */
function ring(work: Work): void {
  const { alarms, settings } = work.state;
  const dueAt = alarms.earliest() ?? work.at;
  for (const id of alarms.popDue(work.at, settledAtOnce(settings))) {
    const file = work.state.files.get(id);
    if (file === undefined) continue;
    const route = routeOf(work.state, file.route);
    if (isUnsettled(file)) checkAgain(work, route, file, dueAt);
    // The back-off ends when the source is online again. Nothing is recorded until then.
    else if (file.status === 'READY' && file.hold === 'backoff' && isAway(route)) wakeAt(work, id, work.at + limits.sourceAwayMs);
    else if (file.status === 'READY' && file.retryAt !== null) endHold(work, file);
    else if (file.status === 'WAITING_FOR_NETWORK' || file.status === 'WAITING_FOR_SPACE') endPause(work, file);
    else if (isCompleted(file) && isRemovable(file)) removalDue(route, file);
  }
}

/** Applies a report of a copy. A report of a copy that has ended is ignored; its id shows that. */
function copyReported(work: Work, route: RouteState, event: Extract<Event, { kind: 'copy_reported' }>): void {
  const recheck = route.rechecks.get(event.fileId);
  if (recheck !== undefined && recheck.copyId === event.copyId) {
    recheckReport(work, route, recheck, event.report);
    return;
  }
  const file = work.state.files.get(event.fileId);
  learnLengths(route, event.report);
  if (file !== undefined) report(work, route, file, event);
}

function report(work: Work, route: RouteState, file: TrackedFile, event: { readonly copyId: string; readonly report: CopyReport }): void {
  if (file.status === 'IN_QUEUE' && file.copyId === event.copyId) queuedReport(work, route, file, event.report);
  else if (!isRunning(file) || file.copyId !== event.copyId) return;
  // The copy has failed and waits for a probe that shows the cause. Any later report was sent before the failure.
  else if (file.suspicion?.isFinal === true) return;
  else if (file.status === 'VERIFYING') verifyingReport(work, route, file, event.report);
  else copyingReport(work, route, file, event.report);
}

/** Treats the copies of a lost carrier like failed calls to the destination. A probe then decides the cause. */
function carrierLost(work: Work, route: RouteState, event: Extract<Event, { kind: 'carrier_lost' }>): void {
  const fault = {
    side: 'destination' as const,
    code: 'CHILD_LOST',
    operation: 'carry',
    message: `the copy process ended (${event.code})`,
  };
  const lost = new Set<string>(event.copyIds);
  // It is not known whether the requested renames were done, so they are requested again.
  route.marking.clear();
  route.removingLeftover.clear();
  for (const status of ['IN_QUEUE', 'COPYING', 'GROWING_COPY', 'VERIFYING'] as const) {
    for (const id of [...route.byStatus[status]]) {
      const file = work.state.files.get(id);
      if (file === undefined || !('copyId' in file) || file.copyId === null || !lost.has(file.copyId)) continue;
      if (file.status === 'IN_QUEUE') queuedReport(work, route, file, { kind: 'failed', fault, syncedBytes: 0, sizeBytes: 0 });
      else if (isRunning(file)) suspect(work, route, file, fault, true);
    }
  }
  for (const recheck of [...route.rechecks.values()]) {
    if (recheck.copyId !== null && lost.has(recheck.copyId)) {
      recheckReport(work, route, recheck, { kind: 'failed', fault, syncedBytes: 0, sizeBytes: 0 });
    }
  }
}

/**
 * Applies an operator's request. An action that was impossible was refused before this event. One that has become impossible
 * since is journaled as too late.
 */
export function operatorAsked(work: Work, { action, who }: Extract<Event, { kind: 'operator_asked' }>): void {
  const refused = refusal(work.state, action);
  if (!('source' in action)) {
    if (refused === null) actOnRoute(work, action, who);
    return;
  }
  const file = meantBy(work.state, action);
  if (file === null) return;
  if (refused === null) actOnFile(work, file, action, who);
  else note(work, file, { kind: 'refused', action: action.do, by: who.by, reason: who.reason, why: refused });
}
