import type { RouteSettings, SourceStateName } from '@sluice/core/model';
import { errnoOf } from '@sluice/platform';
import { type Listing, type ListingOptions, listSource } from '../listing.ts';
import type { IntakeCommand, ScanCommand } from '../messages.ts';
import type { Reports } from '../reports.ts';
import { freeBytesOf, gone, isStill, type Root, statRoot } from '../root.ts';
import type { Rules } from '../rules.ts';
import type { SourceWatch } from '../watch.ts';
import type { SourceMemory } from './memory.ts';

/** What a scan or a check works with. */
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

/** @param root as it was found just now, or by the last scan */
export function listingOptions(
  { route, rules, reports, onCall }: ScanDependencies,
  { ownMarkers = [] }: IntakeCommand,
  root: Root | null,
): ListingOptions {
  const identityDevice = root !== null && reports.hasRealInodes() ? root.device : null;
  const { source, stableAfterMs } = route;
  return { root: source, rules, stableAfterMs, now: Date.now(), onCall, ownMarkers: new Set(ownMarkers), identityDevice };
}

/** Lists the source and reports its state, what changed, and then the end of the scan. */
export async function scanSource(dependencies: ScanDependencies, command: ScanCommand): Promise<void> {
  const { route, memory, reports } = dependencies;
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
  const listing = await listSource(listingOptions(dependencies, command, root));
  if (listing.failure !== null && listing.unread === null) {
    await reports.entries(memory.diff.some(listing.entries));
    await reportFailure(dependencies, command, failureOf(listing.failure, listing.unreadPath));
  } else if (!command.emptyIsMeant && memory.isStrange(listing, root, command.nothingWaits))
    await reportStrange(dependencies, command, listing, root);
  else if (await isStill(route.source, root)) await complete(dependencies, command, listing, root);
  // Part of the listing is of the root before: the next scan says what the present one holds.
  else await reports.send({ kind: 'listing_failed', route: route.name, listingId: command.listingId, code: 'OTHER_ROOT' });
}

/** Files of a strange root are reported, and so will be copied. The known ones are not missing: they may be where they always were. */
async function reportStrange(dependencies: ScanDependencies, command: ScanCommand, { entries }: Listing, { device }: Root): Promise<void> {
  const { memory, reports } = dependencies;
  memory.addStrangers(entries);
  await reports.entries(memory.diff.some(entries));
  const code = memory.root?.device === device ? 'EMPTY' : 'OTHER_ROOT';
  await reportFailure(dependencies, command, { state: 'suddenly_empty', code, unreadPath: null });
}

async function complete(dependencies: ScanDependencies, command: ScanCommand, listing: Listing, root: Root): Promise<void> {
  const { route, memory, reports, watch } = dependencies;
  const { entries, youngEmptyCount, selection } = listing;
  if (memory.acceptRoot(root)) restartWatch(dependencies);
  const freeBytes = await freeBytesOf(route.source);
  const unread = listing.unread ?? [];
  if (listing.failure === null) await reports.state('ok', watch.exhausted, freeBytes);
  else await reports.state('unreadable', listing.failure, freeBytes, listing.unreadPath);
  const { news, missedTwice: missed } = memory.diff.all(entries, unread);
  await reports.entries(news);
  // Where an operator says that files were removed, one listing is enough.
  const missedTwice = command.emptyIsMeant ? memory.diff.all(entries, unread).missedTwice : missed;
  const missing = await gone(route.source, missedTwice);
  const vanished = missing.length > 0 && (await isStill(route.source, root)) ? missing : [];
  memory.diff.forget(vanished);
  const counted = { entryCount: entries.length, youngEmptyCount, selection, ...(unread.length === 0 ? {} : { unread }) };
  await reports.send({ kind: 'listing_completed', route: route.name, listingId: command.listingId, vanished, ...counted });
}

/** On a network source a watch notices local changes only: it is scanned instead. */
function restartWatch({ reports, watch }: ScanDependencies): void {
  if (reports.isOnNetwork()) watch.stop();
  else watch.restart();
}

async function reportFailure({ route, reports }: ScanDependencies, command: ScanCommand, failure: Failure): Promise<void> {
  const { state, code, unreadPath } = failure;
  await reports.state(state, code, null, unreadPath);
  await reports.send({ kind: 'listing_failed', route: route.name, listingId: command.listingId, code });
}

function failureOf(code: string, unreadPath: string | null = null): Failure {
  return { state: code === 'ENOENT' ? 'missing' : 'unreadable', code, unreadPath };
}
