import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { routeSettings } from '@sluice/core/fixtures';
import {
  type CopyOrder,
  type CopyReport,
  copyId,
  type Fingerprint,
  fileId,
  type PublishOrder,
  type RouteSettings,
  routeName,
} from '@sluice/core/model';
import { type Carrier, type CarrierDependencies, createCarrier } from '../../src/carrier/carrier.ts';
import type { CarrierMessage } from '../../src/carrier/messages.ts';
import { type CopyLimits, copyLimits } from '../../src/limits.ts';
import { mountedFolder } from '../../src/mounted/folder.ts';
import type { WindowSeat } from '../../src/sharing/sharing.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { fastFolder } from './fast-folder.ts';
import { createInbox, type Inbox } from './inbox.ts';

/** A small grid, so that small files have many chunks. */
export const chunk = 65_536;

export const smallLimits: CopyLimits = {
  ...copyLimits,
  chunkBytes: chunk,
  pieceBytes: 16_384,
  chunksBetweenStats: 4,
  progressEveryMs: 0,
  followingProgressEveryMs: 50,
  watchEveryMs: 20,
  stallReportEveryMs: 50,
  settleWaitLastMs: 200,
  // Tests ask for it.
  readBackAtOnceBytes: -1,
  changeRestMs: 20,
  againPauseMs: 1,
  againPauseMaxMs: 4,
};

/** One carrier in this process between two folders, with what it reported. */
export interface CarrierFixture extends Pick<Inbox, 'reported' | 'next' | 'swept' | 'marked' | 'leftoverRemoved'> {
  readonly source: string;
  readonly destination: string;
  readonly carrier: Carrier;
  end(): Promise<void>;
}

export interface CarrierFixtureOptions {
  readonly route?: Partial<RouteSettings>;
  readonly limits?: Partial<CopyLimits>;
  readonly wrapSource?: (storage: Storage) => Storage;
  readonly wrapDestination?: (storage: Storage) => Storage;
  /** Of the destination; default: not known. */
  readonly hasRealInodes?: boolean;
  /** Whether both sides are disks of this machine, whose calls answer at once; default: they are. */
  readonly isOwnDisk?: boolean;
  /** Use the folders of another fixture: the process that made the copy has died. */
  readonly after?: CarrierFixture;
  /** The source of another fixture, and the windows that both share it by. */
  readonly sharedWith?: { readonly source: string; readonly windows: WindowSeat };
}

export async function carrierFixture(options: CarrierFixtureOptions = {}): Promise<CarrierFixture> {
  const root = options.after === undefined ? await mkdtemp(join(fastFolder(), 'sluice-copy-')) : null;
  const source = options.sharedWith?.source ?? options.after?.source ?? join(root ?? '', 'source');
  const destination = options.after?.destination ?? join(root ?? '', 'destination');
  await mkdir(source, { recursive: true });
  await mkdir(destination, { recursive: true });
  const inbox = createInbox();
  const same = (storage: Storage): Storage => storage;
  const isOwnDisk = (): boolean => options.isOwnDisk ?? true;
  const dependencies: CarrierDependencies = {
    source: (options.wrapSource ?? same)(mountedFolder(source, isOwnDisk, 'source')),
    destination: (options.wrapDestination ?? same)(mountedFolder(destination, isOwnDisk)),
    limits: { ...smallLimits, ...options.limits },
    sourceCacheMs: async () => 0,
    hasRealInodes: async () => options.hasRealInodes ?? false,
  };
  const channel = { isOpen: () => true, send: async (message: CarrierMessage) => inbox.put(message) };
  const init = { route: { ...routeFor(source, destination), ...options.route }, windows: options.sharedWith?.windows };
  const carrier = await createCarrier(init, channel, dependencies);
  const end = async (): Promise<void> => {
    carrier.end();
    inbox.end();
    if (root !== null) await rm(root, { recursive: true, force: true });
  };
  const { reported, next, swept, marked, leftoverRemoved } = inbox;
  return { source, destination, carrier, reported, next, swept, marked, leftoverRemoved, end };
}

export function routeFor(source: string, destination: string): RouteSettings {
  return routeSettings({
    source,
    destination,
    stableAfterMs: 100,
    stuckAfterMs: 60_000,
    scanEveryMs: 1_000,
    stallAfterMs: 5_000,
    stallMaxMs: 10_000,
    afterCopyWaitMs: 0,
    growing: { minSizeBytes: 1, safetyMarginBytes: chunk, pollMs: 10, quietForMs: 60 },
    space: { warnBelow: { bytes: 0 }, retryEveryMs: 1_000 },
    probe: { openMs: 1_000, deadlineMs: 1_000, settleMs: 1_000 },
  });
}

export const ids = {
  route: routeName('ingest'),
  fileId: fileId('01234567-0000-4000-8000-000000000001'),
  copyId: copyId('89abcdef-0000-4000-8000-000000000002'),
};

/** An order for `name`, into a part. */
export function orderFor(name: string, expected: Fingerprint, more: Partial<CopyOrder> = {}): CopyOrder {
  const slash = name.lastIndexOf('/') + 1;
  return {
    ...ids,
    source: name,
    sourceIdentity: null,
    destination: name,
    part: `${name.slice(0, slash)}.${name.slice(slash)}.01234567.part`,
    growing: false,
    expected,
    mode: 0o644,
    compare: false,
    removeFirst: [],
    mount: { path: '', mountId: null },
    ...more,
  };
}

/** How to publish what `copied` reported of. */
export function publishFor(
  order: CopyOrder,
  copied: Extract<CopyReport, { kind: 'copied' }>,
  more: Partial<PublishOrder> = {},
): PublishOrder {
  const { destination, part, mode, mount } = order;
  const { sizeBytes, mtimeNs } = copied.fingerprint;
  return { ...ids, destination, part, sizeBytes, mtimeNs, mode, hash: copied.hash, claim: null, mount, ...more };
}
