import { type FileEvent, type GateEvent, type JournalRecord, type RouteEvent, routeFactKeys } from '@sluice/core';
import { copyId, type FileOf, fileId, routeName, type Status, type TrackedFile } from '@sluice/core/model';

/** A record without its number. */
export type Unnumbered = JournalRecord extends infer Each ? (Each extends JournalRecord ? Omit<Each, 'seq'> : never) : never;

/** The route of the samples. */
export const sampleRoute = routeName('ingest');

/** Returns a UUIDv4 that is the same for the same number. */
export function sampleId(number: number): TrackedFile['id'] {
  return fileId(`${number.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`);
}

/** A file that was just found. @param number of its id */
export function discovered(number: number, source: string, over: Partial<FileOf<'DISCOVERED'>> = {}): FileOf<'DISCOVERED'> {
  return {
    ...commonOf(number, source),
    status: 'DISCOVERED',
    growth: { since: 1.5, movedAt: 1.5, roseFrom: null, roseTimes: 0, roseAt: 0 },
    ...over,
  };
}

/** The file READY. */
export function ready(number: number, source: string, over: Partial<FileOf<'READY'>> = {}): FileOf<'READY'> {
  return { ...commonOf(number, source), status: 'READY', growing: false, networkTries: 0, movedAt: 2, hold: null, retryAt: null, ...over };
}

/** The file VERIFYING. */
export function verifying(number: number, source: string, over: Partial<FileOf<'VERIFYING'>> = {}): FileOf<'VERIFYING'> {
  const common = commonOf(number, source);
  return {
    ...common,
    status: 'VERIFYING',
    copyId: copyId('c0c0c0c0-0000-4000-8000-000000000000'),
    part: `.${source}.part`,
    begun: true,
    expected: common.fingerprint,
    copiedBytes: 1_000,
    bytesPerSecond: 12.5,
    suspicion: null,
    aliveAt: 3,
    growing: false,
    hash: { algorithm: 'xxh64', value: '0123456789abcdef' },
    readback: 'direct',
    phaseDone: 0.5,
    publishing: { step: 'claim', claimed: { device: '18446744073709551615', inode: '2' } },
    freshSince: null,
    isReadFresh: false,
    ...over,
  };
}

/** The file COMPLETED. */
export function completed(number: number, source: string, over: Partial<FileOf<'COMPLETED'>> = {}): FileOf<'COMPLETED'> {
  return {
    ...commonOf(number, source),
    status: 'COMPLETED',
    growing: false,
    hash: { algorithm: 'xxh64', value: '0123456789abcdef' },
    readback: 'direct',
    copied: true,
    afterCopy: 'none',
    notes: [{ kind: 'mode_not_set', code: 'EPERM' }],
    endedAt: 2_000,
    ...over,
  };
}

/** The file FAILED. */
export function failed(number: number, source: string, over: Partial<FileOf<'FAILED'>> = {}): FileOf<'FAILED'> {
  return {
    ...commonOf(number, source),
    status: 'FAILED',
    growing: true,
    error: {
      kind: 'network_interruption',
      percent: 45.2,
      reason: { kind: 'call', fault: { side: 'destination', code: 'EIO', operation: 'write', message: 'i/o error' } },
      follows: { kind: 'attempt', as: `${source}_1`, waitsFor: 'network' },
    },
    copiedBytes: 452,
    begun: true,
    left: source,
    endedAt: 2_000,
    ...over,
  };
}

/** The file REMOVED. */
export function removed(number: number, source: string, over: Partial<FileOf<'REMOVED'>> = {}): FileOf<'REMOVED'> {
  return { ...commonOf(number, source), status: 'REMOVED', sourceGone: true, endedAt: 2_000, ...over };
}

function commonOf(number: number, source: string): Omit<FileOf<'REMOVED'>, 'status'> {
  return {
    id: sampleId(number),
    route: sampleRoute,
    source,
    destination: source,
    nameValid: true,
    nameNumber: 0,
    nameReason: null,
    fingerprint: { sizeBytes: 1_000, mtimeNs: '1790000000123456789' },
    mode: 0o644,
    mayGrow: false,
    attempt: 1,
    countedAttempts: 0,
    recoveryOf: null,
    recoveredBy: null,
    burned: [],
    leftParts: [],
    leftVisible: [],
    toMark: [],
    discoveredAt: 1_000,
    startedAt: null,
    endedAt: null,
    sourceGone: false,
  };
}

const sampleEvent: FileEvent = { kind: 'parts_removed', removed: ['a', '\u{1f3a5}'], kept: [] };

/** The record of a transition to this file's state. */
export function transition(from: Status | null, file: TrackedFile, over: { readonly at?: number } = {}): Unnumbered {
  return { kind: 'transition', at: 1_000, event: sampleEvent, from, to: file.status, file, ...over };
}

/** The record of a fact about a file. */
export function fileFact(file: TrackedFile): Unnumbered {
  return { kind: 'file_fact', at: 1_000, event: { kind: 'held' }, file };
}

/** The fact of a route about its destination. */
export const known: RouteEvent = { kind: 'destination_known', marker: 'm', destination: '/mnt/nas' };

/** The record of a fact about a route. */
export function routeFact(event: RouteEvent, route = sampleRoute): Unnumbered {
  return { kind: 'route_fact', at: 1_000, route, key: routeFactKeys[event.kind], event };
}

type Closed = Extract<GateEvent, { kind: 'gate_closed' }>;

const closed: Closed = {
  kind: 'gate_closed',
  destination: '/mnt/nas',
  cause: 'timeout',
  code: null,
  finding: { kind: 'no_answer', deadlineMs: 10_000 },
};

/** The record of an opened or closed gate. */
export function gateChange(state: 'open' | 'closed', over: Partial<Closed> = {}): Unnumbered {
  const event: GateEvent = state === 'open' ? { kind: 'gate_opened', destination: closed.destination } : { ...closed, ...over };
  return { kind: 'gate', at: 1_000, route: sampleRoute, event };
}

/** Returns the shortest sequence of records that ends with this file. */
export function story(file: TrackedFile): Unnumbered[] {
  const { id, source, route, discoveredAt } = file;
  const first: FileOf<'DISCOVERED'> = { ...discovered(0, source), id, route, discoveredAt };
  if (file.status === 'DISCOVERED') return [transition(null, file)];
  return [transition(null, first), transition('DISCOVERED', file)];
}

/** Numbers records, beginning with `from`. */
export function numbered(records: readonly Unnumbered[], from: number): JournalRecord[] {
  return records.map((record, index) => ({ ...record, seq: from + index }) as JournalRecord);
}
