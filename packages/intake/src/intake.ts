import { lstat, statfs } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { type ChildChannel, runChild } from '@sluice/child';
import { limits as coreLimits, type Effect, type Event, type RouteSettings, type SourceEntry, type SourceStateName } from '@sluice/core';
import { codeOf, entryOf, type Listing, type ListingOptions, listSource, lookAt } from './listing.ts';
import { mountOfSource, type SourceMount } from './mount.ts';
import { createRules } from './rules.ts';
import { createTable } from './table.ts';
import { type Watch, watchSource } from './watch.ts';

export interface IntakeInit {
  readonly route: RouteSettings;
}

export type IntakeCommand = Extract<Effect, { kind: 'list_source' | 'look' }>;
type IntakeEventKind = 'source_state' | 'entries_seen' | 'paths_noticed' | 'looked' | 'listing_completed' | 'listing_failed';
export type IntakeMessage = Extract<Event, { kind: IntakeEventKind }>;

type Channel = ChildChannel<IntakeCommand, IntakeMessage>;

const batchEntries = 1_000;
const freeBytesEveryMs = 5_000;

/** The intake process: looks at one source, read-only, until its channel closes. */
export function runIntake(): void {
  runChild<IntakeInit, IntakeCommand, IntakeMessage>(({ route }, channel) => {
    const intake = createIntake(route, channel);
    channel.onMessage((command) => intake.take(command));
  });
}

/** Commands are done one at a time; changes are told before the answer that rests on them. */
function createIntake(route: RouteSettings, channel: Channel): { take(command: IntakeCommand): void } {
  const rules = createRules(route);
  const table = createTable();
  const waiting: IntakeCommand[] = [];
  let underWay: { readonly since: number; readonly operation: string } | null = null;
  let watching: Watch | null = null;
  let mayWatch = true;
  let rootKey: string | null = null;
  let told: { state: SourceStateName; freeBytes: number | null; at: number } | null = null;
  let mount: SourceMount = mountOfSource(route.source);

  const options = (): ListingOptions => ({ root: route.source, rules, stableAfterMs: route.stableAfterMs, now: Date.now() });
  const tell = (message: IntakeMessage): Promise<void> => channel.send(message);

  const tellState = async (state: SourceStateName, code: string | null, freeBytes: number | null): Promise<void> => {
    const isNews = told?.state !== state;
    const isDue = told === null || performance.now() - told.at >= freeBytesEveryMs;
    if (!isNews && !(isDue && told?.freeBytes !== freeBytes)) return;
    told = { state, freeBytes, at: performance.now() };
    const { cacheMs, description } = mount;
    await tell({ kind: 'source_state', route: route.name, state, code, freeBytes, cacheMs, description });
  };

  const tellEntries = async (entries: readonly SourceEntry[]): Promise<void> => {
    const news = table.news(entries);
    for (let at = 0; at < news.length; at += batchEntries) {
      await tell({ kind: 'entries_seen', route: route.name, entries: news.slice(at, at + batchEntries) });
    }
  };

  /** @throws the errno of the root */
  const lookAtRoot = async (): Promise<string> => {
    const facts = await lstat(route.source, { bigint: true });
    if (!facts.isDirectory()) throw Object.assign(new Error('no folder'), { code: 'ENOTDIR' });
    return `${facts.dev}:${facts.ino}`;
  };

  const list = async (command: Extract<IntakeCommand, { kind: 'list_source' }>): Promise<void> => {
    mount = mountOfSource(route.source);
    let key: string;
    try {
      key = await lookAtRoot();
    } catch (error) {
      await failed(command, codeOf(error) === 'ENOENT' ? 'missing' : 'unreadable', codeOf(error));
      return;
    }
    const listing = await listSource(options());
    if (listing.failure !== null) {
      await tellEntries(listing.entries);
      await failed(command, listing.failure === 'ENOENT' ? 'missing' : 'unreadable', listing.failure);
      return;
    }
    const wasFull = table.size() >= coreLimits.fullSourceEntries;
    const isOther = rootKey !== null && rootKey !== key;
    const isStrange = isOther && table.size() > 0 && !listing.entries.some(({ path }) => table.has(path));
    if ((listing.anything === 0 && wasFull) || isStrange) {
      await failed(command, 'suddenly_empty', isOther ? 'OTHER_ROOT' : 'EMPTY');
      return;
    }
    await completed(command, listing, key);
  };

  const completed = async (command: Extract<IntakeCommand, { kind: 'list_source' }>, listing: Listing, key: string): Promise<void> => {
    rearm(rootKey !== key);
    rootKey = key;
    await tellState('ok', null, await freeBytes());
    await tellEntries(listing.entries);
    const vanished = await trulyGone(table.missedTwice(listing.entries));
    const { youngEmptyCount } = listing;
    const entryCount = listing.entries.length;
    await tell({ kind: 'listing_completed', route: route.name, listingId: command.listingId, vanished, entryCount, youngEmptyCount });
  };

  const failed = async (command: Extract<IntakeCommand, { kind: 'list_source' }>, state: SourceStateName, code: string): Promise<void> => {
    await tellState(state, code, null);
    await tell({ kind: 'listing_failed', route: route.name, listingId: command.listingId, code });
  };

  /** ENOENT of the path itself; what merely changed into something that is left alone stays as it was. */
  const trulyGone = async (paths: readonly string[]): Promise<string[]> => {
    const gone: string[] = [];
    for (const path of paths) if (await isGone(path)) gone.push(path);
    for (const path of gone) table.forget(path);
    return gone;
  };

  const isGone = async (path: string): Promise<boolean> => {
    try {
      await lstat(`${route.source}/${path}`);
      return false;
    } catch (error) {
      return codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR';
    }
  };

  const look = async (command: Extract<IntakeCommand, { kind: 'look' }>): Promise<void> => {
    const present: string[] = [];
    const absent: string[] = [];
    const entries: SourceEntry[] = [];
    for (const path of command.paths) {
      try {
        const seen = await lookAt(options(), path);
        const isEmptied = seen?.left?.rule === 'empty' && table.has(path);
        if (seen === null || seen.looked.kind !== 'file' || (seen.left !== null && !isEmptied)) continue;
        present.push(path);
        entries.push(entryOf(seen, rules));
      } catch (error) {
        if (codeOf(error) === 'ENOENT' && (await rootIsSame())) absent.push(path);
      }
    }
    await tellEntries(entries);
    for (const path of absent) table.forget(path);
    await tell({ kind: 'looked', route: route.name, lookId: command.lookId, present, absent });
  };

  /** A path is only absent where the folder it is missing from is the one that was listed. */
  const rootIsSame = async (): Promise<boolean> => (await lookAtRoot().catch(() => null)) === rootKey;

  const freeBytes = async (): Promise<number | null> => {
    const disk = await statfs(route.source).catch(() => null);
    return disk === null || disk.blocks === 0 ? null : disk.bavail * disk.bsize;
  };

  /** On a network source watching tells of local changes only: it is listed instead. */
  const rearm = (isNew: boolean): void => {
    if (!isNew || !mayWatch || mount.isNetwork) return;
    watching?.close();
    watching = watchSource(
      route.source,
      rules,
      (paths) => {
        if (paths !== null) tell({ kind: 'paths_noticed', route: route.name, paths }).catch(() => undefined);
      },
      () => {
        mayWatch = false;
        watching = null;
      },
    );
  };

  const next = async (): Promise<void> => {
    for (let command = waiting.shift(); command !== undefined; command = waiting.shift()) {
      underWay = { since: performance.now(), operation: command.kind };
      if (command.kind === 'list_source') await list(command);
      else await look(command);
      underWay = null;
    }
  };

  const watchSilence = setInterval(() => {
    if (underWay === null || performance.now() - underWay.since < Math.max(route.stallAfterMs, 10_000)) return;
    if (told?.state === 'silent') return;
    tellState('silent', 'SILENT', null).catch(() => undefined);
  }, 1_000);
  channel.closed.addEventListener('abort', () => clearInterval(watchSilence));
  channel.setActivity(() =>
    underWay === null ? null : { operation: underWay.operation, side: 'source', sinceMs: performance.now() - underWay.since },
  );

  return {
    take(command) {
      waiting.push(command);
      if (underWay !== null || waiting.length > 1) return;
      next().catch((error: unknown) => {
        // The channel closed under it: the process is ending anyway. Anything else is a fault of the program.
        if (channel.isOpen()) throw error;
      });
    },
  };
}
