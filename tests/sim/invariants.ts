import {
  isEnded,
  isLost,
  isRunning,
  type RouteName,
  type RouteTroubleName,
  type Status,
  smallLanes,
  type TrackedFile,
} from '@sluice/core/model';
import { type FakeDestination, type FakeRoute, hashOf } from '@sluice/testkit';
import { limits } from './limits.ts';
import { staysHidden } from './removals.ts';
import type { Simulation } from './simulate.ts';
import type { Witness } from './witness.ts';

/**
 * Returns the broken promises, in words; an empty list is the only good result. The numbers are those of the design's list of
 * invariants. The first cannot be broken here, because carriers get a source that can only be read.
 */
export function brokenPromises(simulation: Simulation, witness: Witness): string[] {
  witness.look();
  return [
    ...simulation.fakeRoutes.flatMap(({ destination }) => destination.sins),
    ...witness.broken(),
    ...witness.waits(),
    ...everyRoute(simulation, (fakeRoute, files) => [
      ...strangersTouched(fakeRoute, witness),
      ...completedNotThere(fakeRoute.destination, files, witness),
      ...truncatedNames(fakeRoute, files, witness),
      ...twoLiveFiles(files),
      ...unexplainedNames(files),
      ...doubledBytes(simulation, fakeRoute, files, witness),
      ...tooManyLeftovers(simulation, fakeRoute, files),
      ...tooManyAttempts(simulation, files),
      ...unlinkedRecoveries(files),
      ...strangeNames(fakeRoute, files),
      ...lossesForgotten(simulation, fakeRoute, files),
    ]),
    ...journalDisagrees(simulation),
    ...listingsStopped(simulation),
    ...beyondBounds(simulation),
    ...callsOutOfBalance(simulation),
  ];
}

/** Returns the broken promises that have to hold once everything is copied and nothing happens any more. */
export function brokenPeace(simulation: Simulation, witness: Witness): string[] {
  return everyRoute(simulation, ({ source, destination, route }, files) => [
    ...callsLeft(simulation, route),
    ...notThere({ source, destination }, files),
    ...strayNames(destination, files, witness.intended(route)).map((name) => `6: ${name} is at the destination and nobody's`),
    ...destination
      .names()
      .filter((name) => name.endsWith('.part') && destination.isOurs(name) && !witness.disks.wasReplaced(destination))
      .map((name) => `6: the part ${name} was never removed`),
  ]);
}

/** Files call one by one, and their condition is over once for all of them. */
const calledByFile: ReadonlySet<RouteTroubleName> = new Set(['files_need_you', 'files_lost']);

/** 4: in one life nobody is called twice for a condition of a route that is not over, and nothing is over twice. */
function callsOutOfBalance(simulation: Simulation): string[] {
  const last = new Map<string, 'begun' | 'over'>();
  return simulation.environment().calls.flatMap(({ what, route, name }) => {
    const before = last.get(`${route} ${name}`);
    last.set(`${route} ${name}`, what);
    return before === what && !(what === 'begun' && calledByFile.has(name)) ? [`4: ${name} of ${route} is ${what} twice in a row`] : [];
  });
}

/** 4: what a person was called for is over when its cause is gone. */
function callsLeft(simulation: Simulation, name: RouteName): string[] {
  const route = simulation.loop().state.routes.get(name);
  if (route === undefined) return [];
  const failed = simulation.files().filter((file) => route.removals.failed.has(file.id) && staysHidden(simulation, file));
  const isKeptHidden = failed.length > 0 && failed.length === route.removals.failed.size;
  const files = { files_need_you: route.needing.size, files_lost: route.lost.size, removal_failing: isKeptHidden ? 1 : 0 };
  return [...route.troubles.keys()]
    .filter((trouble) => !(trouble in files && files[trouble as keyof typeof files] > 0))
    .map((trouble) => `4: ${trouble} is not over`);
}

/** 4: every file at the source is at the destination too, because missing copies were requested. */
function notThere(ends: Ends, files: readonly TrackedFile[]): string[] {
  return missingCopies(ends, files).map(({ source, destination: name }) => `4: ${source} is COMPLETED, and ${name} is not there`);
}

type Ends = Pick<FakeRoute, 'source' | 'destination'>;

/** Returns the newest copies of source files that the destination no longer has. */
export function missingCopies({ source, destination }: Ends, files: readonly TrackedFile[]): TrackedFile[] {
  const newest = new Map(files.map((file) => [file.source, file]));
  return [...newest.values()].filter((file) => {
    if (file.status !== 'COMPLETED' || source.inode(file.source) === null) return false;
    return hashOf(destination.content(file.destination)).value !== file.hash?.value;
  });
}

type Check = (fakeRoute: FakeRoute, files: readonly TrackedFile[]) => string[];

function everyRoute(simulation: Simulation, check: Check): string[] {
  const all = simulation.files();
  return simulation.fakeRoutes.flatMap((fakeRoute) =>
    check(
      fakeRoute,
      all.filter((file) => file.route === fakeRoute.route),
    ).map((broken) => (simulation.fakeRoutes.length === 1 ? broken : `${broken} (route ${fakeRoute.route})`)),
  );
}

/** 2: files that Sluice did not create are unchanged. */
function strangersTouched({ destination }: FakeRoute, witness: Witness): string[] {
  const there = new Set(destination.foreign());
  return witness.strangers(destination).flatMap((stranger) => (there.has(stranger) ? [] : [`2: ${stranger} is not what it was`]));
}

/** 3: a COMPLETED file has exactly its bytes under its name. */
function completedNotThere(destination: FakeDestination, files: readonly TrackedFile[], { disks }: Witness): string[] {
  return files.flatMap((file) => {
    if (file.status !== 'COMPLETED' || disks.isKept(destination, file)) return [];
    const there = destination.content(file.destination);
    if (there === null) return [`3: ${file.destination} is COMPLETED and not there`];
    return [`3: ${file.destination} holds ${hashOf(there).value}, journaled ${file.hash?.value}`];
  });
}

/** 3: half a file has a visible name only if a growing copy was written under it, and an empty file only if the name was claimed. */
function truncatedNames({ destination, route }: FakeRoute, files: readonly TrackedFile[], witness: Witness): string[] {
  const known = new Set([
    ...witness.intended(route),
    ...files.flatMap((file) => [...visiblyWritten(file), ...file.leftVisible, ...file.burned]),
  ]);
  return destination.names().flatMap((name) => {
    const { sizeBytes = 0, stamp = '' } = destination.content(name) ?? {};
    const isHalf = sizeBytes === 0 || stamp.endsWith(':partial');
    if (!isHalf || !destination.isOurs(name) || name.endsWith('.part') || known.has(name)) return [];
    return [`3: ${name} holds ${sizeBytes} bytes of a copy that is not whole`];
  });
}

function visiblyWritten(file: TrackedFile): string[] {
  if (!isRunning(file)) return [];
  return file.part === null ? [file.destination] : [];
}

/** 5: at most one live tracked file in each lineage. */
function twoLiveFiles(files: readonly TrackedFile[]): string[] {
  const live = new Map<string, TrackedFile>();
  return files.flatMap((file) => {
    if (isEnded(file.status)) return [];
    const other = live.get(file.source);
    live.set(file.source, file);
    return other === undefined ? [] : [`5: ${file.source} is tracked by ${other.status} and ${file.status}`];
  });
}

/** 6: a name that differs from the source's has a reason. */
function unexplainedNames(files: readonly TrackedFile[]): string[] {
  return files.flatMap((file) => {
    if (file.destination === file.source) return [];
    if (file.nameReason === null) return [`6: ${file.source} is ${file.destination} for no reason`];
    const hasFailed = files.some((other) => other.source === file.source && other.status === 'FAILED' && other.begun);
    return file.nameReason === 'recovery' && !hasFailed ? [`6: ${file.destination} recovers nothing that had begun`] : [];
  });
}

/** 6: the same bytes of one source are not copied twice. */
function doubledBytes(simulation: Simulation, { destination }: FakeRoute, files: readonly TrackedFile[], witness: Witness): string[] {
  const names = new Map<string, string>();
  const sizes = new Map<string, Set<number>>();
  for (const record of simulation.journal.records) {
    if (record.kind !== 'transition' && record.kind !== 'file_fact') continue;
    const { id, fingerprint } = record.file;
    sizes.set(id, (sizes.get(id) ?? new Set()).add(fingerprint.sizeBytes));
  }
  return files.flatMap((file) => {
    if (file.status !== 'COMPLETED' || file.hash === null) return [];
    // A file that vanished or was renamed, and came back, is a new file: it is compared with the file under its intended name, not
    // with every copy.
    if (witness.hasComeBack(file.source)) return [];
    if (files.some(({ source, status }) => source === file.source && status === 'REMOVED')) return [];
    // Another version was there in between and was never copied, so the one after it is new.
    if (!file.growing && (sizes.get(file.id)?.size ?? 0) > 1) return [];
    const key = `${file.source}\0${file.hash.value}`;
    const other = names.get(key);
    names.set(key, file.destination);
    if (other === undefined || other === file.destination) return [];
    // An attempt that began on another disk got its name there: as a recovery, or because the first name was taken there. The
    // witness detects a name that was left although no other file has it.
    if (file.nameReason !== null && destination.disks().length > 1) return [];
    // On another disk, or if the first copy was removed, it is not a second copy.
    const { value } = file.hash;
    // A file that got its name back may be found as a new one. It too is compared with the file under its intended name only.
    const hasIntendedName = file.destination === file.source;
    const isAtName = (): boolean => destination.disks().some((disk) => hashOf(disk.content(file.source)).value === value);
    if (witness.wasRestored(file.source) && (hasIntendedName || !isAtName())) return [];
    const areBothThere = destination
      .disks()
      .some((disk) => [other, file.destination].every((name) => hashOf(disk.content(name)).value === value));
    return areBothThere ? [`6: ${file.source} was carried as ${other} and as ${file.destination}`] : [];
  });
}

/** 6: the visible leftovers of failed growing copies are bounded by their setting. */
function tooManyLeftovers({ loop }: Simulation, fakeRoute: FakeRoute, files: readonly TrackedFile[]): string[] {
  const maxVisible = loop().state.routes.get(fakeRoute.route)?.settings.recovery.maxVisible ?? Number.POSITIVE_INFINITY;
  return files.flatMap((file) => (file.leftVisible.length <= maxVisible ? [] : [`6: ${file.source} left ${file.leftVisible.join(', ')}`]));
}

/** 6: attempts do not end more often than the reason for it occurs: a closed gate, a killed agent. */
function tooManyAttempts(simulation: Simulation, files: readonly TrackedFile[]): string[] {
  const failures = new Map<string, number>();
  for (const file of files) {
    if (file.status !== 'FAILED') continue;
    const key = `${file.source} ${file.error.kind}`;
    failures.set(key, (failures.get(key) ?? 0) + 1);
  }
  const { records } = simulation.journal;
  const route = files[0]?.route;
  const closings = records.filter(
    (record) => record.kind === 'gate' && record.route === route && record.event.kind === 'gate_closed',
  ).length;
  return [...failures].flatMap(([key, count]) => {
    if (key.endsWith('network_interruption') && count > closings) return [`6: ${key}: ${count} times, in ${closings} outages`];
    // A life may begin with a copy that the one before left, and end in the middle of another.
    if (key.endsWith('agent_stopped') && count > 2 * simulation.lives())
      return [`6: ${key}: ${count} times, in ${simulation.lives()} lives`];
    return [];
  });
}

/** 6: `recoveryOf` and `recoveredBy` agree in both directions. */
function unlinkedRecoveries(files: readonly TrackedFile[]): string[] {
  const byId = new Map(files.map((file) => [file.id, file]));
  return files.flatMap((file) => {
    const next = file.recoveredBy === null ? undefined : byId.get(file.recoveredBy);
    const before = file.recoveryOf === null ? undefined : byId.get(file.recoveryOf);
    if (file.recoveredBy !== null && next?.recoveryOf !== file.id) return [`6: ${file.id} is recovered by a file that does not say so`];
    if (file.recoveryOf !== null && before?.recoveredBy !== file.id) return [`6: ${file.id} recovers a file that does not say so`];
    return [];
  });
}

/** 10: whatever a name contains, the names that Sluice makes for it are in the same folder and fit a filesystem. */
function strangeNames({ destination }: FakeRoute, files: readonly TrackedFile[]): string[] {
  const folders = new Set(files.map((file) => folderOf(file.source)));
  return destination.names().flatMap((name) => {
    if (!destination.isOurs(name)) return [];
    if (!folders.has(folderOf(name))) return [`10: ${JSON.stringify(name)} lies in a folder of nobody's`];
    const bytes = new TextEncoder().encode(name.slice(folderOf(name).length)).length;
    return bytes <= limits.nameBytes ? [] : [`10: ${JSON.stringify(name)} has ${bytes} bytes`];
  });
}

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);

/**
 * 13: a file that vanished before it was copied is reported until an operator acknowledges it. No simulation lasts the day after
 * which it is not. After a start, and for a route that comes back, the wall clock says how long ago that was, and it may have been set.
 */
function lossesForgotten({ loop, hasEndedNow, routeNow }: Simulation, fakeRoute: FakeRoute, files: readonly TrackedFile[]): string[] {
  const lost = routeNow(fakeRoute.route)?.lost;
  if (!loop().isSettled() || lost === undefined) return [];
  const newest = new Map(files.map((file) => [file.source, file]));
  return [...newest.values()].flatMap((file) => {
    const isForgotten = isLost(file) && hasEndedNow(file.id) && !lost.has(file.id);
    return isForgotten ? [`13: ${file.source} vanished before it was copied, and is reported no longer`] : [];
  });
}

/** 7: the agent's state equals what it would load after a crash. */
function journalDisagrees({ loop, journal }: Simulation): string[] {
  if (!loop().isSettled()) return [];
  return [...loop().state.files.values()].flatMap((file) => {
    const written = journal.newest.get(file.id);
    const isSame = written?.status === file.status && written.destination === file.destination;
    return isSame ? [] : [`7: ${file.source} is ${file.status} ${file.destination}, journaled ${written?.status} ${written?.destination}`];
  });
}

/** 8: the source is listed whatever the destination does. */
function listingsStopped({ fakeRoutes, loop, awakeMs, listedAt, resumedAt, routeNow }: Simulation): string[] {
  return fakeRoutes.flatMap((fakeRoute) => {
    const route = routeNow(fakeRoute.route);
    if (route === null) return [];
    const { source, settings } = route;
    const listed = listedAt(fakeRoute.route);
    if (
      fakeRoute.source.weather() !== 'good' ||
      source.state !== 'ok' ||
      listed === null ||
      loop().isStalled() ||
      loop().state.stopping !== null
    )
      return [];
    // While the journal refuses, no listing is requested.
    const ageMs = awakeMs() - Math.max(listed, resumedAt());
    return ageMs <= settings.scanEveryMs + limits.lateListingMs ? [] : [`8: the last listing of ${fakeRoute.route} is ${ageMs} ms old`];
  });
}

/** 9: memory and running work are bounded. */
function beyondBounds(simulation: Simulation): string[] {
  const { state } = simulation.loop();
  const { lanes, growingLanes } = state.settings;
  return simulation.fakeRoutes.flatMap((fakeRoute) => {
    const route = state.routes.get(fakeRoute.route);
    if (route === undefined) return [];
    const running = (['COPYING', 'GROWING_COPY', 'VERIFYING'] as const).reduce((sum, status) => sum + route.byStatus[status].size, 0);
    const bounds: [string, number, number][] = [
      ['running copies', running, lanes + smallLanes(state.settings) + growingLanes],
      ['queued files', route.byStatus.IN_QUEUE.size, 2 * (lanes + smallLanes(state.settings) + growingLanes)],
      ['sweeps', route.sweeps.length, state.files.size],
      ['sweeps under way', route.sweeping.size, limits.lostSweeps + state.files.size],
      ['rechecks', route.rechecks.size, simulation.journal.newest.size],
      ['marks', route.toMark.size, state.files.size],
    ];
    return bounds.flatMap(([what, count, most]) => (count <= most ? [] : [`9: ${count} ${what}, ${most} at most`]));
  });
}

/** Returns files at the destination that cannot be explained at the end. */
function strayNames(destination: FakeDestination, files: readonly TrackedFile[], intended: readonly string[]): string[] {
  const ofFiles = files.flatMap((file) => [...(isCopied(file.status) ? [file.destination] : []), ...file.burned, ...file.leftVisible]);
  const explained = new Set([...intended, ...ofFiles]);
  return destination.names().filter((name) => !explained.has(name) && destination.isOurs(name) && !name.endsWith('.part'));
}

const isCopied = (status: Status): boolean => status === 'COMPLETED' || status === 'COMPLETED_DELETE_FAILED';
