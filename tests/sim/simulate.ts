import { createLoop, type Loop } from '@sluice/agent';
import {
  type Action,
  type CoreState,
  type Effect,
  type Event,
  type JournalRecord,
  newestOf,
  type RouteState,
  restoreState,
} from '@sluice/core';
import {
  type CoreSettings,
  type FileId,
  isEnded,
  type RouteName,
  type RouteSettings,
  routeName,
  type TrackedFile,
} from '@sluice/core/model';
import {
  createFakeDestination,
  createFakeEnvironment,
  createFakeSource,
  createSimClock,
  type FakeDestination,
  type FakeEnvironment,
  type FakeRoute,
  type FakeSource,
  type SimClock,
} from '@sluice/testkit';
import { createSimJournal, type SimJournal } from './memory.ts';
import { type AgentProcess, type Pause, startProcess } from './process.ts';
import { routeSettings } from './settings.ts';

/**
 * The point in a commit at which the agent is killed. `before_commit`: nothing is written. `after_commit`: everything is written
 * and no effect runs. `half_done`: everything is written and half of the effects run.
 */
export type Death = 'before_commit' | 'after_commit' | 'half_done';

/** One agent in simulated time, with fakes, and with a journal in memory. */
export interface Simulation {
  readonly clock: SimClock;
  /** The source of the first route. */
  readonly source: FakeSource;
  readonly destination: FakeDestination;
  readonly fakeRoutes: readonly FakeRoute[];
  readonly journal: SimJournal;
  loop(): Loop;
  environment(): FakeEnvironment;
  /** Returns how often the agent was started. */
  lives(): number;
  /** Returns the commits of all lives. */
  commits(): number;
  /** Returns how long the agent was awake, by its process's clock. */
  awakeMs(): number;
  /** Returns when this life began, by `awakeMs`. */
  startedAt(): number;
  /** Returns whether a file ended since its route was last read from the journal: in this life, and its route was there all the time. */
  hasEndedNow(id: FileId): boolean;
  /** Returns when this life last got a complete listing of a route, by `awakeMs`. Null: not yet. */
  listedAt(route: RouteName): number | null;
  /** Returns when the journal last accepted what it had refused in this life, by `awakeMs`. Negative infinity: it refused nothing. */
  resumedAt(): number;
  /** Returns the newest record of every tracked file ever. */
  files(): TrackedFile[];
  /** Kills the agent between two steps and starts it again on its journal. */
  crash(): void;
  /** Kills the agent and starts it again after a while. */
  crashFor(ms: number): void;
  /** Pauses the agent's process for a while. Its children, the storage and the wall clock continue. */
  pause(ms: number, how: Pause): void;
  /** Asks the agent to stop, gives it its time, and starts it again. */
  stopAndStart(mode: 'graceful' | 'drain'): void;
  /** Requests an action of an operator. */
  ask(action: Action): void;
  /** Has the agent read other settings, which also count for later lives. @param names the routes that are in them */
  reload(names: readonly RouteName[], settings: Partial<RouteSettings>): void;
  /** Returns the state of a route. Null: it is not in the settings, or its last copies run. */
  routeNow(route: RouteName): RouteState | null;
  /** Kills the agent at a commit, counted from 1, and starts it again. */
  dieAt(commit: number, death: Death): void;
  /** Cancels `dieAt`. */
  spare(): void;
  /** Stops the agent, loses the state folder, and starts the agent again. */
  loseJournal(): void;
  run(ms: number): void;
  /** @returns whether it became true in time */
  runUntil(isDone: () => boolean, withinMs: number): boolean;
  /** Calls `told` with the reports of the children when they send them. The agent may get them later. */
  onOffer(told: (event: Event) => void): void;
  /** Returns whether everything at the source is copied in its present form, on every route. */
  isCopied(): boolean;
  /** Returns whether the file at a path of the source is copied in its present form. */
  isPathCopied(route: RouteName, path: string): boolean;
  runUntilCopied(withinMs: number): boolean;
}

/** Settings of a simulation. */
export interface SimulationOptions {
  readonly route?: Partial<RouteSettings>;
  readonly lanes?: number;
  /** Files up to this size have separate lanes. */
  readonly smallSizeBytes?: number;
  readonly growingLanes?: number;
  /** How long a trouble lasts before a person is called. */
  readonly attentionAfterMs?: number;
  /** Files to which one step applies a full listing, or whose alarms ring in it. */
  readonly settledAtOnce?: number;
  readonly bytesPerMs?: number;
  /** A second route from the same source, to a separate destination. */
  readonly twoRoutes?: boolean;
  readonly untilIdle?: boolean;
  /** Reports of ended carriers arrive, late. */
  readonly reportsLate?: boolean;
  /** Returns what the agent gets in place of this message of a child. */
  readonly alter?: (event: Event) => readonly Event[];
}

/** One life of the agent. */
interface Life {
  readonly loop: Loop;
  readonly environment: FakeEnvironment;
  readonly process: AgentProcess;
}

const stopAfterMs = 10_000;

/** Thrown through the loop, so that the process does nothing further. */
class AgentDied extends Error {
  override name = 'AgentDied';
}

/** Starts an agent in simulated time. */
export function simulate(options: SimulationOptions = {}): Simulation {
  const clock = createSimClock();
  const source = createFakeSource(() => clock.monotonic());
  const names = options.twoRoutes === true ? ['sim', 'other'] : ['sim'];
  const fakeRoutes: FakeRoute[] = names.map((name) => ({ route: routeName(name), source, destination: createFakeDestination() }));
  const [first] = fakeRoutes as [FakeRoute];
  const journal = createSimJournal();
  let life = 0;
  let starts = 0;
  let ids = 0;
  let resumedAt = Number.NEGATIVE_INFINITY;
  let startedAt = 0;
  let commits = 0;
  let death: { commit: number; how: Death } | null = null;
  const endedNow = new Map<FileId, RouteName>();
  const leftRoutes = new Set<RouteName>();
  const listeners: ((event: Event) => void)[] = [];
  const listedAt = new Map<RouteName, number>();
  /** What `sluice.toml` says. */
  let configured = { names: names.map(routeName), settings: options.route };
  let current: Life;

  const noteEnd = (record: JournalRecord): void => {
    if (record.kind === 'transition' && isEnded(record.to)) endedNow.set(record.file.id, record.file.route);
    if (record.kind !== 'route_fact') return;
    const { route } = record;
    if (record.event.kind === 'unconfigured') leftRoutes.add(route);
    // Copies may end after their route was taken out of the settings. When it is in them again, it is read from the journal.
    else if (record.event.kind !== 'configured' || !leftRoutes.delete(route)) return;
    for (const [id, of] of endedNow) if (of === route) endedNow.delete(id);
  };

  const start = (): Life => {
    const mine = ++life;
    starts += 1;
    const process = startProcess(clock);
    listedAt.clear();
    endedNow.clear();
    leftRoutes.clear();
    startedAt = process.clock.monotonic();
    resumedAt = Number.NEGATIVE_INFINITY;
    const hear = (event: Event): void => {
      if (event.kind === 'listing_completed') listedAt.set(event.route, process.clock.monotonic());
      if (mine === life) for (const heard of options.alter?.(event) ?? [event]) loop.offer(heard);
    };
    let effectsBeforeDeath = Number.POSITIVE_INFINITY;
    const append: SimJournal['append'] = (added) => {
      const isDeath = death !== null && commits + 1 >= death.commit;
      if (isDeath && death?.how === 'before_commit') throw new AgentDied();
      journal.append(added);
      commits += 1;
      for (const record of added) noteEnd(record);
      if (isDeath) effectsBeforeDeath = death?.how === 'half_done' ? 1 : 0;
    };
    const perform = (effect: Effect): void => {
      if (effectsBeforeDeath <= 0) throw new AgentDied();
      effectsBeforeDeath -= 1;
      environment.perform(effect);
    };
    const loop: Loop = createLoop({ ...journal, append }, beginning(process), journal.records.length + 1, {
      clock: process.clock,
      ids: { fresh: () => `${(++ids).toString(16).padStart(8, '0')}-0000-4000-8000-000000000000` },
      performer: { perform },
      audience: {
        committed() {
          if (effectsBeforeDeath < Number.POSITIVE_INFINITY) throw new AgentDied();
        },
        stalled: () => {},
        resumed: () => void (resumedAt = process.clock.monotonic()),
      },
      unusable: (why) => {
        throw why;
      },
      defer: (work) => process.defer(work),
      makeTimer: process.makeTimer,
    });
    const environment: FakeEnvironment = createFakeEnvironment({
      clock,
      routes: fakeRoutes,
      present: configured.names,
      bytesPerMs: options.bytesPerMs ?? 10,
      stallAfterMs: routeSettings.stallAfterMs,
      quietForMs: options.route?.growing?.quietForMs ?? routeSettings.growing.quietForMs,
      reportsLate: options.reportsLate ?? true,
      offer(event) {
        for (const told of listeners) told(event);
        process.receive(() => hear(event));
      },
    });
    for (const kind of ['configured', 'agent_started'] as const) loop.offer({ kind });
    return { loop, environment, process };
  };

  const coreSettings = (): CoreSettings => {
    const routes = fakeRoutes.map(({ route }, index) => ({
      ...routeSettings,
      ...configured.settings,
      name: route,
      destination: index === 0 ? routeSettings.destination : `${routeSettings.destination}-${index}`,
    }));
    return {
      agentId: '00000000',
      lanes: options.lanes ?? 4,
      smallSizeBytes: options.smallSizeBytes ?? 0,
      growingLanes: options.growingLanes ?? 16,
      attentionAfterMs: options.attentionAfterMs ?? 60_000,
      ...(options.settledAtOnce === undefined ? {} : { settledAtOnce: options.settledAtOnce }),
      routes: routes.filter(({ name }) => configured.names.includes(name)),
    };
  };

  const beginning = (process: AgentProcess): CoreState => {
    const { untilIdle = true } = options;
    return restoreState({
      settings: coreSettings(),
      loadImage: () => journal.load(),
      image: journal.load(),
      ended: journal.ended,
      untilIdle,
      at: process.clock.monotonic(),
      wall: clock.wall(),
    });
  };

  const hearFromOutside = (event: Event): void => {
    const { process, loop } = current;
    process.receive(() => loop.offer(event));
  };

  const stop = (): void => {
    life += 1;
    current.process.end();
    current.loop.end();
    current.environment.end();
  };

  const restart = (): void => {
    death = null;
    stop();
    current = start();
  };

  /** Runs `work`, and starts the agent again each time that it is killed. */
  const survive = <T>(work: () => T): T => {
    for (;;) {
      try {
        return work();
      } catch (error) {
        if (!(error instanceof AgentDied)) throw error;
        restart();
      }
    }
  };

  const run = (ms: number): void => {
    const until = clock.monotonic() + ms;
    survive(() => clock.runUntil(until));
  };

  const runUntil = (isDone: () => boolean, withinMs: number): boolean => {
    const until = clock.monotonic() + withinMs;
    return survive(() => clock.runWhile(isDone, until));
  };

  const isCopied = (): boolean =>
    fakeRoutes.every((fakeRoute) =>
      fakeRoute.source.entries().every(({ path, nameValid }) => !nameValid || isPathCopied(fakeRoute.route, path)),
    );

  const isPathCopied = (name: RouteName, path: string): boolean => {
    const { state } = current.loop;
    const route = state.routes.get(name);
    const file = route === undefined ? null : newestOf(state, route, path);
    // What late calls have hidden under its name may be another file, for which a person is called.
    const waitsForPerson = file?.status === 'COMPLETED_DELETE_FAILED' && file.removal?.code === 'NAME_TAKEN';
    if (file === null || !(file.status === 'COMPLETED' || waitsForPerson)) return false;
    return file.fingerprint.mtimeNs === source.fingerprint(path)?.mtimeNs && !source.isRecording(path);
  };

  current = start();
  return {
    clock,
    source,
    destination: first.destination,
    fakeRoutes,
    journal,
    loop: () => current.loop,
    environment: () => current.environment,
    lives: () => starts,
    commits: () => commits,
    awakeMs: () => current.process.clock.monotonic(),
    startedAt: () => startedAt,
    hasEndedNow: (id) => endedNow.has(id),
    listedAt: (route) => listedAt.get(route) ?? null,
    resumedAt: () => resumedAt,
    files: () => [...journal.newest.values()],
    crash: restart,
    crashFor(ms) {
      stop();
      clock.runUntil(clock.monotonic() + ms);
      current = start();
    },
    pause: (ms, how) => current.process.pause(ms, how),
    stopAndStart(mode) {
      hearFromOutside({ kind: 'stop_requested', by: 'somebody', mode });
      if (!runUntil(() => current.environment.hasStopped(), stopAfterMs)) hearFromOutside({ kind: 'stop_deadline' });
      run(50);
      restart();
    },
    ask: (action) => hearFromOutside({ kind: 'operator_asked', action, who: { by: 'somebody', reason: null } }),
    reload(present, changes) {
      configured = { names: [...present], settings: { ...configured.settings, ...changes } };
      hearFromOutside({ kind: 'reloaded', settings: coreSettings(), by: 'somebody' });
    },
    routeNow(name) {
      const route = current.loop.state.routes.get(name);
      return route === undefined || route.ending !== null ? null : route;
    },
    spare: () => void (death = null),
    dieAt: (commit, how) => void (death = { commit, how }),
    loseJournal() {
      stop();
      journal.lose();
      current = start();
    },
    run,
    runUntil,
    onOffer: (told) => void listeners.push(told),
    isCopied,
    isPathCopied,
    runUntilCopied: (withinMs) => runUntil(isCopied, withinMs),
  };
}

/** Returns the attempts for a source path on the first route, as `status destination`. */
export function story(simulation: Simulation, source: string): string[] {
  return simulation
    .files()
    .filter((file) => file.source === source && file.route === simulation.fakeRoutes[0]?.route)
    .map((file) => `${file.status} ${file.destination}`);
}
