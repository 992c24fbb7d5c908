import type { Clock } from '../storage/clock.ts';
import { finding } from '../storage/failure.ts';
import type { OpenFile } from '../storage/storage.ts';
import type { UnsyncedBudget } from './budget.ts';
import type { CopyLimits } from './limits.ts';
import type { RateLimit } from './rate.ts';

/**
 * The writing end of a copy: syncs in step with the writing, so that what it counts is what is there.
 * One caller at a time.
 */
export interface Sink {
  /** From the start of the file, as far as a sync has confirmed. */
  readonly syncedBytes: number;
  /** All bytes, however short the writes; waits while too much is unsynced. `bytes` is free again afterwards. */
  write(bytes: Uint8Array, atByte: number): Promise<void>;
  /** Returns when everything written is synced. */
  flush(): Promise<void>;
  truncate(sizeBytes: number): Promise<void>;
  /** Of a copy that has ended: its unsynced bytes no longer count for the others. */
  end(): void;
}

export interface SinkMeans {
  readonly file: OpenFile;
  /** For messages. */
  readonly name: string;
  readonly startBytes: number;
  readonly budget: UnsyncedBudget;
  readonly rate: RateLimit;
  readonly clock: Clock;
  readonly limits: CopyLimits;
  readonly signal: AbortSignal;
  /** After every sync that confirmed something. */
  readonly onSynced: () => void;
}

export function createSink(means: SinkMeans): Sink {
  const { file, budget, rate, clock, limits } = means;
  let writtenEnd = means.startBytes;
  let syncedEnd = means.startBytes;
  let unsynced = 0;
  let syncing: Promise<void> | null = null;
  let syncingBytes = 0;
  let failure: { readonly error: unknown } | null = null;
  let leave: (() => void) | null = null;
  let hasEnded = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  /** One sync at a time, beside the writing; its failure is thrown by the next call. */
  const startSync = (): void => {
    if (syncing !== null || unsynced === 0) return;
    disarm();
    const [bytes, end, startedAt] = [unsynced, writtenEnd, clock.now()];
    unsynced = 0;
    syncingBytes = bytes;
    syncing = file
      .sync('data')
      .then(() => {
        budget.synced(bytes, clock.now() - startedAt);
        syncedEnd = Math.max(syncedEnd, end);
        syncingBytes = 0;
        if (unsynced === 0) release();
        means.onSynced();
      })
      .catch((error: unknown) => {
        failure ??= { error };
      })
      .finally(() => {
        syncing = null;
        arm();
      });
  };

  /** What waits for no other reason is synced when it is a second old. */
  const arm = (): void => {
    if (unsynced > 0 && syncing === null && failure === null && !hasEnded) timer ??= setTimeout(startSync, limits.syncMs);
  };

  const disarm = (): void => {
    clearTimeout(timer);
    timer = undefined;
  };

  const release = (): void => {
    leave?.();
    leave = null;
  };

  const throwFailure = (): void => {
    if (failure !== null) throw failure.error;
  };

  const isTooMuch = (bytes: number): boolean => unsynced + syncingBytes > 0 && unsynced + syncingBytes + bytes > budget.shareBytes();

  const room = async (bytes: number): Promise<void> => {
    while (isTooMuch(bytes)) {
      startSync();
      await syncing;
      throwFailure();
    }
  };

  const note = (bytes: number, end: number): void => {
    leave ??= budget.enter();
    unsynced += bytes;
    writtenEnd = Math.max(writtenEnd, end);
    if (unsynced * 2 >= budget.shareBytes()) startSync();
    else arm();
  };

  const writePiece = async (bytes: Uint8Array, atByte: number): Promise<void> => {
    for (let done = 0; done < bytes.length; ) {
      const count = await file.write(bytes.subarray(done), atByte + done);
      if (count === 0) throw finding('destination', 'SHORT', `write ${means.name}`, 'a write took no bytes');
      done += count;
    }
  };

  const flush = async (): Promise<void> => {
    while (unsynced > 0 || syncing !== null) {
      startSync();
      await syncing;
      throwFailure();
    }
    throwFailure();
  };

  return {
    get syncedBytes() {
      return syncedEnd;
    },
    write: async (bytes, atByte) => {
      for (let done = 0; done < bytes.length; ) {
        throwFailure();
        const piece = bytes.subarray(done, done + pieceBytes(means, budget.shareBytes()));
        // Where nothing is to be waited for the write begins at once, and the caller hashes meanwhile.
        if (isTooMuch(piece.length)) await room(piece.length);
        if (rate.pieceBytes !== null) await rate.take(piece.length, means.signal);
        await writePiece(piece, atByte + done);
        done += piece.length;
        note(piece.length, atByte + done);
      }
    },
    flush,
    truncate: async (sizeBytes) => {
      await flush();
      await file.truncate(sizeBytes);
      await file.sync('data');
      writtenEnd = Math.min(writtenEnd, sizeBytes);
      syncedEnd = Math.min(syncedEnd, sizeBytes);
    },
    end: () => {
      hasEnded = true;
      disarm();
      release();
    },
  };
}

/** Whole chunks where the budget allows, smaller ones where it, or the rate, is small. */
function pieceBytes(means: SinkMeans, shareBytes: number): number {
  const fitting = shareBytes >= 2 * means.limits.chunkBytes ? means.limits.chunkBytes : means.limits.pieceBytes;
  return Math.min(fitting, means.rate.pieceBytes ?? fitting);
}
