import type { CopyLimits } from '../limits.ts';
import { Pace, Turns } from './pace.ts';

/**
 * The number of bytes that all lanes to one destination together may have written and not synced. It adapts so that a sync takes about
 * a second. If it is too small for one piece per lane, the lanes take turns. A lane whose file is smaller than a piece counts only for
 * the size of its file, so that many small files are synced at the same time and share the commits of the filesystem's journal. While
 * there are such lanes, the syncs of large files should take a quarter of a second, so that they hold up the small ones less.
 */
export interface UnsyncedBudget {
  /** The bytes that one lane may have unsynced now. */
  shareBytes(): number;
  /** Returns whether lanes are waiting for their turn. */
  isCrowded(): boolean;
  /**
   * Adds a lane that will have unsynced bytes.
   *
   * @param bytes what it counts for, at most a piece, which is the default
   * @returns a function that removes it; null if it has to wait for its turn
   */
  tryEnter(bytes?: number): (() => void) | null;
  /** Adds a lane, after waiting for its turn. @throws Stopped when the signal fires first. */
  enter(signal: AbortSignal, bytes?: number): Promise<() => void>;
  /** Adapts the budget to the duration of a sync, times in milliseconds. */
  synced(bytes: number, beganAt: number, endedAt: number): void;
}

/** Creates a budget for bytes that are not synced yet. */
export function createUnsyncedBudget(limits: CopyLimits): UnsyncedBudget {
  return new SharedBudget(limits);
}

class SharedBudget implements UnsyncedBudget {
  readonly #limits: CopyLimits;
  readonly #pace: Pace;
  readonly #turns: Turns;
  /** What the lanes count for together, bytes, and how many of them count for a whole piece, or for less. */
  #takenBytes = 0;
  #wholeLanes = 0;
  #smallLanes = 0;

  constructor(limits: CopyLimits) {
    const { firstUnsyncedBytes, minUnsyncedBytes, maxUnsyncedBytes } = limits;
    this.#limits = limits;
    this.#pace = new Pace({ firstBytes: firstUnsyncedBytes, minBytes: minUnsyncedBytes, maxBytes: maxUnsyncedBytes }, limits);
    this.#turns = new Turns(limits);
  }

  shareBytes(): number {
    const { pieceBytes } = this.#limits;
    const pieces = Math.max(1, this.#takenBytes / pieceBytes);
    return Math.max(pieceBytes, Math.floor(this.#pace.bytes / pieces));
  }

  isCrowded(): boolean {
    return this.#turns.areWaitedFor;
  }

  tryEnter(bytes = this.#limits.pieceBytes): (() => void) | null {
    return !this.#turns.areWaitedFor && this.#take(bytes, false) ? this.#leaving(bytes) : null;
  }

  async enter(signal: AbortSignal, bytes = this.#limits.pieceBytes): Promise<() => void> {
    await this.#turns.wait((isDue) => this.#take(bytes, isDue), signal);
    return this.#leaving(bytes);
  }

  synced(bytes: number, beganAt: number, endedAt: number): void {
    // A sync of only a few bytes says little about the rate. While only small files are written, it does: if it is slow, there are too
    // many of them at once, and if it is quick while others wait, there are too few.
    const isSmall = bytes * 4 < this.shareBytes();
    const isTelling = this.#wholeLanes === 0 && (this.isCrowded() || endedAt - beganAt > this.#limits.syncMs);
    if (isSmall && !isTelling) return;
    const { syncMs, syncNextToSmallMs } = this.#limits;
    const isNextToSmall = !isSmall && this.#smallLanes > 0;
    this.#pace.learn(beganAt, endedAt, isNextToSmall ? syncNextToSmallMs : syncMs);
    this.#turns.next();
  }

  #take(bytes: number, isDue: boolean): boolean {
    const isFree = isDue || this.#takenBytes === 0 || this.#takenBytes + bytes <= this.#pace.bytes;
    if (isFree) this.#count(bytes, 1);
    return isFree;
  }

  #leaving(bytes: number): () => void {
    let isIn = true;
    return () => {
      if (!isIn) return;
      isIn = false;
      this.#count(bytes, -1);
      this.#turns.next();
    };
  }

  #count(bytes: number, lanes: 1 | -1): void {
    this.#takenBytes += lanes * bytes;
    if (bytes >= this.#limits.pieceBytes) this.#wholeLanes += lanes;
    else this.#smallLanes += lanes;
  }
}
