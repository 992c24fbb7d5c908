import { performance } from 'node:perf_hooks';
import { type ChildChannel, runChild } from '@sluice/child';
import {
  createSourceDiff,
  type Effect,
  type Event,
  limits,
  type RouteSettings,
  type SourceEntry,
  type SourceStateName,
} from '@sluice/core';
import { codeOf, entryOf, type Listing, type ListingOptions, listSource, lookAt } from './listing.ts';
import { mountOfSource } from './mount.ts';
import { freeBytesOf, gone, isStill, lookAtRoot, type Root } from './root.ts';
import { createRules } from './rules.ts';
import { createToldState } from './source-state.ts';
import { type Watch, watchSource } from './watch.ts';

export interface IntakeInit {
  readonly route: RouteSettings;
}

export type IntakeCommand = Extract<Effect, { kind: 'list_source' | 'look' }>;
type IntakeEventKind = 'source_state' | 'entries_seen' | 'paths_noticed' | 'looked' | 'listing_completed' | 'listing_failed';
export type IntakeMessage = Extract<Event, { kind: IntakeEventKind }>;

type Channel = ChildChannel<IntakeCommand, IntakeMessage>;
type ListCommand = Extract<IntakeCommand, { kind: 'list_source' }>;
type LookCommand = Extract<IntakeCommand, { kind: 'look' }>;

const batchEntries = 1_000;
const silenceEveryMs = 500;

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
  const diff = createSourceDiff();
  const told = createToldState();
  const waiting: IntakeCommand[] = [];
  /** Told while something else lay there: no evidence that the source is the one it was. */
  const strangers = new Set<string>();
  /** The call that is outstanding, or the last one. */
  let underWay: { since: number; readonly operation: string } | null = null;
  let watching: Watch | null = null;
  /** Why there is no watching any more. */
  let exhausted: string | null = null;
  let known: Root | null = null;
  let mount = mountOfSource(route.source);

  const onCall = (): void => {
    if (underWay !== null) underWay.since = performance.now();
  };
  const options = (): ListingOptions => ({ root: route.source, rules, stableAfterMs: route.stableAfterMs, now: Date.now(), onCall });
  /** An agent that does not read is no silence of the source. */
  let telling = 0;
  const tell = async (message: IntakeMessage): Promise<void> => {
    telling += 1;
    await channel.send(message).finally(() => {
      telling -= 1;
      onCall();
    });
  };

  const tellState = async (
    state: SourceStateName,
    code: string | null,
    freeBytes: number | null,
    unreadPath: string | null = null,
  ): Promise<void> => {
    const { cacheMs, description } = mount;
    const facts = { state, code, unreadPath, freeBytes, cacheMs, description };
    if (told.isNews(facts)) await tell({ kind: 'source_state', route: route.name, ...facts });
  };

  const tellEntries = async (news: readonly SourceEntry[]): Promise<void> => {
    for (let at = 0; at < news.length; at += batchEntries) {
      await tell({ kind: 'entries_seen', route: route.name, entries: news.slice(at, at + batchEntries) });
    }
  };

  const list = async (command: ListCommand): Promise<void> => {
    mount = mountOfSource(route.source);
    let root: Root;
    try {
      root = await lookAtRoot(route.source);
    } catch (error) {
      await failed(command, codeOf(error) === 'ENOENT' ? 'missing' : 'unreadable', codeOf(error));
      return;
    }
    // The look itself may have had it mounted, and tells where its links lead.
    mount = mountOfSource(root.realPath);
    const listing = await listSource(options());
    if (listing.failure !== null) {
      await tellEntries(diff.some(listing.entries));
      await failed(command, listing.failure === 'ENOENT' ? 'missing' : 'unreadable', listing.failure, listing.unreadPath);
    } else if (!command.emptyIsMeant && isStrange(listing, root)) await estranged(command, listing, root);
    else if (await isStill(route.source, root)) await completed(command, listing, root);
    // Some of it is of what lay there before: the next listing says what lies there now.
    else await tell({ kind: 'listing_failed', route: route.name, listingId: command.listingId, code: 'OTHER_ROOT' });
  };

  /** A full source found empty, or nothing of what was known on what is another disk, or none. */
  const isStrange = ({ anything, entries }: Listing, root: Root): boolean => {
    if (anything === 0 && diff.size() >= limits.fullSourceEntries) return true;
    if (known === null || known.device === root.device || diff.size() === 0) return false;
    return !entries.some(({ path }) => diff.has(path) && !strangers.has(path));
  };

  /** What is there is carried, whatever it is; what is not there may be where it always was. */
  const estranged = async (command: ListCommand, { entries }: Listing, root: Root): Promise<void> => {
    for (const { path } of entries) if (!diff.has(path)) strangers.add(path);
    await tellEntries(diff.some(entries));
    await failed(command, 'suddenly_empty', known?.device === root.device ? 'EMPTY' : 'OTHER_ROOT');
  };

  const completed = async (command: ListCommand, { entries, youngEmptyCount }: Listing, root: Root): Promise<void> => {
    if (known?.key !== root.key) {
      diff.doubtMissing();
      rearm();
    }
    known = root;
    strangers.clear();
    const freeBytes = await freeBytesOf(route.source);
    await tellState('ok', exhausted, freeBytes);
    const { news, missedTwice: missed } = diff.all(entries);
    await tellEntries(news);
    // On an operator's word one listing is proof enough.
    const missedTwice = command.emptyIsMeant ? diff.all(entries).missedTwice : missed;
    const missing = await gone(route.source, missedTwice);
    const vanished = missing.length > 0 && (await isStill(route.source, root)) ? missing : [];
    diff.forget(vanished);
    const { listingId } = command;
    await tell({ kind: 'listing_completed', route: route.name, listingId, vanished, entryCount: entries.length, youngEmptyCount });
  };

  const failed = async (command: ListCommand, state: SourceStateName, code: string, unreadPath: string | null = null): Promise<void> => {
    await tellState(state, code, null, unreadPath);
    await tell({ kind: 'listing_failed', route: route.name, listingId: command.listingId, code });
  };

  const look = async (command: LookCommand): Promise<void> => {
    const present: string[] = [];
    const missing: string[] = [];
    const entries: SourceEntry[] = [];
    for (const path of command.paths) {
      try {
        const seen = await lookAt(options(), path);
        const isEmptied = seen?.left?.rule === 'empty' && diff.has(path);
        if (seen === null || seen.looked.kind !== 'file' || (seen.left !== null && !isEmptied)) continue;
        present.push(path);
        entries.push(entryOf(seen, rules));
      } catch (error) {
        if (codeOf(error) === 'ENOENT' && diff.isLackedTwice(path)) missing.push(path);
      }
    }
    // A look alone takes nothing away: whoever saves a file anew removes it for a moment, a name that is no text is never
    // found under the one that is shown, and another folder than the one that was listed may lie there.
    const absent = missing.length > 0 && (await isStill(route.source, known)) ? missing : [];
    await tellEntries(diff.some(entries));
    await tell({ kind: 'looked', route: route.name, lookId: command.lookId, present, absent });
  };

  /** On a network source watching tells of local changes only: it is listed instead. */
  const rearm = (): void => {
    watching?.close();
    watching = null;
    if (exhausted !== null || mount.isNetwork) return;
    watching = watchSource(
      route.source,
      rules,
      (paths) => {
        channel.send({ kind: 'paths_noticed', route: route.name, paths }).catch(() => undefined);
      },
      (code) => {
        exhausted = code;
        watching = null;
        const last = told.last();
        if (last?.state === 'ok') tellState('ok', code, last.freeBytes).catch(() => undefined);
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

  /** A source that leaves a call unanswered for as long as a destination may leave a probe. */
  const silentAfterMs = Math.max(route.stallAfterMs, route.probe.deadlineMs);
  const listen = setInterval(() => {
    if (underWay === null || telling > 0 || performance.now() - underWay.since < silentAfterMs) return;
    tellState('silent', 'SILENT', null).catch(() => undefined);
  }, silenceEveryMs);
  channel.closed.addEventListener('abort', () => clearInterval(listen));
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
