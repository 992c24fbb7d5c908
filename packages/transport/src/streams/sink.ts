import { errnoOf, orElse } from '@sluice/platform';
import { type CopyLimits, processLimits } from '../limits.ts';
import { finding, type OpenFile } from '../storage/storage.ts';
import { type Clock, Stopped } from '../waiting.ts';
import type { UnsyncedBudget } from './unsynced-budget.ts';

/**
 * Writes the file of a copy at the destination. It syncs while it writes, so that `syncedBytes` counts durable bytes. Only one call may
 * run at a time.
 */
export interface Sink {
  /** Bytes from the start of the file that a sync has confirmed. */
  readonly syncedBytes: number;
  /**
   * Writes all bytes, in several calls if needed. Waits while too much is unsynced. The caller may reuse `bytes` when it returns.
   *
   * @param meanwhile called for each piece, in order, while it is being written
   * @throws the failure of a write or of an earlier sync; SHORT if a write takes no bytes; Stopped when the signal fires
   */
  write(bytes: Uint8Array, atByte: number, meanwhile?: (piece: Uint8Array) => void): Promise<void>;
  /** Returns when everything written is synced: `data`, or `all` including the metadata. @throws the failure of a sync */
  flush(what: 'data' | 'all'): Promise<void>;
  truncate(sizeBytes: number): Promise<void>;
  /** Ends the sink. Its unsynced bytes no longer count in the shared budget. */
  end(): void;
}

/** The dependencies of a sink. */
export interface SinkDependencies {
  readonly file: OpenFile;
  /** The name of the file, for error messages. */
  readonly name: string;
  readonly startBytes: number;
  /** The size of the file that is to be written, bytes; infinite if it may grow. */
  readonly expectedBytes: number;
  readonly budget: UnsyncedBudget;
  readonly rate: RateLimit;
  readonly clock: Clock;
  readonly limits: CopyLimits;
  readonly signal: AbortSignal;
  /** Called after every sync of this sink, and when its wait for another lane's bytes is over. Both show that the storage answers. */
  readonly onSynced: () => void;
}

/** Creates a sink. */
export function createSink(dependencies: SinkDependencies): Sink {
  return new SyncingSink(dependencies);
}

class SyncingSink implements Sink {
  readonly #dependencies: SinkDependencies;
  /** Up to which byte the file is written, and up to which byte it is synced. */
  #writtenEnd: number;
  #syncedEnd: number;
  /** Bytes written since the last sync began. */
  #unsyncedBytes = 0;
  /** The sync under way, and how many bytes it covers. */
  #syncing: Promise<void> | null = null;
  #syncingBytes = 0;
  /** Whether nothing was written since the last sync of data and metadata. */
  #isAllSynced = false;
  /** The error of the first sync that failed. Every later call throws it. */
  #failure: { readonly error: unknown } | null = null;
  /** What this lane counts for in the budget, bytes. */
  #countedBytes = 0;
  /** Takes this sink out of the budget; null while it is not in it. */
  #leaveBudget: (() => void) | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #hasEnded = false;

  constructor(dependencies: SinkDependencies) {
    this.#dependencies = dependencies;
    this.#writtenEnd = dependencies.startBytes;
    this.#syncedEnd = dependencies.startBytes;
  }

  get syncedBytes(): number {
    return this.#syncedEnd;
  }

  async write(bytes: Uint8Array, atByte: number, meanwhile?: (piece: Uint8Array) => void): Promise<void> {
    const { budget, rate } = this.#dependencies;
    for (let done = 0; done < bytes.length; ) {
      this.#throwFailure();
      const piece = bytes.subarray(done, done + this.#pieceBytes());
      // No `await` without need, so that the write begins in this event-loop turn.
      if (this.#isTooMuch(piece.length)) await this.#untilRoomFor(piece.length);
      this.#countFor(atByte + done + piece.length);
      this.#leaveBudget ??= budget.tryEnter(this.#countedBytes);
      if (this.#leaveBudget === null) await this.#enterInTurn();
      if (rate.pieceBytes !== null) await rate.spend(piece.length, this.#dependencies.signal);
      const writing = this.#writePiece(piece, atByte + done);
      meanwhile?.(piece);
      await writing;
      done += piece.length;
      this.#noteWritten(piece.length, atByte + done);
    }
  }

  async flush(what: 'data' | 'all'): Promise<void> {
    const isOpen = (): boolean => (what === 'data' ? this.#unsyncedBytes > 0 : !this.#isAllSynced) || this.#syncing !== null;
    while (isOpen()) await this.#syncOnce(what);
    this.#throwFailure();
  }

  async truncate(sizeBytes: number): Promise<void> {
    const { file } = this.#dependencies;
    await this.flush('data');
    this.#isAllSynced = false;
    await file.truncate(sizeBytes);
    await file.sync('data');
    this.#writtenEnd = Math.min(this.#writtenEnd, sizeBytes);
    this.#syncedEnd = Math.min(this.#syncedEnd, sizeBytes);
  }

  end(): void {
    this.#hasEnded = true;
    this.#disarm();
    this.#release();
  }

  #pieceBytes(): number {
    const { limits, rate } = this.#dependencies;
    return Math.min(limits.pieceBytes, rate.pieceBytes ?? limits.pieceBytes);
  }

  /**
   * Returns whether `bytes` more would exceed this lane's share. With nothing unsynced, one piece always fits, because no sync could
   * make room for it. While other lanes wait, this lane writes no more until the sync under way ends.
   */
  #isTooMuch(bytes: number): boolean {
    const { budget } = this.#dependencies;
    const pendingBytes = this.#unsyncedBytes + this.#syncingBytes;
    const isTurnOver = this.#syncing !== null && budget.isCrowded();
    return pendingBytes > 0 && (isTurnOver || pendingBytes + bytes > budget.shareBytes());
  }

  /** Sets what this lane counts for in the budget: a piece, or fewer bytes while its file is known to be smaller. */
  #countFor(endByte: number): void {
    const { limits, expectedBytes } = this.#dependencies;
    const bytes = endByte <= expectedBytes ? Math.min(limits.pieceBytes, expectedBytes) : limits.pieceBytes;
    if (bytes > this.#countedBytes) this.#release();
    this.#countedBytes = bytes;
  }

  /** Waits until this lane may have unsynced bytes. @throws Stopped when the signal fires or the sink ends */
  async #enterInTurn(): Promise<void> {
    const { budget, signal, onSynced } = this.#dependencies;
    this.#leaveBudget = await budget.enter(signal, this.#countedBytes);
    if (this.#hasEnded) {
      this.#release();
      throw new Stopped();
    }
    onSynced();
  }

  async #untilRoomFor(bytes: number): Promise<void> {
    while (this.#isTooMuch(bytes)) await this.#syncOnce();
  }

  async #writePiece(bytes: Uint8Array, atByte: number): Promise<void> {
    const { file, name } = this.#dependencies;
    for (let done = 0; done < bytes.length; ) {
      const count = await orElse(
        () => file.write(bytes.subarray(done), atByte + done),
        (error) => this.#atLimit(error, done, atByte),
      );
      if (count === 0) throw finding('destination', 'SHORT', `write ${name}`, 'a write took no bytes');
      done += count;
    }
  }

  /** Handles a failed write. After EFBIG, syncs what was written, so that `syncedBytes` is the largest size. @throws the write's error */
  async #atLimit(error: unknown, taken: number, atByte: number): Promise<never> {
    if (errnoOf(error) !== 'EFBIG') throw error;
    if (taken > 0) this.#noteWritten(taken, atByte + taken);
    await this.flush('data').catch(() => undefined);
    throw error;
  }

  #noteWritten(bytes: number, end: number): void {
    const { budget } = this.#dependencies;
    this.#unsyncedBytes += bytes;
    this.#isAllSynced = false;
    this.#writtenEnd = Math.max(this.#writtenEnd, end);
    if (this.#unsyncedBytes * 2 >= budget.shareBytes()) this.#startSync();
    else this.#arm();
  }

  /** Waits for the sync under way, or starts one and waits for it. @throws the failure of a sync */
  async #syncOnce(what: 'data' | 'all' = 'data'): Promise<void> {
    this.#startSync(what);
    await this.#syncing;
    this.#throwFailure();
  }

  /** Starts a sync in the background, unless one is under way. The next call throws its failure. */
  #startSync(what: 'data' | 'all' = 'data'): void {
    if (this.#syncing !== null || (this.#unsyncedBytes === 0 && what === 'data')) return;
    this.#disarm();
    const [bytes, end] = [this.#unsyncedBytes, this.#writtenEnd];
    this.#unsyncedBytes = 0;
    this.#syncingBytes = bytes;
    this.#isAllSynced = what === 'all';
    this.#syncing = this.#sync(what, bytes, end).then(() => {
      this.#syncing = null;
      this.#arm();
    });
  }

  async #sync(what: 'data' | 'all', bytes: number, end: number): Promise<void> {
    const { file, clock } = this.#dependencies;
    const startedAt = clock.now();
    try {
      await file.sync(what);
      this.#noteSynced(bytes, end, startedAt);
    } catch (error) {
      this.#failure ??= { error };
    }
  }

  #noteSynced(bytes: number, end: number, startedAt: number): void {
    const { budget, clock } = this.#dependencies;
    budget.synced(bytes, startedAt, clock.now());
    this.#syncedEnd = Math.max(this.#syncedEnd, end);
    this.#syncingBytes = 0;
    if (this.#unsyncedBytes === 0) this.#release();
    this.#dependencies.onSynced();
  }

  #throwFailure(): void {
    if (this.#failure !== null) throw this.#failure.error;
  }

  /** Starts a timer that syncs unsynced bytes after `syncMs`, one second. */
  #arm(): void {
    const isIdle = this.#syncing === null && this.#failure === null && !this.#hasEnded;
    if (this.#unsyncedBytes > 0 && isIdle) this.#timer ??= setTimeout(() => this.#startSync(), this.#dependencies.limits.syncMs);
  }

  #disarm(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #release(): void {
    this.#leaveBudget?.();
    this.#leaveBudget = null;
  }
}

/** The rate limit of a route (`max_rate`), shared by all its lanes. */
export interface RateLimit {
  /** The largest single write that keeps the rate even; null: no limit. */
  readonly pieceBytes: number | null;
  /** Waits until these bytes may be written. @throws Stopped when the signal fires first. */
  spend(bytes: number, signal: AbortSignal): Promise<void>;
}

/**
 * Creates a rate limit.
 * @param rate returns the bytes per second that may be written now; null: no limit. It may change at any time
 */
export function createRateLimit(rate: () => number | null, clock: Clock): RateLimit {
  return new ChangingRateLimit(rate, clock);
}

/** Counts the bytes that were asked for and those that the rate has allowed so far. Who asks waits until his bytes are allowed. */
class ChangingRateLimit implements RateLimit {
  readonly #rate: () => number | null;
  readonly #clock: Clock;
  #askedBytes = 0;
  #allowedBytes = 0;
  #countedAt = Number.NEGATIVE_INFINITY;

  constructor(rate: () => number | null, clock: Clock) {
    this.#rate = rate;
    this.#clock = clock;
  }

  get pieceBytes(): number | null {
    const bytesPerSecond = this.#rate();
    return bytesPerSecond === null ? null : Math.max(processLimits.throttledPieceBytes, Math.floor(bytesPerSecond / 4));
  }

  async spend(bytes: number, signal: AbortSignal): Promise<void> {
    this.#count();
    const target = this.#askedBytes;
    this.#askedBytes += bytes;
    for (;;) {
      const bytesPerSecond = this.#count();
      const lacking = target - this.#allowedBytes;
      if (bytesPerSecond === null || lacking <= 0) return;
      // In short waits, because the rate may change meanwhile.
      await this.#clock.wait(Math.min(Math.max(1, (lacking / bytesPerSecond) * 1000), processLimits.rateLookMs), signal);
    }
  }

  /** What was allowed and not asked for is not saved up. @returns the rate */
  #count(): number | null {
    const now = this.#clock.now();
    const bytesPerSecond = this.#rate();
    const allowed = bytesPerSecond === null ? Number.POSITIVE_INFINITY : (bytesPerSecond * Math.max(0, now - this.#countedAt)) / 1000;
    this.#allowedBytes = Math.min(this.#askedBytes, this.#allowedBytes + allowed);
    this.#countedAt = now;
    return bytesPerSecond;
  }
}
