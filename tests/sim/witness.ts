import type { FileEvent, JournalRecord } from '@sluice/core';
import { type FileId, isLost, type RouteName, type TrackedFile } from '@sluice/core/model';
import { type FakeDestination, type FakeRoute, type FakeSource, hashOf } from '@sluice/testkit';
import { type Disks, followDisks } from './disks.ts';
import { limits } from './limits.ts';
import type { Simulation } from './simulate.ts';
import { followWaits } from './waits.ts';

/** Checks every record when it is committed, and reports what was not true at that moment. */
export interface Witness {
  broken(): readonly string[];
  /** Notes which storage is faulty now. It has to be called at least once while a fault lasts. */
  look(): void;
  /** Returns the waits that have lasted too long. */
  waits(): readonly string[];
  /** Puts a file there that Sluice did not create. */
  putForeign(destination: FakeDestination, name: string, sizeBytes: number, stamp?: string): void;
  /** Returns visible names that were journaled before they were created: of growing copies, claims, links, and marks of leftovers. */
  intended(route: RouteName): readonly string[];
  /** Returns whether a path of the source has a file again that it had before another one. */
  hasComeBack(path: string): boolean;
  /** Returns whether Sluice gave a hidden file this path back that is found as a new one there. */
  wasRestored(path: string): boolean;
  /** Returns the files that Sluice did not create, as they were put there. */
  strangers(destination: FakeDestination): readonly string[];
  /** Removes all files of a destination, as another program would. */
  empty(destination: FakeDestination): void;
  readonly disks: Disks;
}

/** Begins to check a simulation. */
export function watch(simulation: Simulation): Witness {
  const broken: string[] = [];
  const born = new Set<FileId>();
  const intended = new Map<RouteName, string[]>();
  const strangers = new Map<FakeDestination, string[]>();
  const troubles = createTroubles(simulation);
  const waits = followWaits(simulation);
  const disks = followDisks(simulation);
  const routeOf = (route: string): FakeRoute | undefined => simulation.fakeRoutes.find((fakeRoute) => fakeRoute.route === route);

  const nameTaken = (file: TrackedFile, taken: string): void => {
    const destination = routeOf(file.route)?.destination;
    if (disks.isOutdated(file)) return;
    const there = destination?.content(taken) ?? null;
    if (there === null) broken.push(`6: ${file.source} left the name ${taken}, which nobody has`);
    // What is being published may be older than the present source.
    const carried = file.status === 'VERIFYING' ? file.hash.value : hashOf(simulation.source.content(file.source)).value;
    const isGrowing = 'growing' in file && file.growing;
    if (there !== null && hashOf(there).value === carried && !isGrowing)
      broken.push(`6: ${file.source} left the name ${taken}, where its very bytes are`);
  };

  const vanishing = createVanishing(simulation);
  const cameBack = followReturns(simulation.source);
  /** Files that counted as gone, or had a newer one at their path, when Sluice gave them their names back. */
  const restored = new Set<string>();
  const newest = new Map<string, FileId>();
  const isForgotten = ({ id, route, source, sourceGone }: TrackedFile): boolean => sourceGone || newest.get(`${route}\0${source}`) !== id;
  const repeats = createRepeats(simulation, cameBack);

  simulation.journal.onRecord((record) => {
    broken.push(...refusedYetBegun(record));
    broken.push(...vanishing.wrong(record));
    broken.push(...troubles.missing(record));
    waits.note(record);
    disks.note(record);
    broken.push(...repeats.unasked(record));
    if (record.kind === 'transition' && record.from === null) {
      if (born.has(record.file.id)) broken.push(`5: the id ${record.file.id} is used twice`);
      born.add(record.file.id);
    }
    if (record.kind !== 'file_fact' && record.kind !== 'transition') return;
    if (record.kind === 'file_fact' && record.event.kind === 'name_taken') nameTaken(record.file, record.event.taken);
    if (record.event.kind === 'source_restored' && isForgotten(record.file)) restored.add(record.file.source);
    if (record.kind === 'transition' && record.from === null) newest.set(`${record.file.route}\0${record.file.source}`, record.file.id);
    const name = intendedBy(record);
    if (name !== null) intended.set(record.file.route, [...(intended.get(record.file.route) ?? []), name]);
  });

  return {
    broken: () => [...broken, ...disks.broken()],
    look() {
      troubles.look();
      repeats.look();
      for (const wrong of disks.look()) if (!broken.includes(wrong)) broken.push(wrong);
    },
    waits: () => waits.tooLong(),
    hasComeBack: (path) => cameBack.has(path),
    wasRestored: (path) => restored.has(path),
    intended: (route) => intended.get(route) ?? [],
    putForeign(destination, name, sizeBytes, stamp = 'foreign') {
      const before = new Set(destination.foreign());
      destination.putForeign(name, { sizeBytes, stamp });
      const added = destination.foreign().filter((stranger) => !before.has(stranger));
      strangers.set(destination, [...(strangers.get(destination) ?? []), ...added]);
    },
    strangers: (destination) => strangers.get(destination) ?? [],
    empty(destination) {
      disks.empty(destination);
      const left = new Set(destination.foreign());
      strangers.set(
        destination,
        (strangers.get(destination) ?? []).filter((stranger) => left.has(stranger)),
      );
    },
    disks,
  };
}

function intendedBy({ file, event }: { readonly file: TrackedFile; readonly event: FileEvent }): string | null {
  if (file.status === 'GROWING_COPY' && file.part === null) return file.destination;
  if (file.status === 'VERIFYING' && file.publishing.step === 'claim') return file.destination;
  if (event.kind === 'link_begins') return file.destination;
  return event.kind === 'leftover_to_mark' ? event.to : null;
}

/** @returns the paths that got a file again, updated as it happens */
function followReturns(source: FakeSource): ReadonlySet<string> {
  const cameBack = new Set<string>();
  const had = new Map<string, string[]>();
  source.onChange((path) => {
    const [stamp] = source.content(path)?.stamp.split(':') ?? [];
    const before = had.get(path) ?? [];
    if (stamp === undefined || before.at(-1) === stamp) return;
    if (before.includes(stamp)) cameBack.add(path);
    had.set(path, [...before, stamp]);
  });
  return cameBack;
}

/** When storage was last faulty, for records that blame it. */
interface Troubles {
  look(): void;
  /** 11: returns what the record says about storage that was not faulty: the cause was probably a pause of the agent. */
  missing(record: JournalRecord): string[];
}

function createTroubles(simulation: Simulation): Troubles {
  /** By the waking clock of the agent, in which a pause takes no time. */
  const lastAt = new Map<FakeDestination | FakeSource, number>();
  const lookAt = (storage: FakeDestination | FakeSource): boolean => {
    const isTroubled = 'isTroubled' in storage ? storage.isTroubled() : storage.weather() !== 'good';
    if (isTroubled) lastAt.set(storage, simulation.awakeMs());
    return isTroubled;
  };
  const wasWell = (storage: FakeDestination | FakeSource): boolean =>
    !lookAt(storage) && simulation.awakeMs() - (lastAt.get(storage) ?? Number.NEGATIVE_INFINITY) > limits.afterTroubleMs;

  return {
    look() {
      for (const { source, destination } of simulation.fakeRoutes) for (const storage of [source, destination]) lookAt(storage);
    },
    missing(record) {
      const routeOf = (name: RouteName): FakeRoute | undefined => simulation.fakeRoutes.find(({ route }) => route === name);
      if (record.kind === 'gate' && record.event.kind === 'gate_closed' && record.event.cause !== 'unknown') {
        const { cause } = record.event;
        const fakeRoute = routeOf(record.route);
        // Another marker is not a fault of the storage.
        if (record.event.code === 'MARKER') return [];
        // What is committed at the end of a stall was decided when it began.
        if (simulation.loop().isStalled()) return [];
        // A bad answer may have waited during a stall of the journal. A silence is judged now.
        if (cause !== 'timeout' && simulation.awakeMs() - simulation.resumedAt() < limits.afterTroubleMs) return [];
        return fakeRoute !== undefined && wasWell(fakeRoute.destination)
          ? [`11: the gate closed (${cause}) while its destination was well`]
          : [];
      }
      if (record.kind !== 'transition' || record.event.kind !== 'failed' || record.event.code !== 'SILENT') return [];
      const fakeRoute = routeOf(record.file.route);
      if (fakeRoute === undefined || !wasWell(fakeRoute.destination) || !wasWell(fakeRoute.source)) return [];
      return [`11: ${record.file.source} failed as silent, and nothing was`];
    },
  };
}

/** Files that are reported as vanished. */
interface Vanishing {
  /** 13: returns files that the record calls gone although they exist, or lost although they were copied. */
  wrong(record: JournalRecord): string[];
}

function createVanishing(simulation: Simulation): Vanishing {
  /** When something happened to a path of the source, or to all of it, by the waking clock of the agent. */
  const touchedAt = new Map<string, number>();
  let rescanAt = Number.NEGATIVE_INFINITY;
  /** An operator said that what the source lacks is meant to be, and it has not been well since. */
  let isMeant = false;
  const copied = new Map<string, { readonly name: string; readonly value: string }>();
  for (const { source } of simulation.fakeRoutes) source.onChange((path) => touchedAt.set(path, simulation.awakeMs()));
  const routeOf = (name: RouteName): FakeRoute | undefined => simulation.fakeRoutes.find(({ route }) => route === name);

  const isThere = ({ source, route }: TrackedFile): boolean => {
    const path = routeOf(route)?.source;
    // An operator confirmed that what was missing then is meant to be.
    if (isMeant || simulation.awakeMs() - rescanAt < limits.afterTroubleMs) return false;
    const isYoung = simulation.awakeMs() - (touchedAt.get(source) ?? 0) < limits.afterTroubleMs;
    return !isYoung && !simulation.loop().isStalled() && (path?.content(source)?.sizeBytes ?? 0) > 0;
  };

  return {
    wrong(record) {
      const isAsked = record.kind === 'route_fact' && record.event.kind === 'rescan_asked';
      if (isAsked) rescanAt = simulation.awakeMs();
      isMeant = (isMeant || isAsked) && simulation.source.weather() !== 'good';
      if (record.kind !== 'transition') return [];
      const { file, to } = record;
      const key = `${file.route}\0${file.source}`;
      // The end of a removal says nothing of the copy.
      const isCopied = file.status === 'COMPLETED' && record.from !== 'COMPLETED_DELETE_FAILED';
      if (isCopied && file.hash !== null) copied.set(key, { name: file.destination, value: file.hash.value });
      // The file came back, or an operator requested a check of its copy: the file at the destination is compared when it is
      // copied.
      if (record.event.kind === 'found' || record.event.kind === 'found_again') copied.delete(key);
      if (to === 'REMOVED' && isThere(file)) return [`13: ${file.source} counts as removed, and is there`];
      if (!isLost(file)) return [];
      const copy = copied.get(key);
      const isSame = copy !== undefined && copy.value === hashOf(routeOf(file.route)?.source.lastContent(file.source) ?? null).value;
      return isSame && routeOf(file.route)?.destination.has(copy.name) === true
        ? [`13: ${file.source} counts as lost, and was copied as ${copy.name}`]
        : [];
    },
  };
}

const createRefusals: ReadonlySet<string> = new Set(['EROFS', 'ENOSPC', 'EACCES', 'EAGAIN', 'ENAMETOOLONG']);

/** 14: a create that was refused has created nothing: the copy has not begun, and leaves no name. */
function refusedYetBegun(record: JournalRecord): string[] {
  if (record.kind !== 'transition' || record.file.status !== 'FAILED') return [];
  const { file } = record;
  const { reason } = file.error;
  if (reason.kind !== 'call' || reason.fault.operation !== 'create' || !createRefusals.has(reason.fault.code)) return [];
  // A file that already has its bytes was refused the claim of its name.
  const isClaim = file.copiedBytes > 0;
  return !isClaim && (file.begun || file.left !== null)
    ? [`14: ${file.source} was refused (${reason.fault.code}), and counts as begun`]
    : [];
}

/** Checks files that are copied a second time. */
interface Repeats {
  /** Checks the source. It has to be called at least once while the source is disturbed: files found afterwards have come back. */
  look(): void;
  /** 6: returns copies that were repeated although their source neither changed nor came back, and no operator requested it. */
  unasked(record: JournalRecord): string[];
}

function createRepeats(simulation: Simulation, cameBack: ReadonlySet<string>): Repeats {
  const copied = new Map<string, string>();
  const absent = new Set<string>();
  for (const { source } of simulation.fakeRoutes)
    source.onChange((path) => {
      const isAbsent = source.content(path) === null;
      // A copy that ran when its source was removed may be completed after that.
      const isBack = !isAbsent && absent.delete(path);
      if (isAbsent) absent.add(path);
      if (isAbsent || isBack) for (const { route } of simulation.fakeRoutes) copied.delete(`${route}\0${path}`);
    });
  return {
    look() {
      if (simulation.source.weather() !== 'good') copied.clear();
    },
    unasked(record) {
      if (record.kind !== 'transition' && record.kind !== 'file_fact') return [];
      const { file, event } = record;
      const key = `${file.route}\0${file.source}`;
      if (event.kind === 'asked' && event.action === 'retry') copied.delete(key);
      if (record.kind !== 'transition' || file.status !== 'COMPLETED' || file.hash === null) return [];
      // Its source was removed or is kept, so nothing was copied.
      if (record.from === 'COMPLETED_DELETE_FAILED') return [];
      const before = copied.get(key);
      copied.set(key, file.hash.value);
      const isRepeated = file.copied && before === file.hash.value && !cameBack.has(file.source);
      return isRepeated ? [`6: ${file.source} was copied again as ${file.destination}, and nobody asked`] : [];
    },
  };
}
