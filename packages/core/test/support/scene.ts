import { type Event } from '../../src/messages/event.ts';
import { type JournalImage, type JournalRecord } from '../../src/messages/record.ts';
import { type CopyReport } from '../../src/model/copy.ts';
import { isBeingRemoved, type SourceEntry, type TrackedFile } from '../../src/model/file.ts';
import { type FileId, type RouteName } from '../../src/model/ids.ts';
import { type ProbeResult } from '../../src/model/probe.ts';
import { holdOf } from '../../src/snapshot/file-view.ts';
import { type RouteState } from '../../src/state/route-state.ts';
import { type CoreState, isHeldAtStart, isLeftToJournal, newestOf, routeOf } from '../../src/state/state.ts';
import { beginWork, type Work } from '../../src/state/work.ts';
import { restoreState } from '../../src/step/lifecycle.ts';
import { nextWake, step } from '../../src/step/step.ts';
import { coreSettings, ingest, type SceneSettings } from './settings.ts';
import { badProbe, effectText, goodProbe, recordText, type StepOutcome } from './words.ts';

/** Wall clock of monotonic 0: 2023-11-14T22:13:20.000Z. */
export const epoch = 1_700_000_000_000;

/**
 * A core that gets its events one by one, and whose clocks change only when a test says so. Every method returns the scene;
 * `last` has the result of the last one.
 */
export interface Scene {
  readonly state: CoreState;
  readonly last: StepOutcome;
  /** All records so far. */
  readonly journal: readonly JournalRecord[];
  at(): number;
  wall(): number;
  route(name?: RouteName): RouteState;
  /** @param isFollowed whether another report of a copy follows at once */
  send(event: Event, isFollowed?: boolean): Scene;
  /** Calls a function with a step in progress, for behaviour that no event causes yet. */
  within(call: (work: Work) => void): Scene;
  tick(): Scene;
  /** Lets time pass without a tick, as for an agent that is late. */
  after(ms: number): Scene;
  /** Sets the wall clock. No time passes. */
  clockJumps(ms: number): Scene;
  /** Lets time pass. Each tick comes at the moment that core named. `last` has the results of all ticks. */
  pass(ms: number): Scene;
  /** Answers the open probe. If none is open, time passes until one is sent. */
  online(over?: Partial<ReturnType<typeof goodProbe>>, name?: RouteName): Scene;
  offline(over?: Partial<typeof badProbe>, name?: RouteName): Scene;
  sees(...entries: readonly SourceEntry[]): Scene;
  /** Completes a listing that began now and shows only the files that were seen. @param unread folders that could not be read */
  lists(vanished?: readonly string[], unread?: readonly string[]): Scene;
  /** Answers the running check. If none runs, one is requested. */
  checks(answer: { readonly present?: readonly string[]; readonly absent?: readonly string[] }): Scene;
  /** The carrier reports about the present copy of the newest file of this path. */
  reports(report: CopyReport, path?: string): Scene;
  /** The process that runs these copies is gone. */
  loses(...paths: readonly string[]): Scene;
  /** The agent is killed and starts again from its journal. */
  restarts(over?: Partial<JournalImage>): Scene;
  file(path?: string, name?: RouteName): TrackedFile;
  /** Returns the newest file of a path, which has to be in this state. */
  as<S extends TrackedFile['status']>(status: S, path?: string): TrackedFile & { readonly status: S };
  hold(path?: string, name?: RouteName): ReturnType<typeof holdOf>;
}

export function createScene(settings: SceneSettings = {}): Scene {
  const core = coreSettings(settings);
  const journal: JournalRecord[] = [];
  const sources = new Map<string, string>();
  let at = 1_000;
  /** The offset of the wall clock. */
  let offset = 0;
  let made = 0;
  let last: StepOutcome = { records: [], effects: [], wrote: [], asked: [] };
  let state = restoreState({ settings: core, image: emptyImage, untilIdle: false, at, wall: epoch + at });

  const ids = { fresh: (): string => `${(++made).toString(16).padStart(8, '0')}-0000-4000-8000-000000000000` };
  const envelope = (event: Event) => ({ seq: journal.length + 1, at, wall: epoch + at + offset, ids, event });

  const keep = ({ records, effects }: Pick<StepOutcome, 'records' | 'effects'>): Scene => {
    for (const record of records) {
      if (record.seq !== journal.length + 1) throw new Error(`record ${record.seq} after ${journal.length}`);
      journal.push(record);
      if (record.kind === 'transition' || record.kind === 'file_fact') sources.set(record.file.id, record.file.source);
    }
    const sourceOf = (id: string): string => sources.get(id) ?? id;
    last = { records, effects, wrote: records.map(recordText), asked: effects.map((effect) => effectText(effect, sourceOf)) };
    return scene;
  };

  const scene: Scene = {
    get state() {
      return state;
    },
    get last() {
      return last;
    },
    journal,
    at: () => at,
    wall: () => epoch + at + offset,
    route: (name = ingest) => routeOf(state, name),
    send: (event, isFollowed = false) => keep(step(state, { ...envelope(event), isFollowed })),
    within(call) {
      const work = beginWork(state, envelope({ kind: 'tick' }));
      call(work);
      return keep(work);
    },
    tick: () => scene.send({ kind: 'tick' }),
    after(ms) {
      at += ms;
      return scene;
    },
    clockJumps(ms) {
      offset += ms;
      return scene;
    },
    pass(ms) {
      const until = at + ms;
      const all: { records: JournalRecord[]; effects: StepOutcome['effects'][number][] } = { records: [], effects: [] };
      for (let ticks = 0; nextWake(state) <= until; ticks += 1) {
        if (ticks > 10_000) throw new Error(`core wants a tick at ${nextWake(state)}, again and again`);
        at = Math.max(at, nextWake(state));
        const result = step(state, { ...envelope({ kind: 'tick' }), seq: journal.length + 1 + all.records.length });
        all.records.push(...result.records);
        all.effects.push(...result.effects);
      }
      at = until;
      return keep(all);
    },
    online: (over = {}, name = ingest) => answer(scene, { ...goodProbe(name), ...over }, name),
    offline: (over = {}, name = ingest) => answer(scene, { ...badProbe, ...over }, name),
    sees: (...entries) => everyRoute(scene, (route) => scene.send({ kind: 'entries_seen', route, entries })),
    lists: (vanished = [], unread = []) => everyRoute(scene, (route) => list(scene, route, vanished, unread)),
    checks({ present = [], absent = [] }) {
      if (scene.route().scanning.check === null) scene.send({ kind: 'paths_noticed', route: ingest, paths: [...present, ...absent] });
      const { check } = scene.route().scanning;
      if (check === null) throw new Error('no check is under way');
      return scene.send({ kind: 'paths_checked', route: ingest, checkId: check.id, present, absent });
    },
    reports(report, path = 'a.mxf') {
      const file = scene.file(path);
      if (!('copyId' in file) || file.copyId === null) throw new Error(`${path} is ${file.status} and has no copy`);
      return scene.send({ kind: 'copy_reported', route: ingest, fileId: file.id, copyId: file.copyId, report });
    },
    loses(...paths) {
      const files = paths.map((path) => scene.file(path));
      const copyIds = files.flatMap((file) => ('copyId' in file && file.copyId !== null ? [file.copyId] : []));
      return scene.send({ kind: 'carrier_lost', route: ingest, copyIds, code: 'SIGKILL' });
    },
    restarts(over = {}) {
      const image = { ...imageOf(journal), ...over };
      state = restoreState({ settings: core, image, untilIdle: false, at, wall: epoch + at });
      return scene.send({ kind: 'agent_started' });
    },
    file(path = 'a.mxf', name = ingest) {
      const file = newestOf(state, scene.route(name), path);
      if (file === null) throw new Error(`no tracked file for ${path}`);
      return file;
    },
    as<S extends TrackedFile['status']>(status: S, path = 'a.mxf') {
      const file = scene.file(path);
      if (file.status !== status) throw new Error(`${path} is ${file.status}, not ${status}`);
      return file as TrackedFile & { readonly status: S };
    },
    hold: (path, name) => holdOf(scene.file(path, name), scene.route(name).gate.state === 'open', scene.route(name).hold !== null),
  };
  scene.send({ kind: 'agent_started' });
  return scene;
}

function everyRoute(scene: Scene, send: (route: RouteName) => Scene): Scene {
  for (const name of scene.state.routes.keys()) send(name);
  return scene;
}

function answer(scene: Scene, result: ProbeResult, name: RouteName): Scene {
  const { gate } = scene.route(name);
  if (gate.outstanding === null) scene.after(Math.max(0, (gate.askedAt ?? gate.nextProbeAt) - scene.at())).tick();
  if (gate.outstanding === null) throw new Error('no probe is under way');
  return scene.send({ kind: 'probe_answered', route: name, probeId: gate.outstanding.probeId, result });
}

/** An earlier listing does not show the present state: it is answered first, and another one is requested. */
function list(scene: Scene, name: RouteName, vanished: readonly string[], unread: readonly string[]): Scene {
  const { scanning } = scene.route(name);
  const complete = (gone: readonly string[]): Scene => {
    if (scanning.listing === null) throw new Error('no listing is under way');
    const listingId = scanning.listing.id;
    return scene.send({
      kind: 'listing_completed',
      route: name,
      listingId,
      vanished: gone,
      entryCount: 0,
      youngEmptyCount: 0,
      isQuick: false,
      processorMs: 0,
      selection: { leftAlone: [], unmatched: [] },
      unread,
    });
  };
  if (scanning.listing !== null && scanning.listing.requestedAt < scene.at()) complete([]);
  if (scanning.listing === null) {
    scanning.nextListingAt = scene.at();
    scene.tick();
  }
  return complete(vanished);
}

const emptyImage: JournalImage = { nextSeq: 1, files: [], routeFacts: [], usedNames: [] };

/** Returns the state that a journal gives back: of each source path the newest file, and who has which name. */
function imageOf(journal: readonly JournalRecord[]): JournalImage {
  const files = new Map<FileId, TrackedFile>();
  for (const record of journal) if (record.kind === 'transition' || record.kind === 'file_fact') files.set(record.file.id, record.file);
  const newest = new Map([...files.values()].map((file) => [`${file.route}\0${file.source}`, file]));
  const usedNames = [...files.values()]
    .filter((file) => file.status === 'COMPLETED' || (file.status === 'FAILED' && file.left !== null))
    .map((file) => ({ route: file.route, destination: file.destination, fileId: file.id }));
  const facts = journal.filter((record) => record.kind === 'route_fact');
  const routeFacts = [...new Map(facts.map((fact) => [`${fact.route}\0${fact.key}`, fact])).values()];
  const kept = [...files.values()].filter(
    (file) =>
      isBeingRemoved(file) || (newest.get(`${file.route}\0${file.source}`) === file && (isLeftToJournal(file) || isHeldAtStart(file))),
  );
  return { nextSeq: journal.length + 1, files: kept, routeFacts, usedNames };
}
