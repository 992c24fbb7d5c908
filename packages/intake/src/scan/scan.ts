import process from 'node:process';
import { createSourceDiff } from '@sluice/core';
import { limits, type RouteSettings, type Selection, type SourceEntry, type SourceStateName } from '@sluice/core/model';
import { errnoOf } from '@sluice/platform';
import { ListedDisks } from '../listing/disks.ts';
import { entryOf, type ListingOptions, statPath } from '../listing/folder.ts';
import { type Listing, listQuickly, listSource, type Tree } from '../listing/listing.ts';
import type { CheckCommand, IntakeCommand, IntakeMessage, ScanCommand } from '../messages.ts';
import { diskOf, unknownDisk } from '../mount.ts';
import type { Reports } from '../reports.ts';
import type { Rules } from '../rules/rules.ts';
import type { SourceWatch } from '../watch.ts';
import { gone, isOneDisk, isOneFolder, isStill, type Root, statRoot } from './root.ts';

/** What a scan or a check needs. */
export interface ScanDependencies {
  readonly route: RouteSettings;
  readonly rules: Rules;
  readonly memory: SourceMemory;
  readonly reports: Reports;
  readonly watch: SourceWatch;
  /** Called before each call to the source. */
  readonly onCall: () => void;
}

interface Failure {
  readonly state: SourceStateName;
  readonly code: string;
  readonly unreadPath: string | null;
}

/** Returns how the source is listed. @param root as it was found just now, or by the last scan */
export function listingOptions(
  { route, rules, reports, onCall }: ScanDependencies,
  { ownMarkers = [] }: IntakeCommand,
  root: Root | null,
): ListingOptions {
  const disks = root === null ? null : new ListedDisks(root.device, reports.hasRealInodes());
  const { source, stableAfterMs } = route;
  const isOwnDisk = root !== null && reports.isOnOwnDisk();
  return { root: source, rules, stableAfterMs, now: Date.now(), onCall, ownMarkers: new Set(ownMarkers), disks, isOwnDisk };
}

/** Lists the source and reports its state, what changed, and then the end of the scan. */
export async function scanSource(dependencies: ScanDependencies, command: ScanCommand): Promise<void> {
  const { route, memory, reports, watch } = dependencies;
  const startedAt = process.cpuUsage();
  // Files that Sluice itself has removed are not missing. If they are found again, they are new.
  memory.diff.forget(command.takenAway ?? []);
  memory.diff.reportAgain(command.again ?? []);
  // What the watch has not reported by now, this listing will find.
  const isOver = watch.takeOverflow();
  reports.readMount(route.source);
  let root: Root;
  try {
    root = await statRoot(route.source);
  } catch (error) {
    await reportFailure(dependencies, command, failureOf(errnoOf(error)));
    return;
  }
  // Reading the root may have mounted it, and its links are resolved now.
  reports.readMount(root.realPath);
  if (command.isQuick && !isOver && (await isScannedQuickly(dependencies, command, { root, startedAt }))) return;
  memory.remember(null);
  const listing = await listSource(listingOptions(dependencies, command, root));
  await judge(dependencies, { ...command, emptyIsMeant: command.emptyIsMeant && !reports.isSilent() }, listing, { root, startedAt });
}

/**
 * Judges a complete listing. @param command `emptyIsMeant` only if the source has answered since an operator confirmed that files
 * were removed
 */
async function judge(dependencies: ScanDependencies, command: ScanCommand, listing: Listing, begun: Begun): Promise<void> {
  const { route, memory, reports } = dependencies;
  const { root } = begun;
  if (listing.failure !== null && listing.unread === null) {
    await reports.entries(memory.diff.some(listing.entries));
    await reportFailure(dependencies, command, failureOf(listing.failure, listing.unreadPath));
  } else if (!command.emptyIsMeant && memory.isStrange(listing, root, command)) await reportStrange(dependencies, command, listing, root);
  else if (await isStill(route.source, root)) await complete(dependencies, command, listing, begun);
  // Part of the listing is of the earlier root. The next scan lists the present one.
  else await reports.send({ kind: 'listing_failed', route: route.name, listingId: command.listingId, code: 'OTHER_ROOT' });
}

/**
 * Reports files of a strange root, so that they are copied. The known files do not count as missing, because they may still be on
 * the other disk.
 */
async function reportStrange(dependencies: ScanDependencies, command: ScanCommand, { entries }: Listing, root: Root): Promise<void> {
  const { memory, reports } = dependencies;
  memory.addStrangers(entries);
  await reports.entries(memory.diff.some(entries));
  const code = memory.root === null || isOneDisk(memory.root, root) ? 'EMPTY' : 'OTHER_ROOT';
  await reportFailure(dependencies, command, { state: 'suddenly_empty', code, unreadPath: null });
}

interface Begun {
  readonly root: Root;
  /** Processor time. */
  readonly startedAt: NodeJS.CpuUsage;
}

async function complete(dependencies: ScanDependencies, command: ScanCommand, listing: Listing, begun: Begun): Promise<void> {
  const { route, memory, reports, watch } = dependencies;
  const { entries, youngEmptyCount, selection } = listing;
  const { root } = begun;
  const isOtherRoot = memory.acceptRoot(root);
  reports.isListed(root);
  const disk = await diskOf(route.source);
  const unread = listing.unread ?? [];
  if (listing.failure === null) await reports.state('ok', watch.exhausted, disk);
  else await reports.state('unreadable', listing.failure, disk, listing.unreadPath);
  // Where nothing is known yet, all of it is news: that can be said before it is compared and before a watch begins, which take a third
  // as long as the listing.
  const isFirst = memory.diff.size() === 0;
  if (isFirst) await reports.listed(entries.length, entries.length);
  if (isOtherRoot) restartWatch(dependencies);
  const { news, missedTwice: missed } = memory.diff.all(entries, unread);
  if (!isFirst) await reports.listed(entries.length, news.length);
  await reports.entries(news);
  // If an operator has confirmed that files were removed, one listing is enough.
  const missedTwice = command.emptyIsMeant ? memory.diff.all(entries, unread).missedTwice : missed;
  if (listing.failure === null) memory.remember({ tree: listing.tree, selection, ownMarkers: markersText(command) });
  const counted = {
    entryCount: entries.length,
    youngEmptyCount,
    selection,
    ...(unread.length === 0 ? {} : { unread }),
    ...asideOf(listing),
  };
  await end(dependencies, command, { missedTwice, begun, isQuick: false, counted });
}

function asideOf({ aside }: Listing): Pick<Completed, 'aside'> {
  return aside.length === 0 ? {} : { aside };
}

/** Lists what came and went since the last complete scan. @returns false if a full listing is needed; then nothing was reported */
async function isScannedQuickly(dependencies: ScanDependencies, command: ScanCommand, begun: Begun): Promise<boolean> {
  const { route, memory, reports, watch } = dependencies;
  const { found } = memory;
  const { root } = begun;
  if (found === null || memory.root === null || !isOneFolder(memory.root, root)) return false;
  if (found.ownMarkers !== markersText(command)) return false;
  const listing = await listQuickly(listingOptions(dependencies, command, root), found.tree);
  // Only a full listing can judge that a full source is empty now.
  if (listing === null || listing.anything === 0 || !(await isStill(route.source, root))) return false;
  await reports.state('ok', watch.exhausted, await diskOf(route.source));
  const { news, missedTwice } = memory.diff.part(listing.entries, listing.lacking);
  await reports.entries(news);
  const counted = { entryCount: listing.entryCount, youngEmptyCount: 0, selection: found.selection };
  await end(dependencies, command, { missedTwice, begun, isQuick: true, counted });
  return true;
}

interface Ending {
  readonly missedTwice: readonly string[];
  readonly begun: Begun;
  readonly isQuick: boolean;
  readonly counted: Pick<Completed, 'entryCount' | 'youngEmptyCount' | 'selection' | 'unread' | 'aside'>;
}

type Completed = Extract<IntakeMessage, { kind: 'listing_completed' }>;

async function end({ route, memory, reports }: ScanDependencies, command: ScanCommand, ending: Ending): Promise<void> {
  const { missedTwice, begun, isQuick, counted } = ending;
  const missing = await gone(route.source, missedTwice);
  const vanished = missing.length > 0 && (await isStill(route.source, begun.root)) ? missing : [];
  memory.diff.forget(vanished);
  const { user, system } = process.cpuUsage(begun.startedAt);
  const processorMs = Math.round((user + system) / 1_000);
  const { listingId } = command;
  await reports.send({ kind: 'listing_completed', route: route.name, listingId, vanished, isQuick, processorMs, ...counted });
}

function markersText({ ownMarkers = [] }: ScanCommand): string {
  return [...ownMarkers].sort().join();
}

/** On a network source a watch would notice only local changes, so the source is scanned instead. */
function restartWatch({ reports, watch }: ScanDependencies): void {
  if (reports.isOnNetwork()) watch.stop();
  else watch.restart();
}

async function reportFailure({ route, reports }: ScanDependencies, command: ScanCommand, failure: Failure): Promise<void> {
  const { state, code, unreadPath } = failure;
  await reports.state(state, code, unknownDisk, unreadPath);
  await reports.send({ kind: 'listing_failed', route: route.name, listingId: command.listingId, code });
}

function failureOf(code: string, unreadPath: string | null = null): Failure {
  return { state: code === 'ENOENT' ? 'missing' : 'unreadable', code, unreadPath };
}

/** What a complete scan found, for a quick one after it. */
export interface Found {
  readonly tree: Tree;
  readonly selection: Selection;
  /** The destinations of the agent that were known then, as one text. */
  readonly ownMarkers: string;
}

/** What core expects of a listing. */
export interface Expected {
  readonly unseen?: number;
  readonly nothingWaits?: boolean;
}

/** What the process knows about its source from earlier scans. */
export class SourceMemory {
  readonly diff = createSourceDiff();
  #root: Root | null = null;
  /** Paths first seen under a strange root. Finding them does not prove that the root is the known one. */
  readonly #strangers = new Set<string>();

  /** What the last complete scan found. Null: a quick one is not possible. */
  #found: Found | null = null;

  get found(): Found | null {
    return this.#found;
  }

  /** Remembers the result of a scan. @param found null if it was not complete */
  remember(found: Found | null): void {
    this.#found = found;
  }

  /** The root of the last complete scan. */
  get root(): Root | null {
    return this.#root;
  }

  /**
   * Returns whether a full source is empty now, or another disk has none of the known files.
   * @param unseen files that an earlier process knew, and this one has not seen
   * @param nothingWaits everything that was known is copied: another disk with files, such as the next card, then counts as the
   * source
   */
  isStrange({ anything, entries }: Listing, root: Root, { unseen = 0, nothingWaits = false }: Expected = {}): boolean {
    if (anything === 0 && (unseen > 0 || this.diff.size() >= limits.fullSourceEntries)) return true;
    if (this.#root === null || isOneDisk(this.#root, root) || this.diff.size() === 0) return false;
    if (nothingWaits && entries.length > 0) return false;
    return !entries.some(({ path }) => this.diff.has(path) && !this.#strangers.has(path));
  }

  /** To be called before the diff takes in these entries of a strange root. */
  addStrangers(entries: readonly SourceEntry[]): void {
    for (const { path } of entries) if (!this.diff.has(path)) this.#strangers.add(path);
  }

  /** Makes this the known root. @returns whether another root was known, or none */
  acceptRoot(root: Root): boolean {
    const isOther = this.#root === null || !isOneFolder(this.#root, root);
    if (isOther) this.diff.doubtMissing();
    this.#root = root;
    this.#strangers.clear();
    return isOther;
  }
}

/** Reads the metadata of single paths, and reports changes before the answer. */
export async function checkPaths(dependencies: ScanDependencies, command: CheckCommand): Promise<void> {
  const { route, memory, reports } = dependencies;
  const options = listingOptions(dependencies, command, memory.root);
  const present: string[] = [];
  const missing: string[] = [];
  const entries: SourceEntry[] = [];
  /** Not in the memory, which has only what a listing takes in: a file may have been emptied before this process began. */
  const empty: SourceEntry[] = [];
  for (const path of command.paths) {
    try {
      const seen = await statPath(options, path);
      const isEmpty = seen?.left?.rule === 'empty';
      if (seen === null || seen.entry.kind !== 'file' || (seen.left !== null && !isEmpty)) continue;
      present.push(path);
      (isEmpty && !memory.diff.has(path) ? empty : entries).push(entryOf(seen, options));
    } catch (error) {
      if (errnoOf(error) === 'ENOENT' && memory.diff.isLackedTwice(path)) missing.push(path);
    }
  }
  // A check alone proves no removal: a program that saves a file removes it for a moment. A name that is not valid text is never
  // found under the text that is shown. And another folder than the scanned one may be at the source's path.
  const absent = missing.length > 0 && (await isStill(route.source, memory.root)) ? missing : [];
  await reports.entries([...memory.diff.some(entries), ...empty]);
  await reports.send({ kind: 'paths_checked', route: route.name, checkId: command.checkId, present, absent });
}
