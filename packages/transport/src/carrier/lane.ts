import type { CallFault, CopyId, CopyOrder, CopyReport, FileId, PublishOrder, RouteName, RouteSettings, Side } from '@sluice/core/model';
import { type Awaitable, closeQuietly } from '@sluice/platform';
import { type Calls, createCalls, watchedStorage } from '../calls.ts';
import { preflight } from '../copy/run-copy.ts';
import { patiently, patientStorage } from '../patient-storage.ts';
import { isUnmoved } from '../reading/source-and-readback.ts';
import { CallFailure, type OpenFile, type Storage } from '../storage/storage.ts';
import { pacedStorage } from '../streams/pace.ts';
import {
  assertRootOnMount,
  bytesOf,
  type CopyBytes,
  type CopyTask,
  createProgress,
  type LaneDependencies,
  mayHaveCreated,
  openFilesOf,
  type RootFacts,
  type SharedDependencies,
} from '../task/task.ts';
import { Stopped } from '../waiting.ts';
import { removePart } from '../writing/part-files.ts';
import { publish } from '../writing/publish.ts';
import { emptyMemory, type PublishMemory } from '../writing/target.ts';
import { judgeTooLong, type TooLong } from '../writing/too-long.ts';
import type { CarrierChannel } from './messages.ts';

/** The copy for which a lane works. */
export interface LaneIds {
  readonly route: RouteName;
  readonly fileId: FileId;
  readonly copyId: CopyId;
}

/** Does the work for one copy, one step after the other. If it fails, hangs or ends, the other lanes continue. */
export interface Lane {
  readonly calls: Calls;
  readonly dependencies: LaneDependencies;
  readonly task: CopyTask | null;
  /** Queues a step behind the steps that were queued before. An expected failure is reported and ends the copy. */
  perform(work: () => Promise<void>): void;
  /** Checks source and destination before anything is created, and reports the result. */
  preflight(order: CopyOrder): Promise<void>;
  /** Begins a copy, and ends the lane's earlier one if there is one. */
  begin(order: CopyOrder): CopyTask;
  publish(order: PublishOrder): Promise<void>;
  /** Takes over the waits of other settings. The copy keeps the rest of the settings with which it began. */
  configure(route: RouteSettings): void;
  /** Ends the copy, removes its temporary file and reports `withdrawn`. */
  withdraw(): void;
  /** Ends the copy at once, without a report, and leaves its files. */
  giveUp(): void;
}

/** The options of a lane. */
export interface LaneOptions {
  readonly shared: SharedDependencies;
  readonly source: Storage;
  readonly destination: Storage;
  /** Reads the mount and the marker of the destination's root. All lanes share this call. */
  readonly root: () => Awaitable<RootFacts>;
  readonly channel: CarrierChannel;
}

/** Creates a lane for one copy. */
export function createLane(options: LaneOptions, ids: LaneIds): Lane {
  return new CopyLane(options, ids);
}

class CopyLane implements Lane {
  readonly calls: Calls;
  readonly dependencies: LaneDependencies;
  readonly #ids: LaneIds;
  readonly #channel: CarrierChannel;
  readonly #memory = emptyMemory();
  /** The names of the copy at the destination: the final one and, if there is one, the temporary one. */
  #names: readonly string[] = [];
  #task: CopyTask | null = null;
  /** The source that the preflight opened, until a copy begins; null: none. */
  #checked: OpenFile | null = null;
  /** The last queued step. It settles after all earlier ones, and rejects only on a programming error. */
  #lastWork: Promise<void> = Promise.resolve();
  /** The lane was given up, and reports nothing more. */
  #isSilent = false;
  #isWithdrawn = false;
  /** A file of this copy stays at the destination: it was published, or its temporary file could not be removed. */
  #leavesFile = false;

  constructor({ shared, source, destination, root, channel }: LaneOptions, ids: LaneIds) {
    const calls = createCalls(shared.clock);
    this.#ids = ids;
    this.#channel = channel;
    this.calls = calls;
    this.dependencies = {
      ...shared,
      calls,
      report: (report) => this.#report(report),
      ...watchedSides({ shared, source, destination, root, channel }, calls, () => this.#task?.progress.report()),
    };
  }

  get task(): CopyTask | null {
    return this.#task;
  }

  perform(work: () => Promise<void>): void {
    this.#lastWork = this.#lastWork.then(() => (this.#isWithdrawn ? undefined : this.#orFail(work)));
  }

  async preflight(order: CopyOrder): Promise<void> {
    this.#names = namesOf(order);
    await this.#report(await preflight(this.dependencies, order, (source) => this.#check(source)));
  }

  begin(order: CopyOrder): CopyTask {
    this.#names = namesOf(order);
    // The name was taken. The lane continues with another name.
    if (this.#task !== null) this.#release();
    this.#task = beginCopy(this.dependencies, order, this.#checked);
    this.#checked = null;
    return this.#task;
  }

  configure(route: RouteSettings): void {
    const { growing } = this.dependencies.route;
    const { pollMs, quietForMs, safetyMarginBytes } = route.growing;
    const own = { ...this.dependencies.route, stallAfterMs: route.stallAfterMs };
    this.dependencies.route = { ...own, growing: { ...growing, pollMs, quietForMs, safetyMarginBytes } };
    if (this.#task === null) return;
    this.#task.route = this.dependencies.route;
    const { stage } = this.#task;
    if (stage.kind === 'writing' && quietForMs !== growing.quietForMs) stage.quietForMs = quietForMs;
  }

  /** Keeps the open source for the copy, which reads exactly the file that was checked. */
  #check(source: OpenFile): void {
    this.#forgetChecked();
    this.#checked = source;
  }

  #forgetChecked(): void {
    if (this.#checked !== null) void closeQuietly(this.#checked);
    this.#checked = null;
  }

  async publish(order: PublishOrder): Promise<void> {
    this.#names = namesOf(order);
    if (!(await isStillToPublish(this.#task, order))) return;
    handOver(this.#task, order, this.#memory);
    const outcome = await publish(this.dependencies, order, this.#memory);
    this.#leavesFile ||= outcome.kind === 'published' || outcome.kind === 'claimed';
    await this.#report(outcome);
  }

  withdraw(): void {
    this.#isWithdrawn = true;
    this.calls.stop();
    this.#lastWork = this.#lastWork.then(() => this.#orFail(() => this.#removeOwn()));
  }

  giveUp(): void {
    this.#isSilent = true;
    this.calls.stop();
    this.#release();
  }

  async #report(report: CopyReport): Promise<void> {
    if (this.#isSilent) return;
    try {
      await this.#channel.send({ kind: 'copy_reported', ...this.#ids, report });
    } catch {
      // The agent has ended, so this process ends too.
      throw new Stopped();
    }
  }

  /** Runs a step, unless the lane was given up. Reports an expected failure, and ends the copy. */
  async #orFail(work: () => Promise<void>): Promise<void> {
    if (this.#isSilent) return;
    try {
      await work();
    } catch (error) {
      if (error instanceof Stopped) return;
      if (!(error instanceof CallFailure)) throw error;
      await this.#fail(error);
    }
  }

  async #fail(error: CallFailure): Promise<void> {
    const stage = this.#task?.stage;
    const isUncreated = stage?.kind === 'opened' && stage.isCreateRefused === true;
    const bytes = this.#task === null ? { syncedBytes: 0, sizeBytes: 0 } : bytesOf(this.#task.stage, this.#task.order);
    const { fault, takenBytes } = await checkedForLength(
      this.dependencies,
      this.#names,
      withSize(await checkedAgainstRoom(this.dependencies, error.fault), bytes),
    );
    this.#release();
    const more = { ...(isUncreated ? { isUncreated } : {}), ...(takenBytes === null ? {} : { takenBytes }) };
    await this.#report({ kind: 'failed', fault, ...bytes, ...more }).catch(() => undefined);
  }

  /** Removes the temporary file. Waits first for all calls under way, because a late create would leave a file that nobody removes. */
  async #removeOwn(): Promise<void> {
    await this.calls.settled();
    if (this.#isSilent) return;
    this.calls.reopen();
    const task = this.#task;
    this.#release();
    await this.calls.settled();
    if (task !== null && mayHaveCreated(task.stage) && !(await isRemoved(this.dependencies, task.order))) this.#leavesFile = true;
    await this.#report({ kind: 'withdrawn', left: this.#leavesFile });
  }

  #release(): void {
    this.#forgetChecked();
    endCopy(this.dependencies, this.#task, this.#memory);
  }
}

/** Returns the storages of one lane: watched, paced and, at the destination, with retries. @param onTurn called after a wait to read */
export function watchedSides(
  { shared, source, destination, root, channel }: LaneOptions,
  calls: Calls,
  onTurn: () => void = () => undefined,
): Pick<LaneDependencies, 'source' | 'destination' | 'root'> {
  const patient = { ...shared, calls };
  const paced = { ...patient, onTurn };
  const watched = {
    source: watchedStorage(source, 'source', calls, channel.isOpen),
    destination: watchedStorage(destination, 'destination', calls, channel.isOpen),
  };
  return {
    source: pacedStorage(watched.source, shared.paces.source, paced),
    destination: pacedStorage(patientStorage(watched.destination, patient), shared.paces.destination, paced),
    root: () => patiently(patient, () => calls.run('destination', 'look at the destination', root)),
  };
}

/**
 * Checks before publishing whether the source is still the one that was copied. If another process read the destination back, only this
 * process can know whether the source was written in place meanwhile.
 */
async function isStillToPublish(task: CopyTask | null, order: PublishOrder): Promise<boolean> {
  if (task?.stage.kind !== 'copied') return true;
  const copied = task.stage;
  if (!copied.isReadBackElsewhere || copied.settled.hash.value !== order.hash.value) return true;
  copied.isReadBackElsewhere = false;
  return await isUnmoved(task, copied);
}

/** Adds to EFBIG at how many bytes the file stopped. */
function withSize(fault: CallFault, { syncedBytes }: CopyBytes): CallFault {
  if (fault.side !== 'destination' || fault.code !== 'EFBIG' || syncedBytes === 0) return fault;
  return { ...fault, message: `it stopped at ${syncedBytes} bytes` };
}

/** Turns EIO into ENOSPC if the destination has no room, because sshfs reports a full disk as EIO. */
async function checkedAgainstRoom(dependencies: LaneDependencies, fault: CallFault): Promise<CallFault> {
  if (fault.side !== 'destination' || fault.code !== 'EIO') return fault;
  const unknown = dependencies.clock.wait(dependencies.route.stallAfterMs, dependencies.calls.signal).then(() => ({ freeBytes: null }));
  try {
    const { freeBytes } = await Promise.race([dependencies.destination.room(), unknown]);
    return freeBytes !== null && freeBytes < dependencies.limits.noRoomBytes ? { ...fault, code: 'ENOSPC' } : fault;
  } catch {
    return fault;
  } finally {
    unknown.catch(() => undefined);
  }
}

/** Finds out whether ENAMETOOLONG means a name or the whole path, and how many bytes are accepted. */
async function checkedForLength(dependencies: LaneDependencies, names: readonly string[], fault: CallFault): Promise<TooLong> {
  const unknown = { fault, takenBytes: null };
  if (fault.side !== 'destination' || fault.code !== 'ENAMETOOLONG') return unknown;
  try {
    return await judgeTooLong(dependencies.destination, names, fault);
  } catch (error) {
    if (error instanceof CallFailure || error instanceof Stopped) return unknown;
    throw error;
  }
}

function namesOf({ destination, part }: CopyOrder | PublishOrder): readonly string[] {
  return part === null ? [destination] : [destination, part];
}

/**
 * Removes the temporary file of a copy.
 * @returns false if it could not be removed, if another destination is mounted by now, where it is not to be found, or if the copy was
 *   written under its final name
 */
async function isRemoved(dependencies: LaneDependencies, { part, mount }: CopyOrder): Promise<boolean> {
  if (part === null) return false;
  try {
    await assertRootOnMount(dependencies, mount);
    await removePart(dependencies, part, mount);
    return true;
  } catch (error) {
    if (error instanceof CallFailure) return false;
    throw error;
  }
}

/** Returns a copy that has nothing open yet. */
function beginCopy(dependencies: LaneDependencies, order: CopyOrder, checked: OpenFile | null): CopyTask {
  const { clock, limits, report } = dependencies;
  const bytes = (): CopyBytes => bytesOf(task.stage, order);
  const progress = createProgress({ clock, everyMs: limits.progressEveryMs, report, bytes });
  const task: CopyTask = { ...dependencies, order, progress, stage: { kind: 'begun', checked } };
  return task;
}

/** Moves the pin and the results of a verified copy to its publication, which then need not verify the temporary file again. */
function handOver(task: CopyTask | null, order: PublishOrder, memory: PublishMemory): void {
  if (task?.stage.kind !== 'copied') return;
  const { source, pin, dressed, settled } = task.stage;
  if (settled.hash.value !== order.hash.value) return;
  memory.isVerified = true;
  memory.pin ??= pin;
  memory.sourceMode = source.facts.mode;
  memory.dressed = dressed;
  if (source.doubt !== null) memory.notes.push(source.doubt);
  task.stage = { kind: 'publishing', source, settled };
}

/** Closes the files of a copy and its publication without waiting. The buffers go back when all calls have returned. */
function endCopy(dependencies: LaneDependencies, task: CopyTask | null, memory: PublishMemory): void {
  const files = [...(task === null ? [] : openFilesOf(task.stage)), memory.pin, memory.claim];
  for (const file of files) if (file !== null) void closeQuietly(file);
  Object.assign(memory, { pin: null, claim: null });
  if (task === null) return;
  const { stage } = task;
  task.stage = { kind: 'ended', mayHaveCreated: mayHaveCreated(stage), bytes: bytesOf(stage, task.order) };
  if ('sink' in stage) stage.sink.end();
  if ('source' in stage) void dependencies.calls.settled().then(() => dependencies.buffers.giveBack(stage.source.buffers));
}

type StallWatchDependencies = Pick<SharedDependencies, 'clock' | 'limits' | 'route'>;

/** The part of a lane that the watch uses. */
interface WatchedLane {
  readonly calls: Pick<Lane['calls'], 'oldest'>;
  readonly dependencies: Pick<LaneDependencies, 'report'>;
}

/** Finds calls of a carrier that do not return. */
export interface StallWatch {
  /** Reports `stalled` for every lane with a call outstanding longer than `stallAfterMs`, at most once a second for each. */
  check(): void;
  oldest(): { readonly side: Side; readonly operation: string; readonly sinceMs: number } | null;
}

/** Creates the stall watch of a carrier. @param lanes returns the current lanes */
export function createStallWatch(dependencies: StallWatchDependencies, lanes: () => Iterable<WatchedLane>): StallWatch {
  const { clock, limits } = dependencies;
  const reportedAt = new WeakMap<WatchedLane, number>();
  const checkLane = (lane: WatchedLane): void => {
    const call = lane.calls.oldest();
    const now = clock.now();
    if (call === null || now - call.sinceAt <= dependencies.route.stallAfterMs) return;
    if (now - (reportedAt.get(lane) ?? Number.NEGATIVE_INFINITY) < limits.stallReportEveryMs) return;
    reportedAt.set(lane, now);
    const { side, operation, sinceAt } = call;
    lane.dependencies.report({ kind: 'stalled', side, operation, sinceMs: Math.round(now - sinceAt) }).catch(() => undefined);
  };
  return {
    check: () => {
      for (const lane of lanes()) checkLane(lane);
    },
    oldest: () => {
      const calls = [...lanes()].map((lane) => lane.calls.oldest()).filter((call) => call !== null);
      const [call] = calls.sort((a, b) => a.sinceAt - b.sinceAt);
      if (call === undefined) return null;
      return { side: call.side, operation: call.operation, sinceMs: Math.round(clock.now() - call.sinceAt) };
    },
  };
}
