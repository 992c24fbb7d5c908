import type { ContentHash, CopyNote, CopyOrder, CopyReport, FileIdentity, Fingerprint, PublishOrder, RouteSettings } from '@sluice/core';
import type { Calls } from '../calls/calls.ts';
import type { Turn } from '../calls/turn.ts';
import type { Clock } from '../storage/clock.ts';
import type { FileFacts, OpenFile, Storage } from '../storage/storage.ts';
import type { UnsyncedBudget } from '../streams/budget.ts';
import type { BufferPair, Buffers } from '../streams/buffers.ts';
import type { ChunkHashes } from '../streams/chunk-hashes.ts';
import type { Hashing } from '../streams/hashing.ts';
import type { CopyLimits } from '../streams/limits.ts';
import type { Progress } from '../streams/progress.ts';
import type { RateLimit } from '../streams/rate.ts';
import type { Sink } from '../streams/sink.ts';

/** What all lanes of one carrier share. */
export interface CarrierMeans {
  readonly route: RouteSettings;
  readonly clock: Clock;
  readonly limits: CopyLimits;
  readonly hashing: Hashing;
  readonly buffers: Buffers;
  readonly budget: UnsyncedBudget;
  readonly rate: RateLimit;
  /** One settle per source at a time. */
  readonly settleTurn: Turn;
  /** How long the source's attributes may be stale, milliseconds; 0 on a local disk. */
  sourceCacheMs(): Promise<number>;
}

/** What one lane works with, whatever it is asked to do. Storage is watched, so its failures are CallFailures. */
export interface LaneMeans extends CarrierMeans {
  readonly source: Storage;
  readonly destination: Storage;
  readonly calls: Calls;
  report(report: CopyReport): Promise<void>;
}

/** One copy, from its order to its published name. */
export interface CopyTask extends LaneMeans {
  readonly order: CopyOrder;
  readonly progress: Progress;
  readonly held: Held;
}

/** What a copy knows and has open; the only thing about it that changes. */
export interface Held {
  sourceFile: OpenFile | null;
  /** As it was when opened: the file this copy is of. */
  sourceFacts: FileFacts | null;
  sourceGone: boolean;
  /** Of the source, as last seen. */
  sizeBytes: number;
  /** Of the source, as last seen: when anything of it changed, nanoseconds since the epoch. */
  changeNs: string;
  /** The same, from before the reading that its bytes are known by. */
  readSinceNs: string;
  /** Another process was to read the destination back, which does not know since when the source was read. */
  isReadBackElsewhere: boolean;
  /** Why it could not be made sure that the source has kept the bytes that were read of it; a note of the copy. */
  doubt: CopyNote | null;
  readonly hashes: ChunkHashes;
  buffers: BufferPair | null;
  /** The create was announced: from here on something of ours may be at the destination. */
  hasBegun: boolean;
  target: OpenFile | null;
  sink: Sink | null;
  /** Keeps the inode of what was written known while nothing writes: some storage invents inodes anew. */
  pin: OpenFile | null;
  settled: Settled | null;
  /** How long the source must be quiet before the next settle. */
  quietForMs: number;
}

export interface Settled {
  readonly hash: ContentHash;
  readonly fingerprint: Fingerprint;
}

/** Where a copy is written: hidden, or under the name that people see. */
export function targetName(order: CopyOrder | PublishOrder): string {
  return order.part ?? order.destination;
}

export function fingerprintOf(facts: FileFacts): Fingerprint {
  return { sizeBytes: facts.sizeBytes, mtimeNs: facts.mtimeNs };
}

export function identityOf(facts: FileFacts): FileIdentity {
  return { device: facts.device, inode: facts.inode };
}

/** The copy's own buffers; they stay with it until it ends. */
export function buffersOf(task: CopyTask): BufferPair {
  task.held.buffers ??= task.buffers.take();
  return task.held.buffers;
}
