import { spawn } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import type { Config } from '@sluice/config';
import { type ControlServer, createControlServer } from '@sluice/control';
import { type CoreState, idleness, type JournalRecord, type RouteName, type RouteSettings, restoreState } from '@sluice/core';
import { type AgentLock, acquireAgentLock, claimRoute, prepareStateFolder, StateFolderMoved } from '@sluice/lock';
import { openJournal, readerOf, type WritableJournal } from '@sluice/persistence';
import { groupIdOf, thisMachine } from '@sluice/platform';
import { createRegister, endJournaledChildren } from './children/life.ts';
import { type ChildWorld, createChildWorld } from './children/world.ts';
import { makeSystemTimer, systemClock, systemIds } from './clock.ts';
import type { Log } from './log/log.ts';
import { createLoop, type Loop } from './loop.ts';
import { startPruning } from './pruning.ts';
import { createHandlers } from './serve/handlers.ts';
import { logNoteOf } from './serve/log-notes.ts';
import { type Note, noteOf } from './serve/notes.ts';
import { createScreens } from './serve/screen/screens.ts';
import { type Telling, tellRecord } from './serve/sentences.ts';
import type { AgentSelf } from './serve/views.ts';

export interface AgentOptions {
  readonly config: Config;
  readonly version: string;
  /** End when nothing is left to do. */
  readonly untilIdle: boolean;
  /** Somebody says that the state folder was moved here from another machine. */
  readonly wasMoved?: boolean;
  readonly log: Log;
  readonly onNote: (note: Note) => void;
  /** Of the packed executable: better-sqlite3's addon, unpacked below a state folder that is there and private. */
  readonly sqliteAddon?: (stateDir: string) => object | undefined;
}

/** Why an agent ended. */
export type AgentEnd = 'stopped' | 'carried' | 'needs_a_person';

export interface Agent {
  /** @param by who wants it, for the journal */
  stop(mode: 'graceful' | 'drain' | 'now', by: string): void;
  readonly ended: Promise<AgentEnd>;
}

/**
 * Starts an agent: takes its folder and routes, opens the journal, ends what an earlier life left, and sets everything
 * going. Nothing here waits for a source or a destination.
 *
 * @throws AlreadyRunning, RouteTaken, StateFolderError, JournalUnusable
 */
export async function startAgent(options: AgentOptions): Promise<Agent> {
  const { config, version, log } = options;
  const startedAt = new Date(systemClock.wall()).toISOString();
  const groupId = config.agent.socketGroup === null ? null : groupIdOf(config.agent.socketGroup);
  prepareStateFolder(config.stateDir, groupId);
  const nativeBinding = options.sqliteAddon?.(config.stateDir);
  const lock = acquireAgentLock({ stateDir: config.stateDir, version, startedAt, groupId, nativeBinding });
  try {
    for (const route of config.routes) {
      await claimRoute({
        route: route.name,
        source: resolvedFolder(config, route, 'source'),
        destination: resolvedFolder(config, route, 'destination'),
        stateDir: config.stateDir,
        version,
        startedAt,
        nativeBinding,
      });
    }
    const journal = openJournal({ path: join(config.stateDir, 'journal.db'), now: systemClock.wall, nativeBinding });
    await assertSameMachine(journal, options);
    const self = { pid: process.pid, version, startedAt, stateDir: config.stateDir };
    for (const child of await endJournaledChildren(journal)) {
      log.warn(`a process of an earlier run hangs in a call and cannot be ended: ${child.kind} ${child.pid}`);
    }
    return await run(options, { lock, journal, self, groupId });
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** A copy of a state folder, on another machine, would claim names and remove leftovers that are not its own. */
async function assertSameMachine(journal: WritableJournal, { config, wasMoved }: AgentOptions): Promise<void> {
  const here = await thisMachine();
  const before = journal.machine();
  if (here === null || here.id === before?.id) return;
  if (before !== null && wasMoved !== true) {
    journal.close();
    throw new StateFolderMoved(config.stateDir, before.name);
  }
  journal.noteMachine(here);
}

/** What two agents must not share is told by what the folders really are. */
function resolvedFolder(config: Config, route: RouteSettings, role: 'source' | 'destination'): string {
  return config.folders.find((folder) => folder.route === route.name && folder.role === role)?.resolved ?? route[role];
}

interface Foundation {
  readonly lock: AgentLock;
  readonly journal: WritableJournal;
  readonly self: AgentSelf;
  readonly groupId: number | null;
}

async function run({ config, untilIdle, log, onNote }: AgentOptions, { lock, journal, self, groupId }: Foundation): Promise<Agent> {
  const image = journal.load();
  const settings = {
    agentId: journal.agentId.slice(0, 8),
    lanes: config.agent.lanes,
    growingLanes: config.agent.growingLanes,
    routes: config.routes,
  };
  const state = restoreState({ settings, image, untilIdle, at: systemClock.monotonic(), wall: systemClock.wall() });
  const ending = Promise.withResolvers<AgentEnd>();
  let control: ControlServer | null = null;

  const tell = (note: Note): void => {
    onNote(note);
    if (note.event === 'transition') control?.publish('transition', note.file.route, note);
    else control?.publish('gate', note.route, note);
  };

  const tellLine = (record: JournalRecord, telling: Telling): void => {
    const note = logNoteOf(record, telling);
    if (note !== null) control?.publish('log', telling.route, note);
  };

  const reader = readerOf(journal.database);
  const screens = createScreens({
    state,
    reader,
    self,
    clock: systemClock,
    isStalled: () => loop.isStalled(),
    makeTimer: makeSystemTimer,
    defer: setImmediate,
    onTrouble: (message) => log.error(message),
  });

  const loop: Loop = createLoop(journal, state, image.nextSeq, {
    clock: systemClock,
    ids: systemIds,
    world: { perform: (effect) => world.perform(effect) },
    audience: {
      committed(_state, records) {
        screens.committed(records);
        for (const record of records) {
          tellLine(record, tellRecord(log, record));
          const note = noteOf(state, record);
          if (note !== null) tell(note);
        }
      },
      stalled: (code, pending) =>
        log.error(`the journal cannot be written (${code}); ${pending} records wait and nothing is done until it can`),
    },
    defer: setImmediate,
    makeTimer: makeSystemTimer,
  });

  const register = createRegister(journal, systemClock.wall);
  const world: ChildWorld = createChildWorld(
    settings,
    {
      agentId: settings.agentId,
      offer: loop.offer,
      after: (delayMs, work) => {
        const timer = makeSystemTimer(work);
        timer.set(systemClock.monotonic() + delayMs);
        return timer.clear;
      },
      monotonic: systemClock.monotonic,
      register,
      log: (level, text) => log[level](text),
    },
    {
      attention: (route, summary) => attend(config, log, route, summary),
      stopped: () => ending.resolve('stopped'),
    },
  );

  const stopTimer = makeSystemTimer(() => loop.offer({ kind: 'stop_deadline' }));
  let stopAt = Number.POSITIVE_INFINITY;
  const stop: Agent['stop'] = (mode, by) => {
    log.info(`stopping (${mode}), asked by ${by}`);
    loop.offer({ kind: 'stop_requested', by, mode: mode === 'drain' ? 'drain' : 'graceful' });
    if (mode === 'drain') return;
    stopAt = Math.min(stopAt, systemClock.monotonic() + (mode === 'now' ? 0 : config.agent.stopAfterMs * stopShare));
    stopTimer.set(stopAt);
  };

  const serving = {
    state,
    reader,
    self,
    wall: systemClock.wall,
    isStalled: loop.isStalled,
    offer: loop.offer,
    stop,
  };
  control = await createControlServer({
    stateDir: config.stateDir,
    handlers: createHandlers(serving),
    screens,
    groupId,
    onTrouble: (message) => log.warn(message),
  });
  lock.nameSocket(control.path);
  loop.offer({ kind: 'agent_started' });
  const endPruning = startPruning({
    journal,
    state,
    clock: systemClock,
    makeTimer: makeSystemTimer,
    keepMs: config.journal.keepDays * dayMs,
    log: (text) => log.info(text),
  });
  const watch = untilIdle ? watchIdleness(state, loop, ending.resolve) : null;

  const ended = ending.promise.then(async (end) => {
    if (watch !== null) clearInterval(watch);
    stopTimer.clear();
    endPruning();
    loop.end();
    screens.end();
    await world.end();
    register.end();
    await control?.close();
    journal.close();
    lock.release();
    return end;
  });
  return { stop, ended };
}

const dayMs = 86_400_000;
const idleLookMs = 100;
/** Of `stop_after`: the rest is for the end itself. */
const stopShare = 0.8;

function watchIdleness(state: CoreState, loop: Loop, end: (how: AgentEnd) => void): ReturnType<typeof setInterval> {
  return setInterval(() => {
    if (!loop.isSettled()) return;
    const now = idleness(state);
    if (now !== 'busy') end(now);
  }, idleLookMs);
}

/** Runs the operator's hook. It may hang or fail: nothing waits for it. */
function attend(config: Config, log: Log, route: RouteName, summary: string): void {
  log.forRoute(route).warn(summary);
  const [command, ...args] = config.agent.onAttention;
  if (command === undefined) return;
  const filled = args.map((arg) => arg.replaceAll('{summary}', summary).replaceAll('{route}', route));
  const hook = spawn(command, filled, { stdio: 'ignore', detached: true });
  hook.on('error', (error) => log.error(`the attention hook ${command} cannot be run: ${error.message}`));
  hook.unref();
}
