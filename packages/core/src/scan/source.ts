import type { Event } from '../messages/event.ts';
import { unreachable } from '../model/assert.ts';
import {
  type CompletedFile,
  isBeingRemoved,
  isEnded,
  isSourceRemoved,
  type SourceEntry,
  statuses,
  type TrackedFile,
} from '../model/file.ts';
import { checkId, identityText, isOtherFile, listingId, sameFingerprint } from '../model/ids.ts';
import type { Selection } from '../model/left-alone.ts';
import { limits } from '../model/limits.ts';
import { foundAside } from '../removal/hidden-files.ts';
import { noteSourceFile } from '../state/names.ts';
import { noteSeen, sourceIdentity } from '../state/sightings.ts';
import { type CoreState, isLeft, type Listing, leftFileOf, newestOf, type RouteState } from '../state/state.ts';
import { ask, noteRoute, refresh, type Work, wantCheck } from '../state/work.ts';
import { isEmptied, noteEmptied, observeCompleted } from '../states/completed.ts';
import { discover } from '../states/discovered.ts';
import { rediscover } from '../states/failed.ts';
import { endRecordings, isUnsettled, observeReady, observeUnsettled, observeWaiting, unmoved } from '../states/growing.ts';
import { absentAll } from './absent.ts';
import { cameBack, observeNext } from './came-back.ts';
import { checkFoundGone, seenThere } from './found-gone.ts';
import { isLeftAlone, noteQuietListing } from './idle.ts';
import { fullyListed, pursueSettling } from './settling.ts';

type Of<Kind extends Event['kind']> = Extract<Event, { kind: Kind }>;

/** Requests a listing or a check if one is due and none is running. */
export function pursueScan(work: Work, route: RouteState): void {
  const { scanning } = route;
  if (scanning.listing === null && (work.at >= scanning.nextListingAt || scanning.wantsFullListing)) startListing(work, route);
  pursueSettling(work, route);
  if (isWalkDue(route)) askForUnseen(work, route);
  const isWanted = scanning.pathsToCheck.size > 0 || scanning.wantsEvidence;
  if (scanning.check === null && isWanted) startCheck(work, route);
}

function startListing(work: Work, route: RouteState): void {
  const id = listingId(work.ids.fresh());
  const { scanning } = route;
  const isQuick = isQuickEnough(work, route);
  scanning.listing = { id, requestedAt: work.at, isQuick, emptyIsMeant: scanning.emptyIsMeant };
  // A full listing sees all files. A quick listing sees only names, so the files that have to come to rest are checked as well.
  if (!isQuick) scanning.pathsToCheck.clear();
  route.removals.givenUp.clear();
  scanning.wantsFullListing = false;
  scanning.wantsEvidence = isQuick;
  const { emptyIsMeant } = scanning;
  const unseen = unseenOf(work, route);
  // What a running check will find is not known yet.
  const nothingWaits = scanning.check === null && statuses.every((status) => route.byStatus[status].size === 0);
  const asked = { route: route.settings.name, listingId: id, emptyIsMeant, isQuick, nothingWaits };
  const takenAway = [...route.removals.takenAway];
  route.removals.takenAway.clear();
  const again = [...scanning.again];
  scanning.again.clear();
  ask(work, {
    kind: 'list_source',
    ...asked,
    ...(unseen === 0 ? {} : { unseen }),
    ...(takenAway.length === 0 ? {} : { takenAway }),
    ...(again.length === 0 ? {} : { again }),
  });
}

/**
 * Returns whether a quick listing is enough. Full listings of many files would exceed `scan_share`; between them, a quick listing
 * only looks for names that appeared or disappeared.
 */
function isQuickEnough(work: Work, route: RouteState): boolean {
  const { scanning } = route;
  if (work.at >= scanning.nextFullListingAt || scanning.completedListings < 2) return false;
  if (scanning.emptyIsMeant || scanning.wantsFullListing) return false;
  // Only a full listing shows that nothing is left to do.
  if (work.state.untilIdle && isLeftAlone(work.state, route)) return false;
  const moving = movingPaths(work.state, route);
  return moving !== null && scanning.pathsToCheck.size + moving.length <= limits.checkPaths;
}

/** Returns the paths that have to come to rest. @returns null if they are too many to be checked by name */
function movingPaths({ files }: CoreState, { byStatus, readyGrowing, rechecks }: RouteState): readonly string[] | null {
  if (byStatus.DISCOVERED.size + byStatus.GROWING.size + readyGrowing.size + rechecks.size > limits.checkPaths) return null;
  const paths = [...rechecks.values()].map(({ entry }) => entry.path);
  for (const ids of [byStatus.DISCOVERED, byStatus.GROWING, readyGrowing]) {
    for (const id of ids) paths.push(files.get(id)?.source ?? '');
  }
  return paths;
}

/** Sets when the next listings are due, so that all of them together take no more than `scan_share` of a processor core. */
function schedule(route: RouteState, asked: Listing, { isQuick, processorMs }: Of<'listing_completed'>): void {
  const { scanning, settings } = route;
  const share = settings.scanShare * (isQuick ? limits.quickShare : limits.fullShare);
  const spacingMs = Math.max(settings.scanEveryMs, processorMs / share);
  if (!isQuick) scanning.nextFullListingAt = asked.requestedAt + spacingMs;
  const wasRefused = asked.isQuick && !isQuick;
  // A quick listing may follow soon after a full one that was requested as such, and after the first full one that replaced a
  // quick one.
  const mayFollow = !isQuick && !(wasRefused && scanning.wasQuickRefused);
  scanning.wasQuickRefused = wasRefused;
  scanning.nextListingAt = asked.requestedAt + (mayFollow ? settings.scanEveryMs : spacingMs);
}

/** Returns the number of paths not seen yet, or 0 if all their files have ended: then no waiting file can be lost. */
function unseenOf(work: Work, { scanning, newest }: RouteState): number {
  for (const path of scanning.unconfirmed) {
    const id = newest.get(path);
    const file = id === undefined ? undefined : work.state.files.get(id);
    if (file !== undefined && !isEnded(file.status)) return scanning.unconfirmed.size;
  }
  return 0;
}

function startCheck(work: Work, route: RouteState): void {
  const { scanning } = route;
  const moving = scanning.wantsEvidence ? movingPaths(work.state, route) : null;
  scanning.wantsEvidence = false;
  const paths = [...new Set([...scanning.pathsToCheck, ...(moving ?? [])])];
  scanning.pathsToCheck.clear();
  if (paths.length === 0) return;
  const id = checkId(work.ids.fresh());
  scanning.check = { id, requestedAt: work.at, evidenceOf: moving === null ? null : paths.length };
  ask(work, { kind: 'check_paths', route: route.settings.name, checkId: id, paths });
}

/** Returns when this route's scanning next needs a `tick`. Monotonic milliseconds. */
export function scanWake(route: RouteState): number {
  if (route.scanning.settling !== null || isWalkDue(route)) return Number.NEGATIVE_INFINITY;
  return route.scanning.listing === null ? route.scanning.nextListingAt : Number.POSITIVE_INFINITY;
}

/** Notes how many files a listing has found. Until they are reported, the state has only a part of them. */
export function sourceListed({ source }: RouteState, { files }: Of<'source_listed'>): void {
  source.listedFiles = files;
}

/** Applies entries that the intake reports. */
export function entriesSeen(work: Work, route: RouteState, { entries }: Of<'entries_seen'>): void {
  const { ended } = work.state;
  if (ended === null) observeAll(work, route, entries);
  else ended.aboutAll(route.settings.name, entries, () => observeAll(work, route, entries));
}

function observeAll(work: Work, route: RouteState, entries: readonly SourceEntry[]): void {
  for (const entry of entries) {
    route.scanning.unconfirmed.delete(entry.path);
    // A new file has the path since Sluice took the earlier one away. The intake must not forget that it has reported it.
    route.removals.takenAway.delete(entry.path);
    route.scanning.again.delete(entry.path);
    const id = route.newest.get(entry.path);
    const left = id === undefined ? leftFileOf(work.state, route, entry.path) : null;
    if (left !== null) route.seen.add(left.number);
    if (left !== null && sameFingerprint(left.file.fingerprint, entry.fingerprint)) observeCopied(work, route, left.file, entry);
    else observe(work, route, entry, id === undefined ? (left?.file ?? null) : (work.state.files.get(id) ?? null));
  }
}

/** Requests a check of each path that a watch noticed. */
export function pathsNoticed(route: RouteState, event: Of<'paths_noticed'>): void {
  for (const path of event.paths) wantCheck(route, path);
}

/** Applies the result of a check of paths. */
export function pathsChecked(work: Work, route: RouteState, event: Of<'paths_checked'>): void {
  const { check } = route.scanning;
  if (check?.id !== event.checkId) return;
  route.scanning.check = null;
  const isAnswered = check.evidenceOf === event.present.length + event.absent.length;
  if (isAnswered) route.scanning.evidenceAt = Math.max(route.scanning.evidenceAt, check.requestedAt);
  for (const path of event.present) {
    if (route.foundGone.size > 0) seenThere(work, route, path);
    atRest(work, route, path, check.requestedAt);
  }
  absentAll(work, route, event.absent);
  if (isAnswered) endRecordings(work, route, []);
  if (route.scanning.completedListings >= 2) askForUnconfirmed(work, route);
}

/** Applies the end of a listing. A listing that was not requested, or was replaced, is ignored. */
export function listingCompleted(work: Work, route: RouteState, event: Of<'listing_completed'>): void {
  const { scanning } = route;
  if (scanning.listing?.id !== event.listingId) return;
  const asked = scanning.listing;
  scanning.listing = null;
  route.source.listedFiles = null;
  schedule(route, asked, event);
  scanning.completedListings += 1;
  // If an operator says that files were removed, one listing is enough.
  const areAllSeen = scanning.completedListings >= 2 || asked.emptyIsMeant;
  if (asked.emptyIsMeant) scanning.emptyIsMeant = false;
  route.source.lastListingAt = work.wall;
  noteSelection(work, route, event.selection);
  absentAll(work, route, event.vanished);
  checkFoundGone(work, route);
  if (event.isQuick) return;
  fullyListed(work, route, asked.requestedAt, event);
  foundAside(work, route, event.aside ?? []);
  if (areAllSeen) askForUnconfirmed(work, route);
  noteQuietListing(work, route, asked.requestedAt, event.youngEmptyCount);
}

/** Records the files that are left alone, once after the agent started. Later changes are only in the route's state. */
function noteSelection(work: Work, route: RouteState, selection: Selection): void {
  const { source } = route;
  source.selection = selection;
  if (source.isSelectionNoted || (selection.leftAlone.length === 0 && selection.unmatched.length === 0)) return;
  source.isSelectionNoted = true;
  noteRoute(work, route, { kind: 'left_alone', ...selection });
}

/**
 * Checks files of an earlier run by name, as many as one check may have. The current intake child has not seen them, so they may
 * be gone.
 */
function askForUnconfirmed(work: Work, route: RouteState): void {
  const { scanning } = route;
  for (const path of scanning.unconfirmed) {
    if (scanning.pathsToCheck.size >= limits.checkPaths) return;
    scanning.pathsToCheck.add(path);
    scanning.unconfirmed.delete(path);
  }
  askForUnseen(work, route);
}

/** Checks a part of the files that are left to the journal. There may be millions. */
function askForUnseen({ state }: Work, route: RouteState): void {
  const { scanning } = route;
  const walk = scanning.endedWalk;
  if (walk === null || state.ended === null) return;
  const { paths, next } = state.ended.after(route.settings.name, walk.after, limits.confirmedFiles);
  for (const { number, source } of paths) {
    if (scanning.pathsToCheck.size >= limits.checkPaths || number > walk.until) break;
    walk.after = number;
    if (!route.seen.has(number) && isLeft(state, route, source, number)) scanning.pathsToCheck.add(source);
  }
  if (scanning.pathsToCheck.size >= limits.checkPaths) return;
  if (next === null || next >= walk.until) scanning.endedWalk = null;
  else walk.after = next;
}

/** Returns whether files that are left to the journal have to be confirmed and no check for them is running or planned. */
function isWalkDue({ scanning }: RouteState): boolean {
  return scanning.endedWalk !== null && scanning.completedListings >= 2 && scanning.check === null && scanning.pathsToCheck.size === 0;
}

/** Applies the failure of a listing. */
export function listingFailed(work: Work, route: RouteState, event: Of<'listing_failed'>): void {
  const { listing } = route.scanning;
  if (listing?.id !== event.listingId) return;
  // The operator's statement was about the source as it was then, not about what a later listing finds.
  if (listing.emptyIsMeant) route.scanning.emptyIsMeant = false;
  route.scanning.listing = null;
  route.source.listedFiles = null;
  route.scanning.wasQuickRefused = false;
  route.scanning.nextListingAt = work.at + Math.min(route.settings.scanEveryMs, 1_000);
  route.quiet.sinceListingAt = null;
}

/**
 * Applies a restart of the intake child. A new child reports everything that it sees; what it does not report has to be checked
 * by name.
 */
export function intakeRestarted(work: Work, route: RouteState): void {
  route.scanning.listing = null;
  route.source.listedFiles = null;
  route.scanning.check = null;
  route.scanning.nextListingAt = work.at;
  route.scanning.completedListings = 0;
  confirmAgain(work, route);
}

/** Marks every path that is thought to be at the source as not confirmed. */
export function confirmAgain(work: Work, route: RouteState): void {
  route.scanning.unconfirmed.clear();
  for (const [path, id] of route.newest) {
    const file = work.state.files.get(id);
    if (file !== undefined && file.status !== 'REMOVED' && !file.sourceGone) route.scanning.unconfirmed.add(path);
  }
  route.seen.clear();
  const until = work.state.ended?.lastNumber() ?? 0;
  route.scanning.endedWalk = until === 0 ? null : { after: 0, until };
}

function atRest(work: Work, route: RouteState, path: string, requestedAt: number): void {
  const file = newestOf(work.state, route, path);
  if (file !== null && isUnsettled(file)) unmoved(work, route, file, requestedAt);
}

/** Applies an entry of a file that is copied and unchanged, the most frequent case after a start. */
function observeCopied(work: Work, route: RouteState, file: CompletedFile, entry: SourceEntry): void {
  observeCompleted(work, route, file, entry);
  route.identities.delete(entry.path);
  noteSourceFile(route, entry, entry.identity === null ? null : identityText(entry.identity), file);
}

/**
 * Applies an entry that the intake reported: a new file, or a known one with another fingerprint.
 *
 * @param file the newest tracked file of its path
 */
function observe(work: Work, route: RouteState, entry: SourceEntry, file: TrackedFile | null): void {
  if (isEmptyAndOver(file, entry)) return;
  route.source.grownBytes += Math.max(0, entry.fingerprint.sizeBytes - (file?.fingerprint.sizeBytes ?? 0));
  if (file === null) {
    noteIdentity(route, entry, discover(work, route, entry, null));
    return;
  }
  route.departed.delete(file.id);
  const isReplaced = isOtherFile(sourceIdentity(route, entry.path), entry.identity);
  observeKnown(work, route, file, entry, isReplaced);
  noteIdentity(route, entry, newestOf(work.state, route, entry.path));
}

/**
 * Returns whether an entry is an empty file that can be ignored. Empty files are not copied. The intake reports them because a
 * file may have been emptied, which matters only if the file waits or was copied.
 */
function isEmptyAndOver(file: TrackedFile | null, { fingerprint }: SourceEntry): boolean {
  return fingerprint.sizeBytes === 0 && (file === null || file.status === 'FAILED' || file.status === 'REMOVED');
}

/** @param file the newest tracked file of its path */
function noteIdentity(route: RouteState, entry: SourceEntry, file: TrackedFile | null): void {
  const text = entry.identity === null ? null : identityText(entry.identity);
  if (noteSeen(route, entry, file)) noteSourceFile(route, entry, text, file);
}

/** @param isReplaced whether another file has the path now; it may have the same size and modification time */
function observeKnown(work: Work, route: RouteState, file: TrackedFile, entry: SourceEntry, isReplaced: boolean): void {
  switch (file.status) {
    case 'DISCOVERED':
    case 'GROWING':
      observeUnsettled(work, route, file, entry, isReplaced);
      return;
    case 'READY':
      observeReady(work, route, file, entry, isReplaced);
      return;
    case 'WAITING_FOR_NETWORK':
    case 'WAITING_FOR_SPACE':
      observeWaiting(work, route, file, entry, isReplaced);
      return;
    case 'IN_QUEUE':
    case 'COPYING':
    case 'GROWING_COPY':
    case 'VERIFYING':
      // The carrier watches the source of this copy itself. The new fingerprint is for a later attempt.
      if (file.sourceGone || !sameFingerprint(file.fingerprint, entry.fingerprint)) {
        refresh(work, { ...file, fingerprint: entry.fingerprint, sourceGone: false });
      }
      return;
    case 'COMPLETED':
    case 'COMPLETED_DELETE_FAILED':
      if (isBeingRemoved(file)) observeNext(work, route, file, entry);
      else if (isEmptied(file, entry)) noteEmptied(work, route, file);
      else if (isSourceRemoved(file)) discover(work, route, entry, file);
      else observeCompleted(work, route, file.sourceGone ? cameBack(work, file) : file, entry);
      return;
    case 'FAILED':
      rediscover(work, route, file, entry);
      return;
    case 'REMOVED':
      discover(work, route, entry, file);
      return;
    default:
      unreachable(file);
  }
}
