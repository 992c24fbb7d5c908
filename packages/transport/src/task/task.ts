import {
  type CopyOrder,
  type CopyReport,
  type DestinationMount,
  type FileIdentity,
  type Fingerprint,
  type PublishOrder,
  type RouteSettings,
} from '@sluice/core/model';
import { closeQuietly, errnoOf } from '@sluice/platform';
import type { Calls } from '../calls.ts';
import type { CopyLimits } from '../limits.ts';
import type { MarkerFound } from '../mounted/marker.ts';
import { finding } from '../storage/failure.ts';
import type { FileFacts, OpenFile, Storage } from '../storage/storage.ts';
import type { Buffers } from '../streams/buffers.ts';
import type { Hashing } from '../streams/hashing.ts';
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
  /** What refused the mode of a folder that the configuration asks for; `isNoted`: a copy has said so. */
  readonly folderModes: { refusal: string | null; isNoted: boolean };
  /** Folders of the destination whose names this process has synced: a file in them can be found again after a power cut. */
  readonly durableFolders: Set<string>;
  /** One settle per source at a time. */
  readonly settleMutex: Mutex;
  /** How long the source's attributes may be stale, milliseconds; 0 on a local disk. */
  sourceCacheMs(): Promise<number>;
  /** Whether the destination is known to give one file one inode number. */
  hasRealInodes(): Promise<boolean>;
}

/** What one lane works with, whatever it is asked to do. Storage is watched, so its failures are CallFailures. */
export interface LaneDependencies extends SharedDependencies {
  readonly source: Storage;
  readonly destination: Storage;
  readonly calls: Calls;
  /** Looks at the root of the destination, and at the marker in it. */
  root(): Promise<{ readonly mountId: number | null; readonly marker: MarkerFound }>;
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

/** The mount that was probed and the one opened are the same, as far as the system says. */
export function isOnMount(file: Pick<OpenFile, 'mountId'>, mount: DestinationMount, route: RouteSettings): boolean {
  return route.guard === 'none' || mount.mountId === null || file.mountId === null || file.mountId === mount.mountId;
}

/**
 * Before anything is made: a share that is gone shows an empty local folder, and another disk in its place often has its
 * mount id and its device number too.
 *
 * @throws DIVERTED; MARKER_UNCLEAR where that cannot be said
 */
export async function assertRootOnMount(dependencies: LaneDependencies, mount: DestinationMount): Promise<void> {
  const { mountId, marker: found } = await dependencies.root();
  if (!isOnMount({ mountId }, mount, dependencies.route)) throw diverted('open the destination');
  if (mount.marker === undefined || dependencies.route.guard === 'none') return;
  if (found.kind === 'unclear') {
    throw finding('destination', 'MARKER_UNCLEAR', 'read the marker of the destination', 'it is empty, cut short or no regular file');
  }
  if (found.kind !== 'found' || found.marker !== mount.marker) throw diverted('read the marker of the destination');
}

/** Opens what we made, by its name. @throws LOST where it is not there any more, DIVERTED where it lies elsewhere. */
export async function openOwn(
  dependencies: LaneDependencies,
  mount: DestinationMount,
  name: string,
  how: 'read' | 'read_direct' | 'write',
): Promise<OpenFile> {
  try {
    const file = await dependencies.destination.open(name, how);
    if (isOnMount(file, mount, dependencies.route)) return file;
    void closeQuietly(file);
    throw diverted(`open ${name}`);
  } catch (error) {
    throw errnoOf(error) === 'ENOENT' ? lost(name) : error;
  }
}

export function diverted(operation: string): Error {
  return finding('destination', 'DIVERTED', operation, 'it is not the destination that was probed');
}

export function lost(name: string): Error {
  return finding('destination', 'LOST', `open ${name}`, 'what was written here is not there any more');
}
