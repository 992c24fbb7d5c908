import process from 'node:process';
import type { Awaitable } from '@sluice/platform';
import { type CopyLimits, copyLimits } from '../limits.ts';
import type { FileFacts, OpenFile, OpenHow, Room, Storage } from '../storage/storage.ts';
import { Stopped } from '../waiting.ts';

/** The limits that a pace uses. */
type PaceLimits = Pick<CopyLimits, 'syncMs' | 'turnMs'>;

/** The first, smallest and largest amount of a pace, bytes. */
export interface PaceBounds {
  readonly firstBytes: number;
  readonly minBytes: number;
  readonly maxBytes: number;
}

/** The largest factors by which one call may reduce or raise the amount. */
const [steepestFall, steepestRise] = [1 / 16, 2];

/**
 * The number of bytes that all lanes together may have under way to a storage. It adapts so that a call takes about `syncMs`, one
 * second, or another requested time, at the storage's current rate. If a smaller amount takes as long as a larger one, latency and not throughput is the limit,
 * and the amount goes back up.
 */
export class Pace {
  readonly #bounds: PaceBounds;
  readonly #limits: PaceLimits;
  #bytes: number;
  /** The amount below which a call did not get faster, and how long that call took, milliseconds. The amount does not fall below it. */
  #floor = { bytes: 0, tookMs: 0 };
  /** The amount before the last fall, and how long its call took, milliseconds; null: the last change was not a fall. */
  #before: { readonly bytes: number; readonly tookMs: number } | null = null;
  #changedAt = Number.NEGATIVE_INFINITY;
  /** Until this time calls may wait behind a larger amount from before the last reduction, which is still being sent. */
  #drainsUntil = Number.NEGATIVE_INFINITY;

  constructor(bounds: PaceBounds, limits: PaceLimits) {
    this.#bounds = bounds;
    this.#limits = limits;
    this.#bytes = bounds.firstBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Adapts the amount to a call's duration, times in milliseconds. Ignores a call that began before the last change.
   *
   * @param shouldTakeMs how long a call should take
   */
  learn(beganAt: number, endedAt: number, shouldTakeMs: number = this.#limits.syncMs): void {
    if (beganAt < this.#changedAt) return;
    const tookMs = Math.max(1, endedAt - beganAt);
    const factor = Math.min(steepestRise, Math.max(steepestFall, shouldTakeMs / tookMs));
    const before = this.#before;
    if (factor >= 1) {
      this.#before = null;
      this.#set(this.#bytes * factor, endedAt);
    } else if (before !== null && before.bytes > this.#bytes && isSameTime(tookMs, before.tookMs)) {
      // It took as long as before: because of the larger amount before it, or because the amount makes no difference.
      if (beganAt >= this.#drainsUntil) this.#return(before, endedAt);
    } else this.#fall(this.#bytes * factor, tookMs, endedAt);
  }

  #fall(bytes: number, tookMs: number, at: number): void {
    if (tookMs > steepestRise * this.#floor.tookMs) this.#floor = { bytes: 0, tookMs: 0 };
    this.#before = { bytes: this.#bytes, tookMs };
    this.#drainsUntil = at + tookMs;
    this.#set(Math.max(bytes, this.#floor.bytes), at);
  }

  #return(before: { readonly bytes: number; readonly tookMs: number }, at: number): void {
    this.#floor = before;
    this.#before = null;
    this.#set(before.bytes, at);
  }

  #set(bytes: number, at: number): void {
    const bounded = Math.round(Math.min(this.#bounds.maxBytes, Math.max(this.#bounds.minBytes, bytes)));
    if (bounded !== this.#bytes) this.#changedAt = at;
    this.#bytes = bounded;
  }
}

/** Returns whether two durations differ by less than a third, so that the number of bytes made no difference. */
function isSameTime(tookMs: number, beforeMs: number): boolean {
  return tookMs * 4 > beforeMs * 3 && tookMs * 3 < beforeMs * 4;
}

/** Takes its share and returns true, or returns false to keep waiting. `isDue`: it has waited for `turnMs` and must take it. */
type Take = (isDue: boolean) => boolean;

/** A queue of lanes that wait for their share of a pace, first come first served. */
export class Turns {
  readonly #limits: PaceLimits;
  readonly #waiting: { readonly take: Take; readonly admit: () => void }[] = [];

  constructor(limits: PaceLimits) {
    this.#limits = limits;
  }

  get areWaitedFor(): boolean {
    return this.#waiting.length > 0;
  }

  /**
   * Resolves when `take` has returned true: in order, or after `turnMs`, because a call that hangs must not block the other lanes.
   *
   * @throws Stopped when the signal fires first.
   */
  wait(take: Take, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(new Stopped());
      if (!this.areWaitedFor && take(false)) return resolve();
      const leave = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', stop);
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
      };
      const stop = (): void => {
        leave();
        reject(new Stopped());
        this.next();
      };
      const admit = (): void => {
        leave();
        resolve();
      };
      const waiting = { take, admit };
      const timer = setTimeout(() => {
        if (take(true)) admit();
      }, this.#limits.turnMs);
      signal.addEventListener('abort', stop, { once: true });
      this.#waiting.push(waiting);
    });
  }

  /** Lets the first in the queue try again, because a call has ended or the pace has changed. */
  next(): void {
    for (let first = this.#waiting[0]; first?.take(false) === true; first = this.#waiting[0]) first.admit();
  }
}

/** Bounds how many bytes all lanes together read from one storage at the same time. */
export class ReadWindow {
  readonly #pace: Pace;
  readonly #turns: Turns;
  #underWayBytes = 0;

  constructor(limits: CopyLimits) {
    this.#pace = new Pace({ firstBytes: limits.firstReadBytes, minBytes: limits.minReadBytes, maxBytes: limits.maxReadBytes }, limits);
    this.#turns = new Turns(limits);
  }

  /** Reads at most as many bytes as the pace allows, in whole blocks. @returns bytes read @throws Stopped when the signal fires first */
  async read(file: OpenFile, into: Uint8Array, atByte: number, { clock, calls, onTurn }: ReadDependencies): Promise<number> {
    const block = copyLimits.directAlignBytes;
    const piece = into.subarray(0, Math.floor(this.#pace.bytes / block) * block);
    const take = (isDue: boolean): boolean => this.#take(piece.length, isDue);
    if (this.#turns.areWaitedFor || !take(false)) {
      await this.#turns.wait(take, calls.signal);
      onTurn();
    }
    const beganAt = clock.now();
    try {
      const count = await file.read(piece, atByte);
      // A read that returned only a few bytes says little about the rate.
      if (count * 4 >= Math.min(this.#pace.bytes, copyLimits.chunkBytes)) this.#pace.learn(beganAt, clock.now());
      return count;
    } finally {
      this.#underWayBytes -= piece.length;
      this.#turns.next();
    }
  }

  #take(bytes: number, isDue: boolean): boolean {
    const isFree = isDue || this.#underWayBytes === 0 || this.#underWayBytes + bytes <= this.#pace.bytes;
    if (isFree) this.#underWayBytes += bytes;
    return isFree;
  }
}

/**
 * Lets one lane at a time change the names in a folder. The system makes such calls one after another anyway, and on a slow link each
 * takes a round trip: a lane that waits for the calls of others must not look like one whose call hangs.
 */
export class FolderTurns {
  readonly #limits: PaceLimits;
  readonly #folders = new Map<string, { readonly turns: Turns; running: number }>();

  constructor(limits: PaceLimits) {
    this.#limits = limits;
  }

  /** @param path of what is created, renamed or removed @throws the error of the call; Stopped when the signal fires first */
  async run<Answer>(
    path: string,
    call: () => Awaitable<Answer>,
    { calls, onTurn }: Pick<ReadDependencies, 'calls' | 'onTurn'>,
  ): Promise<Answer> {
    const name = path.slice(0, Math.max(0, path.lastIndexOf('/')));
    const folder = this.#folders.get(name) ?? { turns: new Turns(this.#limits), running: 0 };
    this.#folders.set(name, folder);
    const take = (isDue: boolean): boolean => {
      const isFree = isDue || folder.running === 0;
      if (isFree) folder.running += 1;
      return isFree;
    };
    if (folder.turns.areWaitedFor || !take(false)) {
      await folder.turns.wait(take, calls.signal);
      onTurn();
    }
    try {
      return await call();
    } finally {
      folder.running -= 1;
      folder.turns.next();
      if (folder.running === 0 && !folder.turns.areWaitedFor) this.#folders.delete(name);
    }
  }
}

interface ReadDependencies {
  readonly clock: { now(): number };
  readonly calls: { readonly signal: AbortSignal };
  /** Called when a call that had to wait begins. It shows that the storage answers, because another call has returned. */
  readonly onTurn: () => void;
}

/** What bounds the calls of all lanes to one side. */
export interface SidePace {
  readonly window: ReadWindow;
  readonly folders: FolderTurns;
}

/** Returns what bounds the calls to one side, with nothing under way. */
export function sidePace(limits: CopyLimits): SidePace {
  return { window: new ReadWindow(limits), folders: new FolderTurns(limits) };
}

/**
 * Returns a storage whose reads go through a window, and whose changes of names take turns. On a slow link the calls of all lanes at
 * once would take minutes each, and look like calls that hang. A local disk is not bounded.
 */
export function pacedStorage(storage: Storage, pace: SidePace, dependencies: ReadDependencies): Storage {
  return new PacedStorage(storage, pace, dependencies);
}

class PacedStorage implements Storage {
  readonly #storage: Storage;
  readonly #pace: SidePace;
  readonly #dependencies: ReadDependencies;

  constructor(storage: Storage, pace: SidePace, dependencies: ReadDependencies) {
    this.#storage = storage;
    this.#pace = pace;
    this.#dependencies = dependencies;
  }

  open(path: string, how: OpenHow): Awaitable<OpenFile> {
    return this.isOwnDisk() ? this.#storage.open(path, how) : this.#openPaced(path, how);
  }

  async #openPaced(path: string, how: OpenHow): Promise<OpenFile> {
    const file = await (typeof how === 'object' ? this.#inTurn(path, () => this.#storage.open(path, how)) : this.#storage.open(path, how));
    return pacedFile(file, (into, atByte) => this.#pace.window.read(file, into, atByte, this.#dependencies));
  }

  isOwnDisk(): boolean {
    return this.#storage.isOwnDisk();
  }

  stat(path: string): Awaitable<FileFacts | null> {
    return this.#storage.stat(path);
  }

  room(): Awaitable<Room> {
    return this.#storage.room();
  }

  makeFolder(path: string, mode: number, mountId: number | null): Awaitable<void> {
    return this.#inTurn(path, () => this.#storage.makeFolder(path, mode, mountId));
  }

  link(from: string, to: string): Awaitable<void> {
    return this.#inTurn(to, () => this.#storage.link(from, to));
  }

  rename(from: string, to: string): Awaitable<void> {
    return this.#inTurn(to, () => this.#storage.rename(from, to));
  }

  unlink(path: string, hasOtherName?: boolean): Awaitable<void> {
    return this.#inTurn(path, () => this.#storage.unlink(path, hasOtherName));
  }

  syncFolder(path: string): Awaitable<void> {
    return this.#storage.syncFolder(path);
  }

  /** On a local disk the call begins in this event-loop turn. */
  #inTurn<Answer>(path: string, call: () => Awaitable<Answer>): Awaitable<Answer> {
    return this.isOwnDisk() || process.platform === 'win32' ? call() : this.#pace.folders.run(path, call, this.#dependencies);
  }
}

/** Returns a file with this `read`. A short read does not mean the end of the file, because the window may have shortened it. */
function pacedFile(file: OpenFile, read: OpenFile['read']): OpenFile {
  return {
    atOpen: file.atOpen,
    mountId: file.mountId,
    isDirect: file.isDirect,
    isShortAtEndOnly: false,
    read,
    write: (bytes, atByte) => file.write(bytes, atByte),
    sync: (what) => file.sync(what),
    truncate: (sizeBytes) => file.truncate(sizeBytes),
    facts: () => file.facts(),
    setTimes: (mtimeNs) => file.setTimes(mtimeNs),
    setMode: (mode) => file.setMode(mode),
    isEmpty: () => file.isEmpty(),
    close: () => file.close(),
  };
}
