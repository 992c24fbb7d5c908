import type { CallFault, CopyId, CopyOrder, CopyReport, FileId, PublishOrder, RouteName } from '@sluice/core';
import { type Calls, createCalls } from '../calls/calls.ts';
import { watchedStorage } from '../calls/watched.ts';
import { isUnmoved } from '../reading/readback.ts';
import { CallFailure, Stopped } from '../storage/failure.ts';
import type { Storage } from '../storage/storage.ts';
import { createChunkHashes } from '../streams/chunk-hashes.ts';
import { createProgress } from '../streams/progress.ts';
import { patientStorage } from '../task/patient.ts';
import type { CarrierMeans, CopyTask, Held, LaneMeans } from '../task/task.ts';
import { removePart } from '../writing/leftovers.ts';
import { emptyMemory, type PublishMemory, publish } from '../writing/publish.ts';
import type { CarrierChannel } from './messages.ts';

export interface LaneIds {
  readonly route: RouteName;
  readonly fileId: FileId;
  readonly copyId: CopyId;
}

/** Everything one carrier does for one copy, one thing after the other; it fails, hangs and ends alone. */
export interface Lane {
  readonly calls: Calls;
  readonly means: LaneMeans;
  task: CopyTask | null;
  /** Does this after what is under way. An expected failure is reported and ends the copy. */
  perform(work: () => Promise<void>): void;
  /** The copy this lane is for from here on. */
  begin(order: CopyOrder): CopyTask;
  publish(order: PublishOrder): Promise<void>;
  /** Ends it, removes its part, reports `withdrawn`. */
  withdraw(): void;
  /** Ends it in silence, waits for nothing, leaves what is there. */
  giveUp(): void;
}

export interface LaneWorld {
  readonly carrier: CarrierMeans;
  readonly source: Storage;
  readonly destination: Storage;
  readonly channel: CarrierChannel;
}

export function createLane(world: LaneWorld, ids: LaneIds): Lane {
  const { carrier, channel } = world;
  const calls = createCalls(carrier.clock);
  const memory = emptyMemory();
  let isSilent = false;
  let isWithdrawn = false;
  let isVisible = false;
  let underWay: Promise<void> = Promise.resolve();

  const report = async (told: CopyReport): Promise<void> => {
    if (isSilent) return;
    try {
      await channel.send({ kind: 'copy_reported', ...ids, report: told });
    } catch {
      // Nobody is there any more: the whole process ends.
      throw new Stopped();
    }
  };
  const means: LaneMeans = {
    ...carrier,
    calls,
    report,
    source: watchedStorage(world.source, 'source', calls, channel.isOpen),
    destination: patientStorage(watchedStorage(world.destination, 'destination', calls, channel.isOpen), { ...carrier, calls }),
  };

  const lane: Lane = {
    calls,
    means,
    task: null,
    perform: (work) => {
      underWay = underWay.then(() => attempt(work));
    },
    begin: (order) => {
      // A name that was taken: on with another one, in the same lane.
      if (lane.task !== null) release(means, lane.task, memory);
      lane.task = createTask(means, order);
      return lane.task;
    },
    publish: async (order) => {
      if (!(await isStillToPublish(lane.task, order))) return;
      adopt(lane.task, order, memory);
      const outcome = await publish(means, order, memory);
      isVisible ||= outcome.kind === 'published' || outcome.kind === 'claimed';
      await report(outcome);
    },
    withdraw: () => {
      isWithdrawn = true;
      calls.stop();
      underWay = underWay.then(() => attempt(takeBack));
    },
    giveUp: () => {
      isSilent = true;
      calls.stop();
      release(means, lane.task, memory);
    },
  };

  const attempt = async (work: () => Promise<void>): Promise<void> => {
    if (isSilent || (isWithdrawn && work !== takeBack)) return;
    try {
      await work();
    } catch (error) {
      if (error instanceof Stopped) return;
      if (!(error instanceof CallFailure)) throw error;
      await fail(error);
    }
  };

  const fail = async (error: CallFailure): Promise<void> => {
    const fault = await heldAgainstRoom(means, error.fault);
    const { held } = lane.task ?? {};
    const syncedBytes = held?.sink?.syncedBytes ?? held?.hashes.copiedBytes ?? 0;
    release(means, lane.task, memory);
    await report({ kind: 'failed', fault, syncedBytes, sizeBytes: held?.sizeBytes ?? 0 }).catch(() => undefined);
  };

  /** What is under way is waited for, however long: a create or a write that lands later would leave what is not known. */
  const takeBack = async (): Promise<void> => {
    await calls.settled();
    if (isSilent) return;
    calls.reopen();
    const { task } = lane;
    release(means, task, memory);
    await calls.settled();
    const part = task?.order.part ?? null;
    if (task?.held.hasBegun === true && part !== null && !(await isRemoved(means, task.order, part))) isVisible = true;
    const wroteVisibly = task?.held.hasBegun === true && part === null;
    await report({ kind: 'withdrawn', left: isVisible || wroteVisibly });
  };

  return lane;
}

function createTask(means: LaneMeans, order: CopyOrder): CopyTask {
  const held: Held = {
    sourceFile: null,
    sourceFacts: null,
    sourceGone: false,
    sizeBytes: order.expected.sizeBytes,
    hashes: createChunkHashes(means.limits.chunkBytes),
    buffers: null,
    hasBegun: false,
    target: null,
    sink: null,
    pin: null,
    settled: null,
    changeNs: '',
    readSinceNs: '',
    isReadBackElsewhere: false,
    doubt: null,
    quietForMs: means.route.growing.quietForMs,
  };
  const bytes = (): { syncedBytes: number; sizeBytes: number } => ({
    syncedBytes: held.sink?.syncedBytes ?? held.hashes.copiedBytes,
    sizeBytes: held.sizeBytes,
  });
  const { clock, limits, report } = means;
  return { ...means, order, held, progress: createProgress({ clock, everyMs: limits.progressEveryMs, report, bytes }) };
}

/**
 * Another process has read back what this one wrote; only this one knows whether its source was written in place meanwhile.
 * Asked before anything of the name exists.
 */
async function isStillToPublish(task: CopyTask | null, order: PublishOrder): Promise<boolean> {
  const settled = task?.held.settled;
  if (task?.held.isReadBackElsewhere !== true || settled?.hash.value !== order.hash.value) return true;
  task.held.isReadBackElsewhere = false;
  return await isUnmoved(task, settled);
}

/** What the copy knows of its part, so that publishing need not prove it again. */
function adopt(task: CopyTask | null, order: PublishOrder, memory: PublishMemory): void {
  if (task?.held.settled?.hash.value !== order.hash.value) return;
  memory.isProven = true;
  if (task.held.doubt !== null) memory.notes.push(task.held.doubt);
  task.held.doubt = null;
  memory.pin ??= task.held.pin;
  task.held.pin = null;
}

/** A full disk behind sshfs says EIO and nothing else. */
async function heldAgainstRoom(means: LaneMeans, fault: CallFault): Promise<CallFault> {
  if (fault.side !== 'destination' || fault.code !== 'EIO') return fault;
  const unknown = means.clock.wait(means.route.stallAfterMs, means.calls.signal).then(() => ({ freeBytes: null }));
  try {
    const { freeBytes } = await Promise.race([means.destination.room(), unknown]);
    return freeBytes !== null && freeBytes < means.limits.noRoomBytes ? { ...fault, code: 'ENOSPC' } : fault;
  } catch {
    return fault;
  } finally {
    unknown.catch(() => undefined);
  }
}

async function isRemoved(means: LaneMeans, order: CopyOrder, part: string): Promise<boolean> {
  try {
    await removePart(means, part, order.place);
    return true;
  } catch (error) {
    if (error instanceof CallFailure) return false;
    throw error;
  }
}

/** Closes everything without waiting: what hangs is written off, with its memory. */
function release(means: LaneMeans, task: CopyTask | null, memory: PublishMemory): void {
  const { held } = task ?? {};
  const files = [held?.sourceFile, held?.target, held?.pin, memory.pin, memory.claim];
  for (const file of files) file?.close().catch(() => undefined);
  Object.assign(memory, { pin: null, claim: null });
  if (held === undefined) return;
  held.sink?.end();
  const { buffers } = held;
  Object.assign(held, { sourceFile: null, target: null, pin: null, sink: null, buffers: null });
  if (buffers !== null) void means.calls.settled().then(() => means.buffers.giveBack(buffers));
}
