import { type FileEvent, type GateEvent, type Journal, type JournalRecord, type RouteEvent, routeFactKeys } from '@sluice/core';
import { type FileOf, fileId, type RouteName, routeName, type TrackedFile } from '@sluice/core/model';

export const route = routeName('ingest');
export const other = routeName('other');

/** Returns a UUIDv4 that is the same for the same number. */
export function idOf(number: number): TrackedFile['id'] {
  return fileId(`${number.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`);
}

function common(number: number, source: string): Omit<FileOf<'REMOVED'>, 'status'> {
  return {
    id: idOf(number),
    route,
    source,
    destination: source,
    nameValid: true,
    nameNumber: 0,
    nameReason: null,
    fingerprint: { sizeBytes: 5_368_709_120, mtimeNs: '1790000000123456789' },
    mode: 0o644,
    mayGrow: true,
    attempt: 1,
    countedAttempts: 0,
    recoveryOf: null,
    recoveredBy: null,
    burned: [],
    leftParts: [],
    leftVisible: [],
    toMark: [],
    discoveredAt: 1_790_000_000_000,
    startedAt: null,
    endedAt: null,
    sourceGone: false,
  };
}

export function ready(number: number, source: string, over: Partial<FileOf<'READY'>> = {}): FileOf<'READY'> {
  return { ...common(number, source), status: 'READY', growing: false, networkTries: 0, movedAt: 2, hold: null, retryAt: null, ...over };
}

export function completed(number: number, source: string, over: Partial<FileOf<'COMPLETED'>> = {}): FileOf<'COMPLETED'> {
  const hash = { algorithm: 'xxh64', value: '0123456789abcdef' } as const;
  const end = { copied: true, afterCopy: 'none', notes: [], endedAt: 2_000 } as const;
  return { ...common(number, source), status: 'COMPLETED', growing: false, hash, readback: 'direct', ...end, ...over };
}

export function failed(number: number, source: string, over: Partial<FileOf<'FAILED'>> = {}): FileOf<'FAILED'> {
  const fault = { side: 'destination', code: 'EIO', operation: 'write', message: 'i/o error' } as const;
  const follows = { kind: 'attempt', as: `${source}_1`, waitsFor: 'network' } as const;
  const error = { kind: 'network_interruption', percent: 45.2, reason: { kind: 'call', fault }, follows } as const;
  const end = { copiedBytes: 452, begun: true, left: null, endedAt: 2_000 };
  return { ...common(number, source), status: 'FAILED', growing: true, error, ...end, ...over };
}

type Closed = Extract<GateEvent, { kind: 'gate_closed' }>;

/** What a closed gate says about its destination. */
export const closed: Closed = {
  kind: 'gate_closed',
  destination: '/mnt/nas',
  cause: 'timeout',
  code: null,
  finding: { kind: 'no_answer', deadlineMs: 10_000 },
};

/** Writes records with consecutive numbers. */
export interface TestWriter {
  /** Writes the discovery of a file, and its present state. */
  file(file: TrackedFile, at?: number): void;
  /** Writes a fact about a file. */
  fact(file: TrackedFile): void;
  gate(state: 'open' | 'closed', at: number, over?: Partial<Closed> & { readonly route?: RouteName }): void;
  routeFact(event: RouteEvent, at?: number): void;
}

/** The events of a file's second record, and of a fact, with values that have to be kept. */
export const became: FileEvent = { kind: 'destination_not_reached', code: 'EIO' };
export const noted: FileEvent = { kind: 'name_taken', taken: 'told' };

export function writerOf(journal: Journal): TestWriter {
  let seq = journal.load().nextSeq;
  const write = (...records: readonly JournalRecord[]): void => {
    journal.append(records);
    seq += records.length;
  };
  return {
    file(file, at = 1_000) {
      const { id, source, discoveredAt } = file;
      const growth = { since: 0, movedAt: 0, roseFrom: null, roseTimes: 0, roseAt: 0 };
      const first: TrackedFile = { ...common(0, source), id, route: file.route, discoveredAt, status: 'DISCOVERED', growth };
      write(
        { kind: 'transition', seq, at, event: { kind: 'found' }, from: null, to: 'DISCOVERED', file: first },
        { kind: 'transition', seq: seq + 1, at: at + 1, event: became, from: 'DISCOVERED', to: file.status, file },
      );
    },
    fact: (file) => write({ kind: 'file_fact', seq, at: 3_000, event: noted, file }),
    gate(state, at, { route: of = route, ...over } = {}) {
      const { destination } = closed;
      const event: GateEvent = state === 'open' ? { kind: 'gate_opened', destination } : { ...closed, ...over };
      write({ kind: 'gate', seq, at, route: of, event });
    },
    routeFact: (event, at = 1_000) => write({ kind: 'route_fact', seq, at, route, key: routeFactKeys[event.kind], event }),
  };
}
