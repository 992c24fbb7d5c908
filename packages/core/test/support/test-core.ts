import { type Event } from '../../src/messages/event.ts';
import { type JournalImage } from '../../src/messages/record.ts';
import { type SourceEntry, type TrackedFile } from '../../src/model/file.ts';
import { type Fingerprint, routeName } from '../../src/model/ids.ts';
import { nothingLeft, type Selection } from '../../src/model/left-alone.ts';
import { type ProbeResult } from '../../src/model/probe.ts';
import { type RouteSettings } from '../../src/model/settings.ts';
import { type CoreState, newestOf, type RouteState, routeOf } from '../../src/state/state.ts';
import { beginWork, type Work } from '../../src/state/work.ts';
import { restoreState } from '../../src/step/lifecycle.ts';
import { nextWake, type StepResult, step } from '../../src/step/step.ts';
import { type RouteChanges, routeSettings } from '../fixtures/route-settings.ts';

/** A core with one route. A test sends its events, and its clocks change only when the test says so. */
export interface TestCore {
  readonly state: CoreState;
  readonly route: RouteState;
  at(): number;
  send(event: Event): StepResult;
  /** Lets time pass. Every tick comes at the moment that core named. */
  pass(ms: number): StepResult;
  /** Lets time pass without a tick, as for an agent that is late. */
  advanceClock(ms: number): void;
  /** For functions that need a step in progress. */
  work(): Work;
  file(source: string): TrackedFile;
}

export const ingest = routeName('ingest');
/** Wall clock of monotonic 0: 2023-11-14T22:13:20.000Z. */
export const epoch = 1_700_000_000_000;
const noFiles: JournalImage = { nextSeq: 1, files: [], routeFacts: [], usedNames: [] };

/** The default configuration, with growing copies for every name. */
export function settingsOf(over: RouteChanges = {}): RouteSettings {
  const own = {
    name: ingest,
    include: ['**'],
    stuckAfterMs: 86_400_000,
    scanEveryMs: 30_000,
    space: { keepFree: { bytes: 2_000_000_000 } },
  };
  return routeSettings({ ...own, ...over, growing: { include: [], ...over.growing } });
}

interface TestCoreOptions {
  readonly route?: RouteChanges;
  readonly lanes?: number;
  readonly image?: Partial<JournalImage>;
  readonly untilIdle?: boolean;
}

export function createTestCore({ route = {}, lanes = 4, image = {}, untilIdle = false }: TestCoreOptions = {}): TestCore {
  const settings = {
    agentId: '0a0b0c0d',
    lanes,
    growingLanes: 8,
    smallSizeBytes: 0,
    attentionAfterMs: 60_000,
    routes: [settingsOf(route)],
  };
  let at = 0;
  let seq = 1;
  let made = 0;
  const ids = { fresh: (): string => `${String((made += 1)).padStart(8, '0')}-0000-4000-8000-000000000000` };
  const beginning = { settings, image: { ...noFiles, ...image }, untilIdle, at, wall: epoch };
  const state = restoreState(beginning);

  const send = (event: Event): StepResult => {
    const result = step(state, { seq, at, wall: epoch + at, ids, event });
    seq += result.records.length;
    return result;
  };

  const pass = (ms: number): StepResult => {
    const until = at + ms;
    const all: { records: StepResult['records'][number][]; effects: StepResult['effects'][number][] } = { records: [], effects: [] };
    for (let ticks = 0; nextWake(state) <= until; ticks += 1) {
      if (ticks > 20_000) throw new Error(`core wants a tick at ${nextWake(state)} again and again`);
      at = Math.max(at, nextWake(state));
      const { records, effects } = send({ kind: 'tick' });
      all.records.push(...records);
      all.effects.push(...effects);
    }
    at = until;
    return all;
  };

  const core: TestCore = {
    state,
    route: routeOf(state, ingest),
    at: () => at,
    send,
    pass,
    advanceClock: (ms) => {
      at += ms;
    },
    work: () => beginWork(state, { seq, at, wall: epoch + at, ids, event: { kind: 'tick' } }),
    file: (source) => {
      const file = newestOf(state, core.route, source);
      if (file === null) throw new Error(`no tracked file for ${source}`);
      return file;
    },
  };
  send({ kind: 'agent_started' });
  return core;
}

export const goodProbe = {
  kind: 'good',
  mount: { path: '/mnt/nas', mountId: 41 },
  space: { totalBytes: 1e12, freeBytes: 5e11 },
  isFull: false,
  description: '(nfs4 nas01:/ingest)',
  marker: 'e7f0a3b8-0000-4000-8000-00000000feed',
} as const satisfies ProbeResult;

export const badProbe = {
  kind: 'bad',
  cause: 'unreachable',
  code: 'EHOSTDOWN',
  finding: { kind: 'call_failed', operation: 'statfs /mnt/nas' },
  description: null,
} as const satisfies ProbeResult;

/** Answers the open probe. If none is open, waits until one is sent. */
export function answerProbe(core: TestCore, result: ProbeResult = goodProbe): StepResult {
  const { gate } = core.route;
  if (gate.outstanding === null) core.pass(Math.max(0, (gate.askedAt ?? gate.nextProbeAt) - core.at()));
  if (gate.outstanding === null) throw new Error('no probe is under way');
  return core.send({ kind: 'probe_answered', route: ingest, probeId: gate.outstanding.probeId, result });
}

/** Lets time pass with a destination that answers every probe within half a second. */
export function live(core: TestCore, ms: number, result: ProbeResult = goodProbe): StepResult {
  const all: StepResult[] = [];
  const until = core.at() + ms;
  while (core.at() < until) {
    all.push(core.pass(Math.min(500, until - core.at())));
    if (core.route.gate.outstanding !== null) all.push(answerProbe(core, result));
  }
  return { records: all.flatMap(({ records }) => records), effects: all.flatMap(({ effects }) => effects) };
}

export function entryOf(path: string, sizeBytes: number, mtime = 1, more: Partial<SourceEntry> = {}): SourceEntry {
  const fingerprint: Fingerprint = { sizeBytes, mtimeNs: String(mtime) };
  return { path, nameValid: true, fingerprint, identity: null, mode: 0o644, mayGrow: false, ...more };
}

export const see = (core: TestCore, ...entries: readonly SourceEntry[]): StepResult =>
  core.send({ kind: 'entries_seen', route: ingest, entries });

/** Begins a complete listing, unless one is running, and ends it now. */
export function list(
  core: TestCore,
  vanished: readonly string[] = [],
  youngEmptyCount = 0,
  selection: Selection = nothingLeft,
): StepResult {
  const { scanning } = core.route;
  if (scanning.listing === null) {
    scanning.nextListingAt = core.at();
    core.send({ kind: 'tick' });
  }
  if (scanning.listing === null) throw new Error('no listing is under way');
  const found = { vanished, entryCount: 0, youngEmptyCount, isQuick: false, processorMs: 0, selection };
  return core.send({ kind: 'listing_completed', route: ingest, listingId: scanning.listing.id, ...found });
}

/** A file is seen and settles: it is READY, and queued if the gate is open. No probe is answered meanwhile. */
export function settle(core: TestCore, ...entries: readonly SourceEntry[]): void {
  see(core, ...entries);
  core.advanceClock(core.route.settings.stableAfterMs + core.route.source.cacheMs);
  if (core.route.scanning.listing !== null) list(core);
  list(core);
}

/** Sends a report of the running copy of a path. */
export function report(core: TestCore, source: string, said: Extract<Event, { kind: 'copy_reported' }>['report']): StepResult {
  const file = core.file(source);
  if (!('copyId' in file) || file.copyId === null) throw new Error(`${source} is ${file.status} and has no copy`);
  return core.send({ kind: 'copy_reported', route: ingest, fileId: file.id, copyId: file.copyId, report: said });
}

/** Moves a queued file on to a copy whose temporary file is created. */
export function beginCopy(core: TestCore, source: string): void {
  const { fingerprint } = core.file(source);
  report(core, source, {
    kind: 'preflight',
    preflight: { sourceFingerprint: fingerprint, isOther: false, existingSizeBytes: null, freeBytes: null },
  });
  report(core, source, { kind: 'creating' });
  report(core, source, { kind: 'created', identity: { device: '41', inode: '7' } });
}

/** Returns a core with an online destination that copies these files of 1000 bytes. */
export function copyingCore(sources: readonly string[], options: TestCoreOptions = {}): TestCore {
  const core = createTestCore({ lanes: sources.length, ...options });
  answerProbe(core);
  settle(core, ...sources.map((source) => entryOf(source, 1_000)));
  answerProbe(core);
  for (const source of sources) beginCopy(core, source);
  return core;
}

export const hash = { algorithm: 'xxh64', value: '0123456789abcdef' } as const;

/** The running copy has written all its bytes and waits to be read back. */
export function toVerifying(core: TestCore, source: string): void {
  report(core, source, { kind: 'copied', hash, fingerprint: core.file(source).fingerprint });
}

/** The running copy is verified and is being published. */
export function toPublishing(core: TestCore, source: string): void {
  toVerifying(core, source);
  report(core, source, { kind: 'verified', readback: 'direct', sourceGone: false });
}

export function finish(core: TestCore, source: string): void {
  toPublishing(core, source);
  report(core, source, { kind: 'published', notes: [] });
}
