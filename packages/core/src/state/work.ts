import type { Effect } from '../messages/effect.ts';
import type { Envelope } from '../messages/event.ts';
import type { FileEvent } from '../messages/file-event.ts';
import type { JournalRecord } from '../messages/record.ts';
import { type GateEvent, type RouteEvent, routeFactKeys } from '../messages/route-event.ts';
import { ProgrammingError } from '../model/assert.ts';
import type { CopyOrder } from '../model/copy.ts';

import { isRunning, type RunningFile, type Status, type TrackedFile } from '../model/file.ts';
import type { FileId, RouteName } from '../model/ids.ts';
import { limits } from '../model/limits.ts';
import { sourceIdentity } from './sightings.ts';
import { type CoreState, fileOf, putFile, type RouteState, routeOf } from './state.ts';

/** One step in progress: the state that it edits, and the records and effects that it collects. */
export interface Work {
  readonly state: CoreState;
  /** Monotonic milliseconds. */
  readonly at: number;
  /** Wall clock, milliseconds since the epoch. */
  readonly wall: number;
  readonly ids: { fresh(): string };
  readonly records: JournalRecord[];
  readonly effects: Effect[];
  readonly firstSeq: number;
}

/** Begins the work on one event. */
export function beginWork(state: CoreState, envelope: Envelope): Work {
  return {
    state,
    at: envelope.at,
    wall: envelope.wall,
    ids: envelope.ids,
    records: [],
    effects: [],
    firstSeq: envelope.seq,
  };
}

const common = (work: Work): { seq: number; at: number } => ({
  seq: work.firstSeq + work.records.length,
  at: work.wall,
});

/** Adds a new tracked file. */
export function create(work: Work, file: TrackedFile, event: FileEvent): void {
  if (work.state.files.has(file.id)) throw new ProgrammingError(`tracked file ${file.id} exists already`);
  if (!mayMove(null, file.status)) throw new ProgrammingError(`a tracked file cannot begin as ${file.status}`);
  enter(work, null, file, event);
}

/**
 * Changes the state of a file.
 *
 * @throws ProgrammingError if the table of transitions does not have the change
 */
export function move<To extends TrackedFile>(work: Work, to: To, event: FileEvent): To {
  const from = fileOf(work.state, to.id);
  if (from === undefined) throw new ProgrammingError(`tracked file ${to.id} is unknown`);
  if (!mayMove(from.status, to.status)) {
    throw new ProgrammingError(`${to.source}: ${from.status} cannot become ${to.status} (${event.kind})`);
  }
  enter(work, from.status, to, event);
  return to;
}

function enter(work: Work, from: Status | null, file: TrackedFile, event: FileEvent): void {
  putFile(work.state, file);
  if (from !== null) work.state.alarms.clear(file.id);
  routeOf(work.state, file.route).quiet.lastChangeAt = work.at;
  const seq = work.firstSeq + work.records.length;
  work.records.push({ kind: 'transition', seq, at: work.wall, event, from, to: file.status, file });
}

/** Records a fact about a file that does not change its state but has to survive a crash. */
export function note<Of extends TrackedFile>(work: Work, file: Of, event: FileEvent): Of {
  refresh(work, file);
  work.records.push({ kind: 'file_fact', ...common(work), event, file });
  return file;
}

/** Stores a change of a file that may be lost in a crash, such as progress or a new size. */
export function refresh<Of extends TrackedFile>(work: Work, file: Of): Of {
  const before = fileOf(work.state, file.id);
  if (before?.status !== file.status) {
    throw new ProgrammingError(`${file.source}: ${before?.status} cannot be refreshed as ${file.status}`);
  }
  putFile(work.state, file);
  return file;
}

/** Records an event of a route. */
export function noteRoute(work: Work, route: RouteState, event: RouteEvent): void {
  noteRouteNamed(work, route.settings.name, event);
}

/** Records an event of a route that may no longer be configured. */
export function noteRouteNamed(work: Work, route: RouteName, event: RouteEvent): void {
  work.records.push({ kind: 'route_fact', ...common(work), route, key: routeFactKeys[event.kind], event });
}

/** Records the state of a gate. */
export function noteGate(work: Work, route: RouteState): void {
  const { state, cause, code, finding } = route.gate;
  const { name, destination } = route.settings;
  const event: GateEvent =
    state === 'open'
      ? { kind: 'gate_opened', destination }
      : { kind: 'gate_closed', destination, cause: cause ?? 'unknown', code, finding };
  work.records.push({ kind: 'gate', ...common(work), route: name, event });
}

/** Adds an effect for the agent. */
export function ask(work: Work, effect: Effect): void {
  work.effects.push(effect);
}

/** Requests a probe that begins now or later. */
export function askProbe(work: Work, route: RouteState): void {
  route.gate.askedAt = work.at;
}

/** Requests a check of a path. A path requested while a check is under way goes with the next one. */
export function wantCheck(route: RouteState, path: string): void {
  const { scanning } = route;
  if (scanning.wantsFullListing) return;
  scanning.pathsToCheck.add(path);
  if (scanning.pathsToCheck.size <= limits.checkPaths) return;
  scanning.wantsFullListing = true;
  scanning.pathsToCheck.clear();
}

/** Notes that a file vanished now, before it was copied. */
export function noteLost(work: Work, route: RouteState, id: FileId): void {
  route.lostNow.add(id);
  route.lostSince.set(id, work.at);
}

/** Sets the alarm of a file to a monotonic moment. */
export function wakeAt(work: Work, id: FileId, at: number): void {
  work.state.alarms.set(id, at);
}

/** Converts a wall-clock moment to a monotonic one. It is at most `maxMs` away, whatever the wall clock was set to. */
export function monotonic(work: Work, wall: number, maxMs: number): number {
  return work.at + Math.min(Math.max(wall - work.wall, 0), maxMs);
}

const smoothing = 0.3;

/** Applies new figures of a running copy. They are a sign of life, and end a suspicion that was only a silence. */
export function progressed<Of extends RunningFile>(work: Work, file: Of, copiedBytes: number, sizeBytes: number): Of {
  const seconds = Math.max((work.at - file.aliveAt) / 1000, 0.001);
  const rate = Math.max(copiedBytes - file.copiedBytes, 0) / seconds;
  const suspicion = file.suspicion?.isFinal === true ? file.suspicion : null;
  const known = file.fingerprint.sizeBytes;
  const size = Math.max(known, sizeBytes, copiedBytes);
  const source = work.state.routes.get(file.route)?.source;
  if (source !== undefined) source.grownBytes += size - known;
  return {
    ...file,
    copiedBytes,
    fingerprint: { ...file.fingerprint, sizeBytes: size },
    bytesPerSecond: Math.round(file.bytesPerSecond * (1 - smoothing) + rate * smoothing),
    aliveAt: work.at,
    suspicion,
  };
}

/**
 * Returns whether the destination has to be asked what became of the last request. Such a file does not fail when the gate
 * closes.
 */
export function isPublishing(file: RunningFile): boolean {
  return file.status === 'VERIFYING' && file.publishing.step !== 'none';
}

/**
 * Returns whether a growing copy may be written under its final name, where a failed copy would be visible. Not for a file that
 * needs a person.
 */
export function mayBeSeen({ settings }: RouteState, file: Pick<TrackedFile, 'leftVisible' | 'countedAttempts'>): boolean {
  const { growing, maxAttempts, recovery } = settings;
  return growing.visible && file.leftVisible.length < recovery.maxVisible && file.countedAttempts < maxAttempts;
}

/** Returns all running copies of a route. */
export function runningFiles(work: Work, route: RouteState): RunningFile[] {
  const files: RunningFile[] = [];
  for (const status of ['COPYING', 'GROWING_COPY', 'VERIFYING'] as const) {
    for (const id of route.byStatus[status]) {
      const file = work.state.files.get(id);
      if (file !== undefined && isRunning(file)) files.push(file);
    }
  }
  return files;
}

/** Returns the order of a running copy, from its present record. */
export function orderAgain(route: RouteState, file: RunningFile, compare: boolean): CopyOrder {
  return {
    route: file.route,
    fileId: file.id,
    copyId: file.copyId,
    source: file.source,
    sourceIdentity: sourceIdentity(route, file.source),
    destination: file.destination,
    part: file.part,
    growing: file.growing,
    expected: file.expected,
    mode: file.mode,
    compare,
    removeFirst: [],
    mount: route.gate.mount ?? { path: route.settings.destination, mountId: null },
  };
}

/** Every allowed change of state. Any other change is a programming error. */
export const transitions: { readonly [from in Status]: readonly Status[] } = {
  DISCOVERED: ['GROWING', 'READY', 'REMOVED'],
  GROWING: ['READY', 'REMOVED'],
  READY: ['IN_QUEUE', 'DISCOVERED', 'GROWING', 'REMOVED'],
  WAITING_FOR_NETWORK: ['READY', 'REMOVED'],
  WAITING_FOR_SPACE: ['READY', 'REMOVED'],
  IN_QUEUE: ['COPYING', 'GROWING_COPY', 'WAITING_FOR_NETWORK', 'WAITING_FOR_SPACE', 'READY', 'GROWING', 'FAILED', 'REMOVED'],
  COPYING: ['GROWING_COPY', 'VERIFYING', 'FAILED', 'READY'],
  GROWING_COPY: ['VERIFYING', 'FAILED', 'READY'],
  VERIFYING: ['COMPLETED', 'FAILED', 'GROWING_COPY', 'READY'],
  COMPLETED: ['COMPLETED_DELETE_FAILED'],
  COMPLETED_DELETE_FAILED: ['COMPLETED'],
  FAILED: [],
  REMOVED: [],
};

/** Returns whether a file may move from one state to another. Null: it has no state yet. */
export function mayMove(from: Status | null, to: Status): boolean {
  return from === null ? to === 'DISCOVERED' : transitions[from].includes(to);
}
