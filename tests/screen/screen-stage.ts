import type { JournalRecord } from '@sluice/core';
import type { FileId, TrackedFile } from '@sluice/core/model';
import type { EndedBrief } from '@sluice/lists';
import { everything } from '@sluice/testkit';
import type { ScreenJournal } from '../../packages/agent/src/serve/screen/journal.ts';
import { createScreens, type ScreenServing } from '../../packages/agent/src/serve/screen/screens.ts';
import { applyDelta } from '../../packages/control/src/protocol/delta.ts';
import type { ScreenDelta, ScreenFrame, ScreenRow, ScreenWindow } from '../../packages/control/src/protocol/screen-frame.ts';
import { createScene, type Scene } from '../../packages/core/test/support/scene.ts';
import type { SceneSettings } from '../../packages/core/test/support/settings.ts';

/** A client with a screen, as the agent sees it. */
export interface FakeClient {
  /** What the client shows, with every delta applied. */
  readonly frame: ScreenFrame;
  readonly deltas: ScreenDelta[];
  readonly closed: string[];
  window: ScreenWindow;
  hasRead: boolean;
  /** Requests a window, and waits for it. */
  watch(change?: Partial<ScreenWindow>): Promise<ScreenFrame>;
  end(): void;
}

/** A real core that gets its events one by one, and the agent's side of its screens. Time moves only when the test advances it. */
export interface Stage {
  readonly scene: Scene;
  readonly screens: ScreenServing;
  readonly troubles: string[];
  /** The units of every event-loop turn. */
  readonly turns: number[];
  /** The ids that the journal was asked for. */
  readonly read: string[];
  readonly journal: Map<FileId, TrackedFile>;
  /** Applies an event, and commits it. */
  does(verb: (scene: Scene) => unknown): Stage;
  /** Advances the time of core and of the screens. */
  pass(ms: number): Stage;
  /** Runs everything that is pending. */
  settle(): Stage;
  /** Runs this many turns of what is pending, or fewer if that is all. */
  turn(count: number): Stage;
  watch(change?: Partial<ScreenWindow>): Promise<FakeClient>;
  /** Returns the screens that an agent would make if it started now. */
  rebuilt(): Stage;
  /** Returns the number of timers that are set. */
  timers(): number;
}

interface TestTimer {
  at: number | null;
  readonly fire: () => void;
}

/** Makes a stage with these files. */
export function createStage(settings: SceneSettings = {}, files: readonly TrackedFile[] = []): Stage {
  const scene = createScene(settings);
  if (files.length > 0) scene.restarts({ files });
  return stageOf(scene, new Map(files.map((file) => [file.id, file])));
}

function stageOf(scene: Scene, journal: Map<FileId, TrackedFile>): Stage {
  const timers = new Set<TestTimer>();
  const deferred: (() => void)[] = [];
  const troubles: string[] = [];
  const turns: number[] = [];
  const read: string[] = [];
  let taken = scene.journal.length;

  const screens = createScreens({
    state: scene.state,
    reader: journalOf(journal, read),
    self: { pid: 1, version: '0', startedAt: '', stateDir: '/state' },
    clock: { monotonic: scene.at, wall: scene.wall },
    isStalled: () => false,
    conditions: () => [],
    refusedReload: () => null,
    makeTimer: (fire) => {
      const timer: TestTimer = { at: null, fire };
      timers.add(timer);
      const set = (at: number | null) => {
        timer.at = at;
      };
      return { set, clear: () => set(null) };
    },
    defer: (work) => void deferred.push(work),
    onTrouble: (message) => void troubles.push(message),
    onTurn: (units) => void turns.push(units),
  });
  const commit = (): void => {
    const records: readonly JournalRecord[] = scene.journal.slice(taken);
    taken = scene.journal.length;
    for (const record of records) if ('file' in record) journal.set(record.file.id, record.file);
    if (records.length > 0) screens.committed(records);
  };
  const next = (): TestTimer | null => {
    let soonest: TestTimer | null = null;
    for (const timer of timers) {
      if (timer.at !== null && timer.at < (soonest?.at ?? Number.POSITIVE_INFINITY)) soonest = timer;
    }
    return soonest;
  };
  const stage: Stage = {
    scene,
    screens,
    troubles,
    turns,
    read,
    journal,
    does(verb) {
      verb(scene);
      commit();
      return stage;
    },
    pass(ms) {
      const until = scene.at() + ms;
      for (let timer = next(); timer?.at !== null && timer !== null && timer.at <= until; timer = next()) {
        scene.pass(Math.max(0, timer.at - scene.at()));
        commit();
        timer.at = null;
        timer.fire();
        stage.settle();
      }
      scene.pass(until - scene.at());
      commit();
      return stage;
    },
    settle() {
      for (let count = 0; deferred.length > 0; count += 1) {
        if (count > 1_000_000) throw new Error('the screens never come to rest');
        deferred.shift()?.();
      }
      return stage;
    },
    turn(count) {
      for (let left = count; left > 0; left -= 1) deferred.shift()?.();
      return stage;
    },
    async watch(change = {}) {
      const client = clientOf(stage);
      await client.watch(change);
      return client;
    },
    rebuilt: () => stageOf(scene, journal),
    timers: () => [...timers].filter(({ at }) => at !== null).length,
  };
  return stage;
}

/** Returns the journal of a test, with the answers of a real one. */
function journalOf(files: ReadonlyMap<FileId, TrackedFile>, read: string[]): ScreenJournal {
  return {
    file(id) {
      read.push(id);
      return files.get(id as FileId) ?? null;
    },
    ended({ since, before, limit }) {
      const isBefore = ({ endedAt, id }: EndedBrief): boolean =>
        before === null || endedAt < before.endedAt || (endedAt === before.endedAt && id < before.id);
      return [...files.values()]
        .flatMap((file) => (file.endedAt !== null && file.endedAt >= since ? [briefOf(file, file.endedAt)] : []))
        .filter(isBefore)
        .toSorted((a, b) => b.endedAt - a.endedAt || (a.id < b.id ? 1 : -1))
        .slice(0, limit);
    },
  };
}

function briefOf(
  { id, route, source, destination, status, fingerprint, discoveredAt, recoveryOf, recoveredBy }: TrackedFile,
  endedAt: number,
): EndedBrief {
  return { id, route, source, destination, status, sizeBytes: fingerprint.sizeBytes, discoveredAt, endedAt, recoveryOf, recoveredBy };
}

function clientOf(stage: Stage): FakeClient {
  let frame: ScreenFrame | null = null;
  const watcher = stage.screens.attach({
    hasRead: () => client.hasRead,
    close: (why) => void client.closed.push(why),
    send(sent) {
      // Copied, because nothing is shared over a socket.
      const delta = JSON.parse(JSON.stringify(sent)) as ScreenDelta;
      client.deltas.push(delta);
      const after = frame === null ? null : applyDelta(frame, delta);
      if (after === null) throw new Error(`delta ${delta.seq} does not follow frame ${frame?.seq}`);
      frame = after;
    },
  });
  const client: FakeClient = {
    get frame() {
      if (frame === null) throw new Error('nothing was shown yet');
      return frame;
    },
    deltas: [],
    closed: [],
    window: everything,
    hasRead: true,
    async watch(change = {}) {
      client.window = { ...client.window, ...change };
      const asked = watcher.watch(client.window);
      stage.settle();
      frame = JSON.parse(JSON.stringify(await asked)) as ScreenFrame;
      return frame;
    },
    end: watcher.end,
  };
  return client;
}

/** Returns the rows in short: `clip.mxf FAILED`, `+ clip_1.mxf READY`. */
export function rowsText({ rows }: ScreenFrame): string[] {
  return rows.rows.map(({ depth, file }: ScreenRow) => `${depth === 1 ? '+ ' : ''}${file.destination} ${file.status}`);
}
