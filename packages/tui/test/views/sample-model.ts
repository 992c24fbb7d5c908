import type { FileJson, LogNote, OutageJson, ScreenFrame, ScreenRoute, ScreenRow, TimelineJson } from '@sluice/control';
import { type Status, statuses } from '@sluice/core/model';
import { initialModel } from '../../src/model/initial-model.ts';
import type { Model } from '../../src/model/model.ts';

/** 14:02:31 on a Monday. Tests set `TZ` to UTC. */
export const now = Date.parse('2026-11-23T14:02:31.000Z');
const ago = (ms: number): string => new Date(now - ms).toISOString();
const minutes = (count: number): number => count * 60_000;

export function file(change: Partial<FileJson> = {}): FileJson {
  const source = change.source ?? 'cam-a_0007.mxf';
  return {
    v: 1,
    id: '01234567-0000-4000-8000-000000000000',
    route: 'ingest',
    source,
    destination: source,
    nameValid: true,
    nameReason: null,
    status: 'READY',
    hold: null,
    growing: false,
    phase: null,
    behindBytes: null,
    sizeBytes: 12_000_000_000,
    copiedBytes: 0,
    percent: 0,
    bytesPerSecond: 0,
    attempt: 1,
    error: null,
    recoveryOf: null,
    recoveredBy: null,
    copied: null,
    hash: null,
    readback: null,
    afterCopy: 'none',
    sourceGone: false,
    discoveredAt: ago(minutes(60)),
    startedAt: null,
    endedAt: null,
    ...change,
  };
}

export function row(change: Partial<FileJson> = {}, rest: Partial<Omit<ScreenRow, 'file'>> = {}): ScreenRow {
  return { file: file(change), depth: 0, reason: '', etaMs: null, ...rest };
}

const error = {
  kind: 'network_interruption',
  code: 'EIO',
  percent: 45.2,
  operator: 'the destination went away at 45.2%; a fresh copy (video1_1.mxf) waits and is made when the destination is back',
  technical: 'write on the destination: EIO (i/o error, write)',
} as const;

const hash = { algorithm: 'xxh64', value: '0123456789abcdef' } as const;

/** A file in every state, and the pair of a failed one and its recovery. */
export const failed = row({
  id: 'failed',
  source: 'video1.mxf',
  status: 'FAILED',
  sizeBytes: 48_200_000_000,
  copiedBytes: 21_786_400_000,
  percent: 45.2,
  error,
  recoveredBy: 'again',
  startedAt: ago(minutes(20)),
  endedAt: ago(minutes(13)),
});
export const again = row(
  {
    id: 'again',
    source: 'video1.mxf',
    destination: 'video1_1.mxf',
    nameReason: 'recovery',
    hold: 'network',
    sizeBytes: 48_200_000_000,
    attempt: 2,
    recoveryOf: 'failed',
  },
  { depth: 1, reason: 'waits for the destination' },
);

const copying = {
  status: 'COPYING',
  startedAt: ago(minutes(1)),
  percent: 41.3,
  copiedBytes: 4_956_000_000,
  bytesPerSecond: 212e6,
} as const;

const rows: readonly ScreenRow[] = [
  failed,
  again,
  row({ id: 'growing', source: 'cam-b_0042.mov', status: 'GROWING', sizeBytes: 7_900_000_000, bytesPerSecond: 38e6 }),
  row(
    {
      id: 'verify',
      source: 'cam-b_0041.mov',
      status: 'VERIFYING',
      phase: 'reading_back',
      sizeBytes: 22_100_000_000,
      percent: 100,
      bytesPerSecond: 410e6,
    },
    { etaMs: 15_000, phaseDone: 0.72, reason: 'reading back 72%' },
  ),
  row({ id: 'copying', source: 'cam-a_0007.mxf', ...copying }, { etaMs: 33_000 }),
  row(
    {
      id: 'recording',
      source: 'studio/live_0003.mxf',
      status: 'GROWING_COPY',
      growing: true,
      phase: 'following',
      behindBytes: 12_000_000,
      sizeBytes: 3_100_000_000,
      bytesPerSecond: 12.5e6,
    },
    { reason: 'recording, 12 MB behind' },
  ),
  row({
    id: 'done',
    source: 'broll_0917.mxf',
    status: 'COMPLETED',
    sizeBytes: 9_400_000_000,
    percent: 100,
    copied: true,
    hash,
    readback: 'direct',
    endedAt: ago(minutes(18)),
  }),
  row({ id: 'cached', source: 'broll_0916.mxf', status: 'COMPLETED', copied: true, hash, readback: 'cached', endedAt: ago(minutes(3000)) }),
];

export const offline: ScreenRoute['gate'] = {
  state: 'closed',
  since: ago(761_000),
  cause: 'timeout',
  code: 'SILENT',
  operator: 'the destination does not answer',
  technical: 'no answer within 10 s',
};

export const online: ScreenRoute['gate'] = {
  state: 'open',
  since: ago(minutes(600)),
  cause: null,
  code: null,
  operator: '',
  technical: '',
};

export function route(change: Partial<ScreenRoute> = {}): ScreenRoute {
  return {
    name: 'ingest',
    source: '/ingest',
    destination: '/mnt/nas/ingest',
    sourceDescription: '(LOCAL DISK, same as system)',
    destinationDescription: '(nfs4 nas01:/ingest)',
    sourceState: { state: 'ok', since: ago(minutes(600)), lastListingAt: ago(1000), freeBytes: 2.1e12, fullInMs: null },
    unread: null,
    gate: online,
    space: { totalBytes: 10e12, freeBytes: 3.9e12, level: 'ok' },
    counts: Object.fromEntries(statuses.map((status) => [status, 0])) as Record<Status, number>,
    needsYou: 0,
    recovered: 1,
    bytesPerSecond: 0,
    waiting: 0,
    nextProbeInMs: null,
    hold: null,
    ...change,
  };
}

const outageRoute = route({
  gate: offline,
  waiting: 214,
  nextProbeInMs: 900,
  sourceState: { state: 'ok', since: ago(minutes(600)), lastListingAt: ago(1000), freeBytes: 2.1e12, fullInMs: minutes(130) },
});

/** Ten minutes of throughput that rises, falls and ends with an outage. */
const throughput = Array.from({ length: 60 }, (_, index) => (index < 46 ? Math.round(412e6 * Math.abs(Math.sin(index / 9))) : 0));

/** The sketch in the design: an outage, with the figures of 98,629 files. */
export function outageFrame(change: Partial<ScreenFrame> = {}): ScreenFrame {
  return {
    v: 1,
    at: new Date(now).toISOString(),
    seq: 7,
    verdict: { ok: false, text: 'ingest: destination offline for 12 min (the destination does not answer); 214 wait at the source' },
    agent: { running: true, pid: 4711, version: '0.1.0', startedAt: ago(minutes(4560)), stateDir: '/var/lib/sluice' },
    routes: [outageRoute],
    totals: {
      needsYou: 0,
      recording: 1,
      waiting: 214,
      done: 98_412,
      failed: 0,
      recovered: 1,
      leftBytes: 1.42e12,
      bytesPerSecond: 0,
      etaMs: null,
    },
    throughput,
    rows: { total: 98_629, matched: 98_629, offset: 0, rows },
    ...change,
  };
}

const totals = { ...outageFrame().totals, bytesPerSecond: 622e6, etaMs: 2_280_000 };

/** Everything is well, on two routes. */
export function calmFrame(change: Partial<ScreenFrame> = {}): ScreenFrame {
  const second = route({
    name: 'archive',
    source: '/archive',
    destination: '/mnt/lto',
    space: { totalBytes: 8e12, freeBytes: 0.3e12, level: 'warn' },
  });
  return outageFrame({ verdict: { ok: true, text: '3 copying' }, routes: [route(), second], totals, ...change });
}

export const log: readonly LogNote[] = [
  { v: 1, at: ago(minutes(30)), level: 'info', route: 'ingest', text: 'broll_0917.mxf: carried and verified' },
  { v: 1, at: ago(761_000), level: 'error', route: 'ingest', text: 'video1.mxf failed at 45%: network; video1_1.mxf waits' },
  { v: 1, at: ago(8000), level: 'warn', route: 'ingest', text: 'ingest unreachable (EIO), probing every 1 s' },
];

export function model(columns: number, rowCount: number, change: Partial<Model> = {}): Model {
  const blank = initialModel({ columns, rows: rowCount, now, isReadOnly: false });
  return { ...blank, link: { kind: 'connected' }, frame: outageFrame(), selected: 'again', log, ...change };
}

export const timeline: readonly TimelineJson[] = [
  { seq: 1, at: ago(minutes(22)), from: null, to: 'DISCOVERED', event: 'found', detail: {} },
  { seq: 2, at: ago(minutes(21)), from: 'DISCOVERED', to: 'READY', event: 'settled', detail: {} },
  { seq: 3, at: ago(minutes(20)), from: 'READY', to: 'IN_QUEUE', event: 'queued', detail: {} },
  {
    seq: 4,
    at: ago(minutes(20)),
    from: 'IN_QUEUE',
    to: 'COPYING',
    event: 'copy_begins',
    detail: { part: '.video1.mxf.01234567.part', compare: false },
  },
  { seq: 9, at: ago(minutes(13)), from: 'COPYING', to: 'FAILED', event: 'failed', detail: { error: 'network_interruption', code: 'EIO' } },
];

const days = (count: number): number => count * 86_400_000;

/** Five files of four days. */
export const endedFiles: readonly FileJson[] = [0, minutes(300), days(1), days(1), days(3)].map((before, index) =>
  file({
    id: `ended${index}`,
    source: `day${index}/clip_${index}.mxf`,
    status: 'COMPLETED',
    copied: true,
    readback: index === 3 ? 'cached' : 'direct',
    sizeBytes: 12_000_000_000,
    endedAt: ago(before),
  }),
);

/** Two outages, one of which has not ended. */
export const historyOutages: readonly OutageJson[] = [
  { route: 'ingest', since: offline.since, until: null, cause: 'timeout', code: null, operator: offline.operator, technical: '' },
  {
    route: 'ingest',
    since: ago(days(3)),
    until: ago(days(3) - 500_000),
    cause: 'timeout',
    code: null,
    operator: offline.operator,
    technical: '',
  },
];

/** A history of these files, with the first one selected. */
export const past: Model['history'] = {
  range: '7d',
  files: endedFiles,
  outages: historyOutages,
  hasMore: false,
  filter: '',
  askedFilter: '',
  sums: null,
  endedThen: 0,
  isLoading: false,
  trouble: null,
  selected: 'ended0',
  top: 0,
};

/** A failed file, and its completed recovery. */
export const pair: readonly FileJson[] = [
  { ...again.file, status: 'COMPLETED', hold: null, copied: true, readback: 'direct', hash, endedAt: ago(minutes(2)) },
  failed.file,
];
