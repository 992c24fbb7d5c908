import { type Config, explainConfig } from '@sluice/config';
import { type ControlServer, createControlServer, type ReloadReply } from '@sluice/control';
import { type CoreState, idleness, type Operator, restoreState, viewRoute } from '@sluice/core';
import type { CoreSettings } from '@sluice/core/model';
import type { AgentLock } from '@sluice/lock';
import { type JournalReader, type JournalUnusable, readerOf, type WritableJournal } from '@sluice/persistence';
import { giveMemoryBack } from '@sluice/platform';
import { askRemnants } from './children/ask-once.ts';
import { type Children, createChildren } from './children/children.ts';
import type { CrewSetting } from './children/crew.ts';
import { createRegister } from './children/register.ts';
import { makeSystemTimer, systemClock, systemIds } from './clock.ts';
import { Hooks } from './hooks/hooks.ts';
import { HookProcesses } from './hooks/processes.ts';
import type { EarlierHooks } from './hooks/tracking.ts';
import { limits } from './limits.ts';
import { logEnd } from './log/end.ts';
import type { Log } from './log/log.ts';
import { createLoop, type Loop } from './loop.ts';
import { Counters } from './metrics/counters.ts';
import { metricsText } from './metrics/metrics.ts';
import { OwnConditions } from './own-conditions/own-conditions.ts';
import { mayBeAtSource } from './pruning.ts';
import { startJournalCheck } from './reader/check-journal.ts';
import type { Finding } from './reader/find.ts';
import { Questions } from './reader/questions.ts';
import { readerStarter } from './reader/start.ts';
import type { RouteClaims } from './reload/claims.ts';
import type { LoadAgain, OnPhase } from './reload/reloader.ts';
import { createReloader } from './reload/start.ts';
import { AgentAudience } from './serve/audience.ts';
import { createHandlers } from './serve/handlers.ts';
import type { Note } from './serve/notes.ts';
import { createScreens, type ScreenServing } from './serve/screen/screens.ts';
import { type AgentSelf, type OwnTroubles, statusOf, verdictOf } from './serve/status.ts';
import type { NotifyEnvironment } from './service-manager/environment.ts';
import type { ServiceReport } from './service-manager/report.ts';
import { startServiceReport } from './service-manager/start.ts';
import { sourcePlaces } from './source-identities.ts';
import { type StopMode, Stopping } from './stopping.ts';
import { Upkeep } from './upkeep.ts';

/** The options of an agent. */
export interface AgentOptions {
  readonly config: Config;
  readonly version: string;
  /** The agent ends when nothing is left to do. */
  readonly untilIdle: boolean;
  /** The user said that the state folder was moved here from another machine. */
  readonly wasMoved?: boolean;
  readonly log: Log;
  /** Receives notes. Null: none are made. */
  readonly onNote: ((note: Note) => void) | null;
  /** Absent: the agent cannot read its configuration again. */
  readonly loadAgain?: LoadAgain;
  /** Called when another configuration is in force. */
  readonly onConfigured?: (config: Config) => void;
  /** The variables of the service manager. Null: there is none. */
  readonly notify?: NotifyEnvironment | null;
  /** In the packed executable: unpacks the native addon of better-sqlite3 below the state folder, which exists and is private. */
  readonly sqliteAddon?: (stateDir: string) => object | undefined;
  /** Returns the path of the addon. Null in a checkout. Called after `sqliteAddon`. */
  readonly sqliteAddonPath?: () => string | null;
}

/** Why an agent ended. */
export type AgentEnd =
  | 'stopped'
  | 'all_copied'
  | 'needs_a_person'
  /** The agent was asked to stop while the journal could not be written, and did not wait for it. */
  | 'journal_stalled';

/** A running agent. */
export interface Agent {
  /** @param by who requests the stop, for the journal */
  stop(mode: StopMode, by: string, reason?: string | null): void;
  /** Reads the configuration again, and applies it if all of it is valid. @param who requests it, for the journal */
  reload(who: Operator): Promise<ReloadReply>;
  /** Rejects with JournalUnusable if the journal is damaged. */
  readonly ended: Promise<AgentEnd>;
}

/** What an agent has acquired before it runs. It releases the lock and closes the journal when it ends. */
interface Foundation {
  readonly lock: AgentLock;
  readonly journal: WritableJournal;
  readonly self: AgentSelf;
  readonly groupId: number | null;
  readonly claims: RouteClaims;
  /** Processes of hooks that hang since an earlier run. */
  readonly earlierHooks: EarlierHooks['stillThere'];
}

/**
 * Starts the parts of an agent in order: the loop with its audience, the children, then the control socket. The first event is
 * offered when clients can connect.
 */
export async function runAgent(options: AgentOptions, foundation: Foundation): Promise<Agent> {
  const { config, log, untilIdle } = options;
  const { journal, lock, self } = foundation;
  giveMemoryBack();
  const image = journal.load();
  const settings = coreSettings(config, journal);
  const now = { at: systemClock.monotonic(), wall: systemClock.wall() };
  const state = restoreState({ settings, image, ended: journal.ended, loadImage: () => journal.load(), untilIdle, ...now });
  const ending = Promise.withResolvers<AgentEnd>();
  const questions = new Questions({ start: readerStarter(options), clock: systemClock, makeTimer: makeSystemTimer });
  const isStalled = (): boolean => loop.isStalled();
  const conditions = (): OwnTroubles['conditions'] => own.view();
  const refusedReload = (): OwnTroubles['refusedReload'] => reloader.refused;
  const served: Served = { state, self, reader: readerOf(journal.database), isStalled, conditions, refusedReload, ...findingOf(questions) };

  const screens = startScreens(served, log);
  const onConfigured = (next: Config): void => upkeep.configure(next);
  const onPhase: OnPhase = (phase) => report?.reload(phase);
  const reloader = createReloader(options, {
    ...{ state, claims: foundation.claims, isStalled, onConfigured, onPhase },
    offer: (event) => loop.offer(event),
    settingsOf: (next) => coreSettings(next, journal),
  });
  const inForce = (): Config => reloader.config;
  const register = createRegister(journal, systemClock.wall);
  const hookProcesses = new HookProcesses({ register, endRemnants: askRemnants, log: (text) => log.warn(text) }, foundation.earlierHooks);
  const hooks: Hooks = hooksOf(inForce, () => loop, hookProcesses, log);
  const own = new OwnConditions({ config: inForce, stateDir: self.stateDir, hooks, log });
  const counters = new Counters(state, systemClock.monotonic);
  const audience = new AgentAudience({ screens, counters, hooks, log, stall: own.stall, onNote: options.onNote });
  const loop: Loop = createLoop(journal, state, image.nextSeq, {
    clock: systemClock,
    ids: systemIds,
    performer: { perform: (effect) => children.perform(effect) },
    audience,
    unusable: ending.reject,
    defer: setImmediate,
    makeTimer: makeSystemTimer,
  });

  const children: Children = createChildren(settings, crewSetting(settings, loop, register, log), {
    hook: (effect) => hooks.perform(effect),
    configured: () => reloader.configured(),
    routeEnded: (route) => reloader.routeEnded(route),
    stopped: () => ending.resolve('stopped'),
  });

  const verdict = (): string => verdictText(state, { isStalled: isStalled(), conditions: conditions() });
  const report = startServiceReport(options.notify ?? null, loop, verdict, log);
  const stopping = stoppingOf(inForce, loop, log, ending.resolve);
  const orders: Orders = { stop: (...how) => stopIn(stopping, report, ...how), reload: (who) => reloader.reload(who) };
  const upkeep = new Upkeep({ config, journal, state, metrics: () => metricsOf(served, counters), log });
  const control = await startControl(served, options, {
    ...{ loop, ...orders, inForce, screens, counters, journal, groupId: foundation.groupId },
  });
  audience.publishTo(control);
  lock.nameSocket(control.path);

  for (const kind of ['configured', 'agent_started'] as const) loop.offer({ kind });
  report?.ready();
  const endCheck = journal.isChecked ? () => undefined : checkJournal(options, ending.reject);

  const ended = endAfter(ending.promise, {
    endWatch: untilIdle ? watchIdleness(state, loop, log, ending.resolve) : () => undefined,
    ...{ endCheck, stopping, own, upkeep, report, loop, screens },
    ...{ children, hooks, hookProcesses, questions, register, control, journal, lock },
  });
  return { ...orders, ended };
}

/** The data from which clients are answered. */
interface Served extends Pick<Finding, 'search' | 'filter' | 'searchTime'> {
  readonly state: CoreState;
  readonly self: AgentSelf;
  readonly reader: Omit<JournalReader, 'close'>;
  readonly isStalled: () => boolean;
  /** Returns the conditions of the agent itself that need a person. */
  readonly conditions: () => OwnTroubles['conditions'];
  /** Returns the last reload, if it was refused. */
  readonly refusedReload: () => OwnTroubles['refusedReload'];
}

function findingOf(questions: Questions): Pick<Finding, 'search' | 'filter' | 'searchTime'> {
  return {
    search: (question, deadlineAt, isOwner) => questions.ask(question, deadlineAt, isOwner),
    filter: (question, deadlineAt, isOwner) => questions.filter(question, deadlineAt, isOwner),
    searchTime: () => questions.time(),
  };
}

function coreSettings(config: Config, journal: WritableJournal): CoreSettings {
  const { lanes, growingLanes, smallSizeBytes, attentionAfterMs } = config.agent;
  const agentId = journal.agentId.slice(0, 8);
  return { agentId, lanes, growingLanes, smallSizeBytes, attentionAfterMs, routes: config.routes, sourcePlaces: sourcePlaces(config) };
}

function startScreens(served: Served, log: Log): ScreenServing {
  return createScreens({
    ...served,
    clock: systemClock,
    makeTimer: makeSystemTimer,
    defer: setImmediate,
    onTrouble: (message) => log.error(message),
  });
}

function crewSetting({ agentId }: CoreSettings, loop: Loop, register: CrewSetting['register'], log: Log): Omit<CrewSetting, 'route'> {
  return {
    agentId,
    offer: (event) => loop.offer(event),
    after: (delayMs, work) => {
      const timer = makeSystemTimer(work);
      timer.set(systemClock.monotonic() + delayMs);
      return timer.clear;
    },
    monotonic: systemClock.monotonic,
    ownMarkers: () => [...loop.state.routes.values()].flatMap(({ gate }) => gate.marker ?? []),
    register,
    log: (level, text) => log[level](text),
  };
}

interface ControlParts extends Orders, Pick<Foundation, 'journal'> {
  readonly loop: Loop;
  readonly inForce: InForce;
  readonly screens: ScreenServing;
  readonly counters: Counters;
  readonly groupId: number | null;
}

function startControl(
  served: Served,
  { log, sqliteAddonPath }: Pick<AgentOptions, 'log' | 'sqliteAddonPath'>,
  { loop, stop, reload, inForce, screens, counters, journal, groupId }: ControlParts,
): Promise<ControlServer> {
  return createControlServer({
    stateDir: served.self.stateDir,
    handlers: createHandlers({
      ...served,
      wall: systemClock.wall,
      offer: (event) => loop.offer(event),
      addonPath: () => sqliteAddonPath?.() ?? null,
      prune: (before) => journal.prune({ before, isAtSource: (route, source) => mayBeAtSource(served.state, route, source) }),
      stop: (mode, { by, reason }) => stop(mode, by, reason),
      reload,
      metrics: () => metricsOf(served, counters),
      settings: () => explainConfig(inForce()),
    }),
    screens,
    groupId,
    onTrouble: (message) => log.warn(message),
  });
}

function metricsOf({ state, reader, self, isStalled, conditions, refusedReload }: Served, counters: Counters): string {
  const wall = systemClock.wall();
  const own = { isStalled: isStalled(), conditions: conditions(), refusedReload: refusedReload() };
  const status = statusOf(state, reader, self, wall, own);
  return metricsText({ status, state, counters, wall, isStalled: isStalled() });
}

/** Starts the check of the journal. @returns a function that ends it */
function checkJournal(options: AgentOptions, onDamage: (why: JournalUnusable) => void): () => void {
  const { log } = options;
  return startJournalCheck({ start: readerStarter(options), onDamage, log: (level, text) => log[level](text) });
}

/** Watches whether an agent that is to end when idle is idle. @returns a function that ends it */
function watchIdleness(state: CoreState, loop: Loop, log: Log, end: (how: AgentEnd) => void): () => void {
  const watch = setInterval(() => {
    if (!loop.isSettled()) return;
    const now = idleness(state, systemClock.monotonic());
    if (now === 'busy') return;
    clearInterval(watch);
    logEnd(state, log, systemClock.wall());
    if (now === 'needs_a_person') log.warn(`not everything is done: ${verdictText(state, { isStalled: false, conditions: [] })}`);
    end(now);
  }, limits.idleCheckMs);
  return () => clearInterval(watch);
}

function verdictText(state: CoreState, own: Omit<OwnTroubles, 'refusedReload'>): string {
  const views = [...state.routes.values()].map((route) => viewRoute(state, route));
  return verdictOf(views, systemClock.wall(), own).text;
}

interface Parts extends Pick<Foundation, 'journal' | 'lock'> {
  readonly endWatch: () => void;
  readonly endCheck: () => void;
  readonly stopping: Stopping;
  readonly own: OwnConditions;
  readonly upkeep: Upkeep;
  readonly report: ServiceReport | null;
  readonly loop: Loop;
  readonly screens: ScreenServing;
  readonly children: Children;
  readonly hooks: Hooks;
  readonly hookProcesses: HookProcesses;
  readonly questions: Questions;
  readonly register: ReturnType<typeof createRegister>;
  readonly control: ControlServer;
}

async function endAfter(ending: Promise<AgentEnd>, parts: Parts): Promise<AgentEnd> {
  try {
    return await ending;
  } finally {
    await endParts(parts);
  }
}

/**
 * Ends the parts of an agent: first those that offer events and the loop, then the children and the clients, then the journal,
 * which all of them use.
 */
async function endParts(parts: Parts): Promise<void> {
  parts.endWatch();
  parts.endCheck();
  parts.stopping.end();
  parts.own.end();
  parts.upkeep.end();
  parts.report?.end();
  parts.loop.end();
  parts.screens.end();
  parts.questions.end();
  await Promise.all([parts.children.end(), parts.hooks.end()]);
  await parts.hookProcesses.settled();
  parts.register.end();
  await parts.control.close();
  parts.journal.close();
  parts.lock.release();
}

/** The requests of a client or a signal to the agent as a whole. */
type Orders = Pick<Agent, 'stop' | 'reload'>;

function stopIn(stopping: Stopping, report: ServiceReport | null, ...how: Parameters<Agent['stop']>): void {
  report?.stopping();
  stopping.request(...how);
}

/** Returns the configuration in force. */
type InForce = () => Config;

/** Creates what stops the agent, with or without its journal. */
function stoppingOf(inForce: InForce, loop: Loop, log: Log, end: (how: AgentEnd) => void): Stopping {
  return new Stopping({
    offer: (event) => loop.offer(event),
    clock: systemClock,
    makeTimer: makeSystemTimer,
    log: (text) => log.info(text),
    get stopAfterMs() {
      return inForce().agent.stopAfterMs;
    },
    isStalled: () => loop.isStalled(),
    giveUp: () => {
      log.error('the journal cannot be written, so Sluice ended without it; running copies are made again after the next start');
      end('journal_stalled');
    },
  });
}

/** Returns the runner of the operator's commands. */
function hooksOf(inForce: InForce, loop: () => Loop, processes: HookProcesses, log: Log): Hooks {
  return new Hooks({
    config: inForce,
    log,
    start: processes.start,
    hangs: (owner) => processes.hangs(owner),
    clock: systemClock,
    makeTimer: makeSystemTimer,
    offer: (event) => loop().offer(event),
    record: (event) => loop().record(event),
    isStalled: () => loop().isStalled(),
  });
}
