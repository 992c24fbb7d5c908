import { type Event } from '../../src/messages/event.ts';
import { type JournalImage } from '../../src/messages/record.ts';
import { type Fingerprint, type SourceEntry } from '../../src/model/entry.ts';
import { type TrackedFile } from '../../src/model/file.ts';
import { routeName } from '../../src/model/ids.ts';
import { type ProbeResult } from '../../src/model/probe.ts';
import { type RouteSettings } from '../../src/model/settings.ts';
import { type CoreState, newestOf, type RouteState, routeOf } from '../../src/state/state.ts';
import { beginWork, type Work } from '../../src/state/work.ts';
import { restoreState } from '../../src/step/lifecycle.ts';
import { nextWake, type StepResult, step } from '../../src/step/step.ts';
import { type RouteChanges, routeSettings } from '../fixtures/route-settings.ts';

/** One core with one route, told what happens by hand; its clocks move only when a test says so. */
export interface World {
  readonly state: CoreState;
  readonly route: RouteState;
  at(): number;
  tell(event: Event): StepResult;
  /** Time goes by: every tick that core wants comes at its moment. */
  pass(ms: number): StepResult;
  /** Time goes by without a tick, as for an agent that is late. */
  skip(ms: number): void;
  /** For rooms that are called with a step under way. */
  work(): Work;
  file(source: string): TrackedFile;
}

export const ingest = routeName('ingest');
/** Wall clock of monotonic 0: 2023-11-14T22:13:20.000Z. */
export const epoch = 1_700_000_000_000;
const noFiles: JournalImage = { nextSeq: 1, files: [], routeFacts: [], usedNames: [] };

/** The defaults of the configuration, but for copies of names that grow. */
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

interface WorldOptions {
  readonly route?: RouteChanges;
  readonly lanes?: number;
  readonly image?: Partial<JournalImage>;
  readonly untilIdle?: boolean;
}

export function createWorld({ route = {}, lanes = 4, image = {}, untilIdle = false }: WorldOptions = {}): World {
  const settings = { agentId: '0a0b0c0d', lanes, growingLanes: 8, routes: [settingsOf(route)] };
  let at = 0;
  let seq = 1;
  let made = 0;
  const ids = { fresh: (): string => `${String((made += 1)).padStart(8, '0')}-0000-4000-8000-000000000000` };
  const beginning = { settings, image: { ...noFiles, ...image }, untilIdle, at, wall: epoch };
  const state = restoreState(beginning);

  const tell = (event: Event): StepResult => {
    const result = step(state, { seq, at, wall: epoch + at, ids, event });
    seq += result.records.length;
    return result;
  };

  const pass = (ms: number): StepResult => {
    const until = at + ms;
    const told: { records: StepResult['records'][number][]; effects: StepResult['effects'][number][] } = { records: [], effects: [] };
    for (let ticks = 0; nextWake(state) <= until; ticks += 1) {
      if (ticks > 20_000) throw new Error(`core wants a tick at ${nextWake(state)} again and again`);
      at = Math.max(at, nextWake(state));
      const { records, effects } = tell({ kind: 'tick' });
      told.records.push(...records);
      told.effects.push(...effects);
    }
    at = until;
    return told;
  };

  const world: World = {
    state,
    route: routeOf(state, ingest),
    at: () => at,
    tell,
    pass,
    skip: (ms) => {
      at += ms;
    },
    work: () => beginWork(state, { seq, at, wall: epoch + at, ids, event: { kind: 'tick' } }),
    file: (source) => {
      const file = newestOf(state, world.route, source);
      if (file === null) throw new Error(`no tracked file for ${source}`);
      return file;
    },
  };
  tell({ kind: 'agent_started' });
  return world;
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

/** Answers the probe under way; waits for one to be sent where none is. */
export function answerProbe(world: World, result: ProbeResult = goodProbe): StepResult {
  const { gate } = world.route;
  if (gate.outstanding === null) world.pass(Math.max(0, (gate.askedAt ?? gate.nextProbeAt) - world.at()));
  if (gate.outstanding === null) throw new Error('no probe is under way');
  return world.tell({ kind: 'probe_answered', route: ingest, probeId: gate.outstanding.probeId, result });
}

/** Time goes by with a destination that answers every probe within half a second. */
export function live(world: World, ms: number, result: ProbeResult = goodProbe): StepResult {
  const told: StepResult[] = [];
  const until = world.at() + ms;
  while (world.at() < until) {
    told.push(world.pass(Math.min(500, until - world.at())));
    if (world.route.gate.outstanding !== null) told.push(answerProbe(world, result));
  }
  return { records: told.flatMap(({ records }) => records), effects: told.flatMap(({ effects }) => effects) };
}

export function entryOf(path: string, sizeBytes: number, mtime = 1, more: Partial<SourceEntry> = {}): SourceEntry {
  const fingerprint: Fingerprint = { sizeBytes, mtimeNs: String(mtime) };
  return { path, nameValid: true, fingerprint, mode: 0o644, mayGrow: false, ...more };
}

export const see = (world: World, ...entries: readonly SourceEntry[]): StepResult =>
  world.tell({ kind: 'entries_seen', route: ingest, entries });

/** A complete listing begins (where none is under way) and ends now. */
export function list(world: World, vanished: readonly string[] = [], youngEmptyCount = 0): StepResult {
  const { scanning } = world.route;
  if (scanning.listing === null) {
    scanning.nextListingAt = world.at();
    world.tell({ kind: 'tick' });
  }
  if (scanning.listing === null) throw new Error('no listing is under way');
  return world.tell({ kind: 'listing_completed', route: ingest, listingId: scanning.listing.id, vanished, entryCount: 0, youngEmptyCount });
}

/** Seen, and at rest for long enough: READY, and queued where the gate is open. Nothing is probed meanwhile. */
export function settle(world: World, ...entries: readonly SourceEntry[]): void {
  see(world, ...entries);
  world.skip(world.route.settings.stableAfterMs + world.route.source.cacheMs);
  if (world.route.scanning.listing !== null) list(world);
  list(world);
}

/** The running copy of a path reports. */
export function report(world: World, source: string, said: Extract<Event, { kind: 'copy_reported' }>['report']): StepResult {
  const file = world.file(source);
  if (!('copyId' in file) || file.copyId === null) throw new Error(`${source} is ${file.status} and has no copy`);
  return world.tell({ kind: 'copy_reported', route: ingest, fileId: file.id, copyId: file.copyId, report: said });
}

/** From the queue to a copy whose part is created. */
export function beginCopy(world: World, source: string): void {
  const { fingerprint } = world.file(source);
  report(world, source, { kind: 'preflight', preflight: { sourceFingerprint: fingerprint, existingSizeBytes: null, freeBytes: null } });
  report(world, source, { kind: 'creating' });
  report(world, source, { kind: 'created', identity: { device: '41', inode: '7' } });
}

/** A world whose destination answers and that copies these files of 1000 bytes. */
export function copyingWorld(sources: readonly string[], options: WorldOptions = {}): World {
  const world = createWorld({ lanes: sources.length, ...options });
  answerProbe(world);
  settle(world, ...sources.map((source) => entryOf(source, 1_000)));
  answerProbe(world);
  for (const source of sources) beginCopy(world, source);
  return world;
}

export const hash = { algorithm: 'xxh64', value: '0123456789abcdef' } as const;

/** A running copy has all its bytes there and waits to be read back. */
export function toVerifying(world: World, source: string): void {
  report(world, source, { kind: 'copied', hash, fingerprint: world.file(source).fingerprint });
}

/** A running copy is proven and its name asked for. */
export function toPublishing(world: World, source: string): void {
  toVerifying(world, source);
  report(world, source, { kind: 'verified', readback: 'direct', sourceGone: false });
}

export function finish(world: World, source: string): void {
  toPublishing(world, source);
  report(world, source, { kind: 'published', notes: [] });
}
