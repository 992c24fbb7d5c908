import process from 'node:process';
import { setInterval } from 'node:timers';
import { setTimeout } from 'node:timers/promises';
import { runChild } from '@sluice/child';
import { rateAt } from '@sluice/core';
import { type CopyId, type RouteSettings, unreachable } from '@sluice/core/model';
import { cacheMsOfPath, closeQuietly, hasRealInodesAt, localTimeOf, watchOwnDisk } from '@sluice/platform';
import { realClock } from '../calls.ts';
import { followAgain, hashSource, orderToRead, runCopy, runReadBack } from '../copy/run-copy.ts';
import { type CopyLimits, copyLimits, processLimits } from '../limits.ts';
import { mountedFolder } from '../mounted/folder.ts';
import { readMarker } from '../mounted/marker.ts';
import { readBackFresh } from '../reading/source-and-readback.ts';
import { type Machine, openSharing } from '../sharing/sharing.ts';
import { CallFailure, type Storage, shareCalls } from '../storage/storage.ts';
import { sidePace } from '../streams/pace.ts';
import { createBuffers, loadHashing } from '../streams/read-chunks.ts';
import { createRateLimit } from '../streams/sink.ts';
import { createUnsyncedBudget } from '../streams/unsynced-budget.ts';
import { type Copied, type CopyTask, type RootFacts, type SharedDependencies } from '../task/task.ts';
import { type Clock, createMutex } from '../waiting.ts';
import { createLane, createStallWatch, type Lane, type LaneIds, type LaneOptions } from './lane.ts';
import type { CarrierChannel, CarrierCommand, CarrierInit, CarrierMessage } from './messages.ts';
import { removeLeftover } from './remove-leftover.ts';
import { markLeftover, removeParts } from './sweep.ts';

/** The dependencies of a carrier. By default the system's clock and `copyLimits`. */
export interface CarrierDependencies {
  readonly source: Storage;
  readonly destination: Storage;
  readonly clock?: Clock;
  readonly limits?: CopyLimits;
  /** Returns how long the source's metadata may be stale, milliseconds. */
  sourceCacheMs(): Promise<number>;
  /** Returns whether the destination is known to have real inode numbers. */
  hasRealInodes(): Promise<boolean>;
}

/** The copy engine of one route. */
export interface Carrier {
  /** Starts a command and returns at once. The outcome is sent through the channel. */
  receive(command: CarrierCommand): void;
  /** Returns the call that has been outstanding longest, for the heartbeat; null: none. */
  activity(): { readonly side: 'source' | 'destination'; readonly operation: string; readonly sinceMs: number } | null;
  /** Gives up all lanes, because the channel is closed. */
  end(): void;
}

/** Creates the carrier of one route. */
export async function createCarrier(init: CarrierInit, channel: CarrierChannel, dependencies: CarrierDependencies): Promise<Carrier> {
  const settings = { route: init.route };
  const shared = await makeShared(init, settings, dependencies);
  const { storage: destination, root } = shareCalls(dependencies.destination, rootOf, shared.clock);
  const options: LaneOptions = { shared, source: dependencies.source, destination, root, channel };
  const lanes = new Map<CopyId, Lane>();
  const stalls = createStallWatch(shared, () => lanes.values());
  const watch = new LaneWatch(lanes, stalls.check, shared.limits.watchEveryMs);
  const laneOf = (ids: LaneIds): Lane => {
    const { route, fileId, copyId } = ids;
    const lane = lanes.get(copyId) ?? createLane(options, { route, fileId, copyId });
    lanes.set(copyId, lane);
    watch.run();
    return lane;
  };
  const configure = (route: RouteSettings): void => {
    settings.route = route;
    shared.route = route;
    for (const lane of lanes.values()) lane.configure(route);
  };
  let areOwn = false;
  const tellDisks = (): void => {
    const now = dependencies.source.isOwnDisk() && dependencies.destination.isOwnDisk();
    if (now === areOwn) return;
    areOwn = now;
    // The error of a closed channel is handled where the channel is read.
    channel.send({ kind: 'disks', route: init.route.name, areOwn }).catch(() => undefined);
  };
  return {
    receive: (command) => {
      if (command.kind === 'preflight') tellDisks();
      if (command.kind === 'configure') configure(command.route);
      else if (command.kind === 'remove_parts') removeParts(options, command);
      else if (command.kind === 'mark_leftover') markLeftover(options, command);
      else if (command.kind === 'remove_leftover') removeLeftover(options, command);
      else dispatch(command, laneOf, lanes);
    },
    activity: stalls.oldest,
    end: () => {
      watch.end();
      for (const lane of lanes.values()) lane.giveUp();
      lanes.clear();
    },
  };
}

/** Checks regularly for stalls, but only while there are lanes: a process at rest is not woken. */
class LaneWatch {
  readonly #lanes: ReadonlyMap<CopyId, Lane>;
  readonly #check: () => void;
  readonly #everyMs: number;
  #timer: NodeJS.Timeout | null = null;

  constructor(lanes: ReadonlyMap<CopyId, Lane>, check: () => void, everyMs: number) {
    this.#lanes = lanes;
    this.#check = check;
    this.#everyMs = everyMs;
  }

  /** To be called when a lane has been added. */
  run(): void {
    // The channel keeps the process alive; this timer must not.
    this.#timer ??= setInterval(() => this.#look(), this.#everyMs).unref();
  }

  end(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  #look(): void {
    if (this.#lanes.size === 0) this.end();
    else this.#check();
  }
}

/** Reads the mount and the marker of a destination's root. */
async function rootOf(storage: Storage): Promise<RootFacts> {
  const root = await storage.open('', 'folder');
  const { mountId } = root;
  void closeQuietly(root);
  return { mountId, marker: await readMarker(storage) };
}

type LaneCommand = Exclude<CarrierCommand, { kind: 'configure' | 'remove_parts' | 'mark_leftover' | 'remove_leftover' }>;

function dispatch(command: LaneCommand, laneOf: (ids: LaneIds) => Lane, lanes: Map<CopyId, Lane>): void {
  switch (command.kind) {
    case 'preflight':
      return withLane(laneOf(command.order), (lane) => lane.preflight(command.order));
    case 'copy':
      return withLane(laneOf(command.order), (lane) => runCopy(lane.begin(command.order)));
    case 'read_back':
      return withLane(laneOf(command), (lane) => runReadBack(...copied(lane)));
    case 'follow_again':
      return withLane(laneOf(command), (lane) => followAgain(...copied(lane)));
    case 'read_back_fresh':
      return withLane(laneOf(command.order), (lane) => {
        const { progress } = lane.begin(command.order);
        progress.enter('reading_back');
        return readBackFresh(lane.dependencies, command, progress.report);
      });
    case 'hash_source':
      withLane(laneOf(command), (lane) => hashSource(lane.begin(orderToRead(command))));
      // Nothing follows. An open source would keep its disk from being unmounted.
      return withLane(laneOf(command), async (lane) => {
        lane.giveUp();
        lanes.delete(command.copyId);
      });
    case 'publish':
      return withLane(laneOf(command.order), (lane) => lane.publish(command.order));
    case 'withdraw':
      return laneOf(command).withdraw();
    case 'give_up':
    case 'forget':
      lanes.get(command.copyId)?.giveUp();
      lanes.delete(command.copyId);
      return;
    default:
      return unreachable(command);
  }
}

function withLane(lane: Lane, work: (lane: Lane) => Promise<void>): void {
  lane.perform(() => work(lane));
}

/** Returns the copy that this process has made. @throws CHILD_LOST if another process made it */
function copied({ task }: Lane): readonly [CopyTask, Copied] {
  if (task?.stage.kind === 'copied') return [task, task.stage];
  const message = 'this process does not hold the copy';
  throw new CallFailure({ side: 'destination', code: 'CHILD_LOST', operation: 'read back', message });
}

/** @param settings the ones in force, which may be replaced */
async function makeShared(
  { route, windows }: CarrierInit,
  settings: { readonly route: RouteSettings },
  dependencies: CarrierDependencies,
): Promise<SharedDependencies> {
  const { clock = realClock, limits = copyLimits } = dependencies;
  const hashing = await loadHashing();
  return {
    route,
    clock,
    limits,
    hashing,
    buffers: createBuffers(limits.chunkBytes, limits.chunksAhead, limits.spareBuffers),
    budget: createUnsyncedBudget(limits),
    paces: { source: sidePace(limits), destination: sidePace(limits) },
    rate: createRateLimit(() => rateNow(settings.route), clock),
    inodes: { areMadeUp: false },
    folderModes: { refusal: null, isNoted: false },
    durableFolders: new Set(),
    foldersInMaking: new Map(),
    settleMutex: createMutex(),
    sharing: openSharing(windows, { limits, hashOf: hashing.chunk, clock, machine }),
    sourceCacheMs: dependencies.sourceCacheMs,
    hasRealInodes: dependencies.hasRealInodes,
  };
}

const machine: Machine = {
  now: () => Number(process.hrtime.bigint()) / 1e6,
  pause: (forMs) => setTimeout(forMs),
};

/** The argument after `__child` that starts the program as a carrier. */
export const carrierKind = 'carrier';

/**
 * Returns the environment of a carrier, which sets the number of libuv's threads. A hung call blocks a thread indefinitely, and every
 * lane reads, writes and syncs at the same time.
 *
 * @param lanes the number of lanes for stable and growing files
 * @param small the number of lanes for small files, which make one call after the other
 */
export function carrierEnvironment(lanes: number, small = 0): Readonly<Record<string, string>> {
  const threads = Math.min(processLimits.threads, lanes * processLimits.threadsPerLane + small + processLimits.threadsSpare);
  return { UV_THREADPOOL_SIZE: String(threads) };
}

/** Runs this process as the carrier of one route, until its channel closes. */
export function runCarrier(): void {
  runChild<CarrierInit, CarrierCommand, CarrierMessage>((init, channel) => {
    const { source, destination } = init.route;
    const dependencies = {
      source: mountedFolder(source, watchOwnDisk(source), 'source'),
      destination: mountedFolder(destination, watchOwnDisk(destination)),
      sourceCacheMs: () => cacheMsOfPath(source),
      hasRealInodes: () => hasRealInodesAt(destination),
    };
    // Commands that arrive before the carrier is ready wait in the channel.
    void createCarrier(init, channel, dependencies).then((carrier) => {
      channel.setActivity(carrier.activity);
      channel.closed.addEventListener('abort', carrier.end);
      channel.onMessage(carrier.receive);
    });
  });
}

/** Returns the limit of a route now, in bytes per second. Null: none. */
function rateNow(route: RouteSettings): number | null {
  return route.rates.length === 0 ? route.maxRateBytesPerSecond : rateAt(route, localTimeOf(Date.now()));
}
