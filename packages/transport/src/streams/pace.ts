import { type CopyLimits, copyLimits } from '../limits.ts';
import type { OpenFile, OpenHow, Storage } from '../storage/storage.ts';
import { Stopped } from '../waiting.ts';

/** A pace has only these bounds. */
type PaceLimits = Pick<CopyLimits, 'syncMs' | 'turnMs'>;

/** How far the bytes of a pace may go. */
export interface PaceBounds {
  readonly firstBytes: number;
  readonly minBytes: number;
  readonly maxBytes: number;
}

/** One call may change the amount by so much. */
const [steepestFall, steepestRise] = [1 / 16, 2];

/**
 * How many bytes may be under way to a storage, of all lanes together: so many that a call takes about a second at the rate that the
 * storage has just shown. Where fewer bytes take as long as more, the time is not that of the bytes: it asks for more again.
 */
export class Pace {
  readonly #bounds: PaceBounds;
  readonly #limits: PaceLimits;
  #bytes: number;
  /** Below this, fewer bytes took no less time, which was so long. */
  #floor = { bytes: 0, tookMs: 0 };
  /** The amount before it fell last, and the time that it took. */
  #before: { readonly bytes: number; readonly tookMs: number } | null = null;
  #changedAt = Number.NEGATIVE_INFINITY;

  constructor(bounds: PaceBounds, limits: PaceLimits) {
    this.#bounds = bounds;
    this.#limits = limits;
    this.#bytes = bounds.firstBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Learns from a call, times in milliseconds. One that began before the last change says nothing about it. */
  learn(beganAt: number, endedAt: number): void {
    if (beganAt < this.#changedAt) return;
    const tookMs = Math.max(1, endedAt - beganAt);
    const factor = Math.min(steepestRise, Math.max(steepestFall, this.#limits.syncMs / tookMs));
    const before = this.#before;
    if (factor >= 1) {
      this.#before = null;
      this.#set(this.#bytes * factor, endedAt);
    } else if (before !== null && before.bytes > this.#bytes && isSameTime(tookMs, before.tookMs)) this.#return(before, endedAt);
    else this.#fall(this.#bytes * factor, tookMs, endedAt);
  }

  #fall(bytes: number, tookMs: number, at: number): void {
    if (tookMs > steepestRise * this.#floor.tookMs) this.#floor = { bytes: 0, tookMs: 0 };
    this.#before = { bytes: this.#bytes, tookMs };
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

/** Half the bytes would take half the time if they were what takes it. */
function isSameTime(tookMs: number, beforeMs: number): boolean {
  return tookMs * 4 > beforeMs * 3 && tookMs * 3 < beforeMs * 4;
}

/** Takes what was waited for, and returns true; false where it has to be waited for longer. `isDue`: it has waited for the longest time. */
type Take = (isDue: boolean) => boolean;

/** Who waits for a turn, in the order they came. */
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
   * Resolves once `take` has taken its turn: in order, or after `turnMs`, as a call that hangs must not hold up every other lane.
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

  /** Something has ended, or the pace has changed. */
  next(): void {
    for (let first = this.#waiting[0]; first?.take(false) === true; first = this.#waiting[0]) first.admit();
  }
}

/** Bytes that are read from one storage at the same time, by all lanes. */
export class ReadWindow {
  readonly #pace: Pace;
  readonly #turns: Turns;
  #underWayBytes = 0;

  constructor(limits: CopyLimits) {
    this.#pace = new Pace({ firstBytes: limits.firstReadBytes, minBytes: limits.minReadBytes, maxBytes: limits.maxReadBytes }, limits);
    this.#turns = new Turns(limits);
  }

  /** Reads at most as much as fits, in whole blocks. @throws Stopped when the signal fires first */
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
      // What takes no time says nothing, and a few bytes say little.
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

interface ReadDependencies {
  readonly clock: { now(): number };
  readonly calls: { readonly signal: AbortSignal };
  /** Called when a read that had to wait for its turn begins: a sign of life, as another one has come back. */
  readonly onTurn: () => void;
}

/**
 * A storage that is read at its own pace: on a slow link, what all lanes would read at once takes minutes, and looks like a call that
 * hangs. A disk of this machine is not slow.
 */
export function pacedStorage(storage: Storage, window: ReadWindow, dependencies: ReadDependencies): Storage {
  const openPaced = async (path: string, how: OpenHow): Promise<OpenFile> => {
    const file = await storage.open(path, how);
    return pacedFile(file, (into, atByte) => window.read(file, into, atByte, dependencies));
  };
  return { ...storage, open: (path, how) => (storage.isOwnDisk() ? storage.open(path, how) : openPaced(path, how)) };
}

/** A read takes at most what fits into the window, so a short one does not show the end. */
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
