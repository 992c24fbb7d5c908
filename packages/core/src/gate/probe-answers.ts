import type { Event } from '../messages/event.ts';
import type { Finding } from '../model/fault.ts';
import { limits } from '../model/limits.ts';
import type { ProbeResult } from '../model/probe.ts';
import { spaceLevel } from '../policy/space.ts';
import { type RouteState } from '../state/state.ts';
import { ask, askProbe, noteGate, noteRoute, type Work } from '../state/work.ts';
import { wakeWaiting } from '../states/waiting.ts';
import { mayOpen } from './flapping.ts';
import { type ClosingReason, closeGate, limitLanes, openGate } from './open-close.ts';
import { resolveSuspicions } from './resolve-suspicions.ts';

type Of<Kind extends Event['kind']> = Extract<Event, { kind: Kind }>;
type Bad = Extract<ProbeResult, { kind: 'bad' }>;
type Good = Extract<ProbeResult, { kind: 'good' }>;

/** Closes the gate because a probe was not answered before its deadline. */
export function silence(work: Work, route: RouteState): void {
  route.gate.outstanding = null;
  const finding: Finding = { kind: 'no_answer', deadlineMs: route.settings.probe.deadlineMs };
  bad(work, route, { kind: 'bad', cause: 'timeout', code: 'SILENT', finding, description: null });
}

/** Applies the answer to a probe. An answer to an earlier probe counts only if it is not bad. */
export function probeAnswered(work: Work, route: RouteState, event: Of<'probe_answered'>): void {
  const { gate } = route;
  if (gate.outstanding?.probeId !== event.probeId) {
    if (event.result.kind !== 'bad') answeredLate(work, route);
    return;
  }
  const { sentAt } = gate.outstanding;
  gate.outstanding = null;
  switch (event.result.kind) {
    case 'good':
      good(work, route, event.result, sentAt);
      return;
    case 'unmarked':
      unmarked(work, route, event.result);
      return;
    case 'bad':
      bad(work, route, event.result);
  }
}

/**
 * Handles an answer to a probe that was given up. The storage answers again, and the current probe may be stuck behind the late
 * one, so a new probe is requested. A probe younger than `probe.closed` is not replaced: otherwise two late answers would keep
 * discarding each other's successor.
 */
function answeredLate(work: Work, route: RouteState): void {
  const { gate, settings } = route;
  if (gate.state === 'open') return;
  if (gate.outstanding !== null && work.at - gate.outstanding.sentAt < settings.probe.closedMs) return;
  gate.outstanding = null;
  askProbe(work, route);
}

/** Requests that the marker is written. The intent is committed with this step's records, before the effect runs. */
function unmarked(work: Work, route: RouteState, result: Extract<ProbeResult, { kind: 'unmarked' }>): void {
  if (route.gate.marker !== null) {
    // This probe was sent before the marker was known.
    askProbe(work, route);
    return;
  }
  const isAgain = route.gate.intendedMarker !== null;
  const marker = route.gate.intendedMarker ?? work.ids.fresh();
  route.gate.intendedMarker = marker;
  route.gate.description = result.description;
  if (!isAgain) noteRoute(work, route, { kind: 'marker_intended', marker, destination: route.settings.destination });
  ask(work, { kind: 'write_marker', route: route.settings.name, marker, mount: result.mount });
  route.gate.nextProbeAt = work.at + route.settings.probe.closedMs;
}

/** Records a marker that was written, and requests a probe. */
export function markerWritten(work: Work, route: RouteState, event: Of<'marker_written'>): void {
  learnMarker(work, route, event.marker);
  askProbe(work, route);
}

/**
 * Schedules the next attempt to write a marker. It comes later than the next probe of an offline destination would, because each
 * attempt creates and removes a file.
 */
export function markerRefused(work: Work, route: RouteState, event: Of<'marker_refused'>): void {
  bad(work, route, event.result);
  route.gate.nextProbeAt = work.at + Math.max(route.settings.probe.closedMs, limits.markerAgainMs);
}

function learnMarker(work: Work, route: RouteState, marker: string | null): void {
  if (marker === null || route.gate.marker === marker) return;
  route.gate.marker = marker;
  // A later destination without a marker is another destination, and gets another marker.
  route.gate.intendedMarker = null;
  // A new destination is recorded only after the files that were copied to the former one have been compared with it.
  if (route.movedFrom === null) noteRoute(work, route, { kind: 'destination_known', marker, destination: route.settings.destination });
}

function good(work: Work, route: RouteState, result: Good, sentAt: number): void {
  const { gate, settings, space } = route;
  learnMarker(work, route, result.marker);
  gate.mount = result.mount;
  gate.description = result.description;
  space.disk = result.space;
  space.isFull = result.isFull;
  space.level = spaceLevel(result.space, result.isFull, settings.space);
  gate.goodSince ??= work.at;
  if (gate.state === 'closed' && mayOpen(route, work.at)) openGate(work, route);
  gate.nextProbeAt = work.at + (gate.state === 'open' ? settings.probe.openMs : settings.probe.closedMs);
  if (gate.state !== 'open') return;
  resolveSuspicions(work, route, sentAt);
  wakeWaiting(work, route);
}

function bad(work: Work, route: RouteState, result: Bad): void {
  const { gate, settings } = route;
  gate.goodSince = null;
  gate.description = result.description ?? gate.description;
  gate.nextProbeAt = work.at + settings.probe.closedMs;
  if (gate.state === 'open') closeGate(work, route, result);
  // A silence does not replace the cause `hung`. If the two alternated, each change would be recorded for as long as the outage
  // lasts.
  else if (gate.cause !== 'hung' || result.cause !== 'timeout') changeCause(work, route, result);
}

/** Changes the cause of a gate that is closed already. A new reason is recorded; the same reason is not recorded again. */
function changeCause(work: Work, route: RouteState, reason: ClosingReason): void {
  const { gate } = route;
  limitLanes(route, reason.cause);
  if (gate.finding.kind === 'not_probed') gate.since = Math.min(gate.earlierSince ?? work.wall, work.wall);
  const isNews = gate.cause !== reason.cause || gate.finding.kind !== reason.finding.kind || isOtherError(gate, reason);
  gate.cause = reason.cause;
  gate.code = reason.code;
  gate.finding = reason.finding;
  if (isNews) noteGate(work, route);
}

/**
 * Returns whether the error code is news. Storage that refuses access may answer `EACCES` and `EPERM` in turn, with every probe:
 * that is one reason, and one record.
 */
function isOtherError(gate: RouteState['gate'], { cause, code }: ClosingReason): boolean {
  return cause === 'unreachable' && gate.code !== code;
}

/** Closes the gate, or changes its cause, if the prober hangs. */
export function proberHung(work: Work, route: RouteState, event: Of<'prober_hung'>): void {
  const reason = {
    cause: 'hung' as const,
    code: 'HUNG',
    finding: { kind: 'calls_hang' as const, pids: event.pids },
  };
  if (route.gate.state === 'open') closeGate(work, route, reason);
  else changeCause(work, route, reason);
}
