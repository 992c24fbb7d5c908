import type { CopyOrder, CopyReport, FileIdentity, Fingerprint, PublishOrder, RouteSettings } from '@sluice/core/model';
import type { Calls } from '../calls.ts';
import type { CopyLimits } from '../limits.ts';
import type { FileFacts, Storage } from '../storage/storage.ts';
import type { Hashing } from '../streams/hashing.ts';
import type { Buffers } from '../streams/read-chunks.ts';
import type { RateLimit, UnsyncedBudget } from '../streams/throttle.ts';
import { type Clock, type Mutex, Stopped } from '../waiting.ts';
import type { Progress, Stage } from './stage.ts';

/** What all lanes of one carrier share. */
export interface SharedDependencies {
  readonly route: RouteSettings;
  readonly clock: Clock;
  readonly limits: CopyLimits;
  readonly hashing: Hashing;
  readonly buffers: Buffers;
  readonly budget: UnsyncedBudget;
  readonly rate: RateLimit;
  /** What was learned of the destination's inodes: made-up ones do not tell whether two names are one file. */
  readonly inodes: { areMadeUp: boolean };
  /** One settle per source at a time. */
  readonly settleMutex: Mutex;
  /** How long the source's attributes may be stale, milliseconds; 0 on a local disk. */
  sourceCacheMs(): Promise<number>;
}

/** What one lane works with, whatever it is asked to do. Storage is watched, so its failures are CallFailures. */
export interface LaneDependencies extends SharedDependencies {
  readonly source: Storage;
  readonly destination: Storage;
  readonly calls: Calls;
  report(report: CopyReport): Promise<void>;
}

/** One copy, from its order to its published name. */
export interface CopyTask extends LaneDependencies {
  readonly order: CopyOrder;
  readonly progress: Progress;
  /** The only part of a task that changes. Each step gets the stage it begins with, and leaves the next one here. */
  stage: Stage;
}

/** Makes this the stage of the copy, and returns it. @throws Stopped where the copy has ended meanwhile */
export function enter<Next extends Stage>(task: CopyTask, stage: Next): Next {
  if (task.stage.kind === 'ended') throw new Stopped();
  task.stage = stage;
  return stage;
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
