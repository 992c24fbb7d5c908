import {
  type CompletedFile,
  type FailedFile,
  fileId,
  type GateRecord,
  type Journal,
  type JournalRecord,
  type ReadyFile,
  type RemovedFile,
  type RouteFactRecord,
  routeName,
  type TrackedFile,
} from '@sluice/core';

export const route = routeName('ingest');
export const other = routeName('other');

/** @returns a UUIDv4 that is the same for the same number */
export function idOf(number: number): TrackedFile['id'] {
  return fileId(`${number.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`);
}

function common(number: number, source: string): Omit<RemovedFile, 'status'> {
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

export function ready(number: number, source: string, over: Partial<ReadyFile> = {}): ReadyFile {
  return { ...common(number, source), status: 'READY', growing: false, networkTries: 0, movedAt: 2, hold: null, retryAt: null, ...over };
}

export function completed(number: number, source: string, over: Partial<CompletedFile> = {}): CompletedFile {
  const hash = { algorithm: 'xxh64', value: '0123456789abcdef' } as const;
  const end = { copied: true, afterCopy: 'none', notes: [], endedAt: 2_000 } as const;
  return { ...common(number, source), status: 'COMPLETED', growing: false, hash, readback: 'direct', ...end, ...over };
}

export function failed(number: number, source: string, over: Partial<FailedFile> = {}): FailedFile {
  const error = { kind: 'network_interruption', code: 'EIO', percent: 45.2, operator: 'offline', technical: 'write: EIO' } as const;
  const end = { copiedBytes: 452, begun: true, left: null, endedAt: 2_000 };
  return { ...common(number, source), status: 'FAILED', growing: true, error, ...end, ...over };
}

/** Writes what came to pass, numbered on. */
export interface Teller {
  /** A first sight, and what became of it at once. */
  file(file: TrackedFile, at?: number): void;
  /** A change of what is known. */
  fact(file: TrackedFile): void;
  gate(state: GateRecord['state'], at: number, over?: Partial<GateRecord>): void;
  routeFact(key: RouteFactRecord['key'], detail: RouteFactRecord['detail'], at?: number): void;
}

export function tellTo(journal: Journal): Teller {
  let seq = journal.load().nextSeq;
  const write = (...records: readonly JournalRecord[]): void => {
    journal.append(records);
    seq += records.length;
  };
  return {
    file(file, at = 1_000) {
      const { id, source, discoveredAt } = file;
      const growth = { movedAt: 0, roseFrom: null, roseTimes: 0, roseAt: 0 };
      const first: TrackedFile = { ...common(0, source), id, route: file.route, discoveredAt, status: 'DISCOVERED', growth };
      write(
        { kind: 'transition', seq, at, event: 'seen', from: null, to: 'DISCOVERED', detail: {}, file: first },
        { kind: 'transition', seq: seq + 1, at: at + 1, event: 'became', from: 'DISCOVERED', to: file.status, detail: { n: 1 }, file },
      );
    },
    fact: (file) => write({ kind: 'file_fact', seq, at: 3_000, event: 'noted', detail: { why: 'told' }, file }),
    gate(state, at, over = {}) {
      const cause = state === 'closed' ? 'timeout' : null;
      write({ kind: 'gate', seq, at, route, state, cause, code: null, operator: `is ${state}`, technical: 'how', ...over });
    },
    routeFact: (key, detail, at = 1_000) => write({ kind: 'route_fact', seq, at, route, key, event: 'fact', detail }),
  };
}
