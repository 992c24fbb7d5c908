import { createLoop, type Loop } from '@sluice/agent';
import {
  type CoreState,
  type FileId,
  type JournalRecord,
  type RouteSettings,
  restoreState,
  routeName,
  type Status,
  type TrackedFile,
} from '@sluice/core';
import {
  createFakeDestination,
  createFakeSource,
  createFakeWorld,
  createSimClock,
  type FakeDestination,
  type FakeSource,
  type FakeWorld,
  type SimClock,
} from '@sluice/testkit';

export const routeSettings: RouteSettings = {
  name: routeName('sim'),
  source: '/source',
  destination: '/destination',
  include: ['**/*'],
  exclude: [],
  stableAfterMs: 2_000,
  stuckAfterMs: 900_000,
  scanEveryMs: 5_000,
  verify: 'readback',
  destinationMode: null,
  maxRateBytesPerSecond: null,
  stallAfterMs: 2_000,
  stallMaxMs: 120_000,
  maxAttempts: 5,
  guard: 'marker',
  afterCopy: 'keep',
  afterCopyWaitMs: 0,
  afterCopyProof: 'direct',
  archiveDir: null,
  growing: {
    enabled: true,
    include: ['**/*'],
    visible: true,
    minSizeBytes: 5_000,
    safetyMarginBytes: 1_000,
    pollMs: 1_000,
    quietForMs: 3_000,
  },
  recovery: { rename: 'always', suffix: '_{n}', leftover: 'keep', maxVisible: 3 },
  space: { keepFree: { bytes: 0 }, warnBelow: { share: 0.05 }, retryEveryMs: 30_000 },
  probe: { openMs: 5_000, closedMs: 1_000, deadlineMs: 10_000, settleMs: 10_000 },
};

/** One agent in simulated time, over fakes, with a journal in memory. */
export interface Simulation {
  readonly clock: SimClock;
  readonly source: FakeSource;
  readonly destination: FakeDestination;
  readonly records: JournalRecord[];
  loop(): Loop;
  world(): FakeWorld;
  /** Newest record of every tracked file there ever was. */
  files(): TrackedFile[];
  /** The agent dies between two steps and is started again on its journal. */
  crash(): void;
  run(ms: number): void;
  runUntilCarried(withinMs: number): boolean;
}

export interface SimulationOptions {
  readonly route?: Partial<RouteSettings>;
  readonly lanes?: number;
  readonly bytesPerMs?: number;
}

export function simulate(options: SimulationOptions = {}): Simulation {
  const clock = createSimClock();
  const source = createFakeSource(() => clock.monotonic());
  const destination = createFakeDestination();
  const records: JournalRecord[] = [];
  const newest = new Map<FileId, TrackedFile>();
  let life = 0;
  let ids = 0;
  let current: { loop: Loop; world: FakeWorld };

  const append = (added: readonly JournalRecord[]): void => {
    for (const record of added) {
      if (record.seq !== records.length + 1) throw new Error(`record ${record.seq} after ${records.length}`);
      records.push(record);
      if (record.kind === 'transition' || record.kind === 'file_fact') newest.set(record.file.id, record.file);
    }
  };

  const start = (): { loop: Loop; world: FakeWorld } => {
    const mine = ++life;
    const loop: Loop = createLoop({ append, load: () => imageOf(records, newest), close: () => {} }, beginning(), records.length + 1, {
      clock,
      ids: { fresh: () => `${String(++ids).padStart(8, '0')}-0000-4000-8000-000000000000` },
      world: { perform: (effect) => world.perform(effect) },
      audience: { committed: () => {}, stalled: () => {} },
      defer: (work) => void clock.after(0, work),
      makeTimer: (fire) => {
        let off = (): void => {};
        return {
          set(at) {
            off();
            off = clock.after(at - clock.monotonic(), fire);
          },
          clear: () => off(),
        };
      },
    });
    const world: FakeWorld = createFakeWorld({
      clock,
      source,
      destination,
      bytesPerMs: options.bytesPerMs ?? 10,
      offer: (event) => {
        if (mine === life) loop.offer(event);
      },
    });
    loop.offer({ kind: 'agent_started' });
    return { loop, world };
  };

  const beginning = (): CoreState => {
    const route = { ...routeSettings, ...options.route };
    const settings = { agentId: '00000000', lanes: options.lanes ?? 4, growingLanes: 16, routes: [route] };
    const image = imageOf(records, newest);
    return restoreState({ settings, image, untilIdle: true, at: clock.monotonic(), wall: clock.wall() });
  };

  current = start();
  const isCarried = (): boolean => {
    const paths = source.paths();
    const route = current.loop.state.routes.get(routeSettings.name);
    return paths.every((path) => {
      const id = route?.newest.get(path);
      const file = id === undefined ? undefined : current.loop.state.files.get(id);
      return file?.status === 'COMPLETED' && file.fingerprint.mtimeNs === source.fingerprint(path)?.mtimeNs;
    });
  };
  return {
    clock,
    source,
    destination,
    records,
    loop: () => current.loop,
    world: () => current.world,
    files: () => [...newest.values()],
    crash() {
      current.loop.end();
      current.world.carrier.end();
      current = start();
    },
    run: (ms) => clock.runUntil(clock.monotonic() + ms),
    runUntilCarried: (withinMs) => clock.runWhile(isCarried, clock.monotonic() + withinMs),
  };
}

const ended: readonly Status[] = ['COMPLETED', 'COMPLETED_DELETE_FAILED', 'FAILED', 'REMOVED'];

function imageOf(records: readonly JournalRecord[], newest: ReadonlyMap<FileId, TrackedFile>): Parameters<typeof restoreState>[0]['image'] {
  const bySource = new Map<string, TrackedFile>();
  for (const file of newest.values()) {
    const before = bySource.get(file.source);
    if (before === undefined || ended.includes(before.status)) bySource.set(file.source, file);
  }
  const usedNames = [...newest.values()]
    .filter((file) => file.status === 'COMPLETED' || (file.status === 'FAILED' && file.left !== null))
    .map((file) => ({ route: file.route, destination: file.destination, fileId: file.id }));
  const routeFacts = records.filter((record) => record.kind === 'route_fact');
  return { nextSeq: records.length + 1, files: [...bySource.values()], routeFacts, usedNames };
}

/** The story of a source path: its attempts, as `status destination`. */
export function story(simulation: Simulation, source: string): string[] {
  return simulation
    .files()
    .filter((file) => file.source === source)
    .map((file) => `${file.status} ${file.destination}`);
}
