import type { Event } from '../messages/event.ts';
import { unreachable } from '../model/assert.ts';
import { isOtherFile } from '../model/copy.ts';
import { isCopied, type SourceEntry, statuses, type TrackedFile } from '../model/file.ts';
import { checkId, listingId, sameFingerprint } from '../model/ids.ts';
import type { Selection } from '../model/left-alone.ts';
import { limits } from '../model/limits.ts';
import { observeFree } from '../policy/filling.ts';
import { departFile, newestOf, type RouteState } from '../state/state.ts';
import { ask, noteRoute, refresh, type Work, wantCheck } from '../state/work.ts';
import { isEmptied, noteEmptied, observeCompleted } from '../states/completed.ts';
import { discover } from '../states/discovered.ts';
import { rediscover } from '../states/failed.ts';
import { isUnsettled, observeReady, observeUnsettled, observeWaiting, unmoved } from '../states/growing.ts';
import { remove } from '../states/removed.ts';
import { isBelow } from './diff.ts';
import { noteQuietListing } from './idle.ts';

type Of<Kind extends Event['kind']> = Extract<Event, { kind: Kind }>;

/** Requests a listing or a check where one is due and none is under way. */
export function pursueScan(work: Work, route: RouteState): void {
  const { scanning } = route;
  if (scanning.listing === null && (work.at >= scanning.nextListingAt || scanning.pathsToCheck.size > limits.checkPaths)) {
    startListing(work, route);
  }
  if (scanning.check === null && scanning.pathsToCheck.size > 0 && scanning.pathsToCheck.size <= limits.checkPaths) {
    startCheck(work, route);
  }
}

function startListing(work: Work, route: RouteState): void {
  const id = listingId(work.ids.fresh());
  route.scanning.listing = { id, requestedAt: work.at };
  route.scanning.pathsToCheck.clear();
  const { emptyIsMeant, check } = route.scanning;
  // What a check under way finds is not known yet.
  const nothingWaits = check === null && statuses.every((status) => route.byStatus[status].size === 0);
  ask(work, { kind: 'list_source', route: route.settings.name, listingId: id, emptyIsMeant, nothingWaits });
}

function startCheck(work: Work, route: RouteState): void {
  const id = checkId(work.ids.fresh());
  const paths = [...route.scanning.pathsToCheck];
  route.scanning.pathsToCheck.clear();
  route.scanning.check = { id, requestedAt: work.at };
  ask(work, { kind: 'check_paths', route: route.settings.name, checkId: id, paths });
}

/** When this route's scanning next wants a tick. Monotonic milliseconds. */
export function scanWake(route: RouteState): number {
  return route.scanning.listing === null ? route.scanning.nextListingAt : Number.POSITIVE_INFINITY;
}

export function entriesSeen(work: Work, route: RouteState, event: Of<'entries_seen'>): void {
  for (const entry of event.entries) {
    route.scanning.unconfirmed.delete(entry.path);
    observe(work, route, entry);
  }
}

export function pathsNoticed(route: RouteState, event: Of<'paths_noticed'>): void {
  for (const path of event.paths) wantCheck(route, path);
}

export function pathsChecked(work: Work, route: RouteState, event: Of<'paths_checked'>): void {
  const { check } = route.scanning;
  if (check?.id !== event.checkId) return;
  route.scanning.check = null;
  for (const path of event.present) atRest(work, route, path, check.requestedAt);
  absentAll(work, route, event.absent);
}

export function listingCompleted(work: Work, route: RouteState, event: Of<'listing_completed'>): void {
  const { scanning } = route;
  if (scanning.listing?.id !== event.listingId) return;
  const { requestedAt } = scanning.listing;
  scanning.listing = null;
  scanning.nextListingAt = requestedAt + route.settings.scanEveryMs;
  scanning.evidenceAt = requestedAt;
  scanning.completedListings += 1;
  scanning.emptyIsMeant = false;
  route.source.lastListingAt = work.wall;
  noteSelection(work, route, event.selection);
  absentAll(work, route, event.vanished);
  for (const status of ['DISCOVERED', 'GROWING'] as const) {
    for (const id of [...route.byStatus[status]]) {
      const file = work.state.files.get(id);
      if (file !== undefined && isUnsettled(file) && !isBelow(file.source, event.unread ?? [])) unmoved(work, route, file, requestedAt);
    }
  }
  if (scanning.completedListings >= 2) askForUnconfirmed(route);
  noteQuietListing(work, route, requestedAt, event.youngEmptyCount);
}

/** Said once in a life of the agent; what is left alone later is in the route's state. */
function noteSelection(work: Work, route: RouteState, selection: Selection): void {
  const { source } = route;
  source.selection = selection;
  if (source.isSelectionNoted || (selection.leftAlone.length === 0 && selection.unmatched.length === 0)) return;
  source.isSelectionNoted = true;
  noteRoute(work, route, { kind: 'left_alone', ...selection });
}

/** Files of an earlier life that this intake child never saw may be gone: ask by name. */
function askForUnconfirmed(route: RouteState): void {
  for (const path of route.scanning.unconfirmed) wantCheck(route, path);
  route.scanning.unconfirmed.clear();
}

export function listingFailed(work: Work, route: RouteState, event: Of<'listing_failed'>): void {
  if (route.scanning.listing?.id !== event.listingId) return;
  route.scanning.listing = null;
  route.scanning.nextListingAt = work.at + Math.min(route.settings.scanEveryMs, 1_000);
  route.quiet.sinceListingAt = null;
}

/** A new child reports all it sees: what it does not report has to be asked for. */
export function intakeRestarted(work: Work, route: RouteState): void {
  route.scanning.listing = null;
  route.scanning.check = null;
  route.scanning.nextListingAt = work.at;
  route.scanning.completedListings = 0;
  confirmAgain(work, route);
}

/** Every path that is thought to be at the source wants to be seen again. */
export function confirmAgain(work: Work, route: RouteState): void {
  route.scanning.unconfirmed.clear();
  for (const [path, id] of route.newest) {
    const file = work.state.files.get(id);
    if (file !== undefined && file.status !== 'REMOVED' && !file.sourceGone) route.scanning.unconfirmed.add(path);
  }
}

export function sourceState(work: Work, route: RouteState, event: Of<'source_state'>): void {
  const { source } = route;
  const isNews = source.state !== event.state;
  // A source that is there and has a code all the same cannot be watched: changes are found by listing it.
  const isListedOnly = event.state === 'ok' && event.code !== null && event.code !== source.code;
  source.freeBytes = event.freeBytes;
  source.filling = observeFree(source.filling, event.freeBytes, work.at);
  source.cacheMs = event.cacheMs;
  source.description = event.description ?? source.description;
  source.code = event.code;
  // Reported again with the state only: which of many folders fails first may change with every listing of a sick disk.
  source.unreadPath = event.unreadPath;
  if (isListedOnly) noteRoute(work, route, { kind: 'source_not_watched', code: event.code });
  if (!isNews) return;
  source.state = event.state;
  source.since = work.wall;
  noteRoute(work, route, { kind: 'source_state', state: event.state, code: event.code, path: event.unreadPath });
}

function atRest(work: Work, route: RouteState, path: string, requestedAt: number): void {
  const file = newestOf(work.state, route, path);
  if (file !== null && isUnsettled(file)) unmoved(work, route, file, requestedAt);
}

function absentAll(work: Work, route: RouteState, paths: readonly string[]): void {
  let known: Others | null = null;
  // All that is at the source is gone through once, and only where a file that waits to be copied is absent.
  const others = (): Others => (known ??= newestOfEach(work, route, new Set(paths)));
  for (const path of paths) absent(work, route, path, others);
}

/** When what is at the source under other paths was found, by size and modification time. Wall clock. */
type Others = ReadonlyMap<string, number>;

function newestOfEach(work: Work, route: RouteState, missing: ReadonlySet<string>): Others {
  const others = new Map<string, number>();
  for (const [path, id] of route.newest) {
    const file = work.state.files.get(id);
    if (file === undefined || missing.has(path) || file.sourceGone) continue;
    const text = fingerprintText(file);
    others.set(text, Math.max(file.discoveredAt, others.get(text) ?? 0));
  }
  return others;
}

/** A file of the same size and time that was found later, under another path: it was renamed, not removed. */
function wasRenamed(file: TrackedFile, others: () => Others): boolean {
  return (others().get(fingerprintText(file)) ?? 0) > file.discoveredAt;
}

function fingerprintText({ fingerprint }: TrackedFile): string {
  return `${fingerprint.sizeBytes} ${fingerprint.mtimeNs}`;
}

function absent(work: Work, route: RouteState, path: string, others: () => Others): void {
  const file = newestOf(work.state, route, path);
  if (file === null) return;
  route.scanning.pathsToCheck.delete(path);
  switch (file.status) {
    case 'DISCOVERED':
    case 'GROWING':
    case 'READY':
    case 'WAITING_FOR_NETWORK':
    case 'WAITING_FOR_SPACE':
      remove(work, route, file, wasRenamed(file, others));
      return;
    case 'IN_QUEUE':
      if (file.copyId === null) remove(work, route, file, wasRenamed(file, others));
      return;
    case 'COPYING':
    case 'GROWING_COPY':
    case 'VERIFYING':
      // The copy continues from its open descriptor, and no recovery follows it.
      refresh(work, { ...file, sourceGone: true });
      return;
    case 'COMPLETED':
    case 'COMPLETED_DELETE_FAILED':
      departFile(work.state, route, refresh(work, { ...file, sourceGone: true }));
      return;
    case 'FAILED':
    case 'REMOVED':
      // Nothing is left to watch.
      departFile(work.state, route, file);
      return;
    default:
      unreachable(file);
  }
}

/** The intake tells of a source file: new, or with another fingerprint than it told before. */
function observe(work: Work, route: RouteState, entry: SourceEntry): void {
  const file = newestOf(work.state, route, entry.path);
  if (isEmptyAndOver(file, entry)) return;
  if (file === null) {
    discover(work, route, entry, null);
  } else {
    route.departed.delete(file.id);
    const isReplaced = isOtherFile(route.identities.get(entry.path) ?? null, entry.identity);
    observeKnown(work, route, file, entry, isReplaced);
  }
  noteIdentity(work, route, entry);
}

/** An empty file is not copied. It is reported because it may have been emptied, which means nothing where no file waits or was copied. */
function isEmptyAndOver(file: TrackedFile | null, { fingerprint }: SourceEntry): boolean {
  return fingerprint.sizeBytes === 0 && (file === null || file.status === 'FAILED' || file.status === 'REMOVED');
}

/** What is copied already is known by its fingerprint and its hash. */
function noteIdentity(work: Work, route: RouteState, { path, identity }: SourceEntry): void {
  const file = newestOf(work.state, route, path);
  if (identity !== null && file !== null && !isCopied(file.status)) route.identities.set(path, identity);
  else route.identities.delete(path);
}

/** @param isReplaced another file has the path than before; it may have the same size and mtime */
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
      // Its carrier watches the source itself; what is seen here serves a later attempt.
      if (file.sourceGone || !sameFingerprint(file.fingerprint, entry.fingerprint)) {
        refresh(work, { ...file, fingerprint: entry.fingerprint, sourceGone: false });
      }
      return;
    case 'COMPLETED':
    case 'COMPLETED_DELETE_FAILED':
      if (isEmptied(file, entry)) noteEmptied(work, route, file);
      else observeCompleted(work, route, file.sourceGone ? refresh(work, { ...file, sourceGone: false }) : file, entry);
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
