import { type FileId, isCompleted, type RouteName, sameFingerprint, type TrackedFile } from '@sluice/core/model';
import { type Content, type FakeSource, hashOf, type Prng } from '@sluice/testkit';
import type { Death, Simulation } from './simulate.ts';
import type { Witness } from './witness.ts';

/** Watches the removals at the source. */
export interface RemovalWitness {
  /** Violations of promise 1. */
  broken(): readonly string[];
}

/**
 * 1: a source file is removed only if the journal has, for every route that read it when its removal was recorded, a verified copy of
 * exactly these bytes, and the intent of the removal.
 */
export function watchRemovals(simulation: Simulation): RemovalWitness {
  const broken: string[] = [];
  /** The routes that read a file when its removal was recorded. That record holds until the file is hidden the next time. */
  const readers = new Map<FileId, ReadonlySet<RouteName>>();
  /** Routes whose settings the journal has. What is committed at the end of a stall may have been decided before a route was added. */
  const configured = new Set<RouteName>();
  simulation.journal.onRecord((record) => {
    if (record.kind === 'route_fact' && record.event.kind === 'configured') configured.add(record.route);
    if (record.kind === 'route_fact' && record.event.kind === 'unconfigured') configured.delete(record.route);
    if (record.kind !== 'file_fact') return;
    if (record.event.kind === 'removal_begins') readers.delete(record.file.id);
    if (record.event.kind !== 'source_to_remove') return;
    const present = [...simulation.loop().state.routes.values()];
    const known = present.filter(({ ending, settings }) => ending !== null || configured.has(settings.name));
    readers.set(record.file.id, new Set(known.map(({ settings }) => settings.name)));
  });
  simulation.source.onDiscard((name, content, isLate) => broken.push(...unproven(simulation, readers, { name, content, isLate })));
  return { broken: () => broken };
}

interface Discarded {
  readonly name: string;
  readonly content: Content;
  readonly isLate: boolean;
}

function unproven(
  simulation: Simulation,
  readers: ReadonlyMap<FileId, ReadonlySet<RouteName>>,
  { name, content, isLate }: Discarded,
): string[] {
  const files = simulation.files().filter(isCompleted);
  const owner = files.find(({ removal }) => removal?.hiddenAs === name);
  const readBy = owner === undefined ? undefined : readers.get(owner.id);
  // While a call hangs, the file may be ordered to be restored.
  const isIntended = readBy !== undefined && (isLate || owner?.removal?.step === 'removing');
  if (owner === undefined || !isIntended) return [`1: ${name} was removed, and its intent is not in the journal`];
  const { value } = hashOf(content);
  return [...readBy].flatMap((route) => {
    const isCopied = files.some((file) => file.route === route && file.source === owner.source && file.hash?.value === value);
    return isCopied ? [] : [`1: ${owner.source} was removed, and route ${route} has not copied these bytes`];
  });
}

/**
 * 7: once nothing happens any more, no file has a hidden name, except one that a person was called for. Another hidden name that a late
 * call has made for the same removal waits for that person, too.
 */
export function leftHidden(simulation: Simulation): string[] {
  const files = simulation.files().filter(isCompleted);
  return simulation.source.asides().flatMap((name) => {
    const isMadeFor = ({ id, removal }: Extract<TrackedFile, { removal?: unknown }>): boolean =>
      removal !== undefined && name.endsWith(`.${id.slice(0, 8)}.sluice-done`);
    const owner = files.find(({ removal }) => removal?.hiddenAs === name) ?? files.find(isMadeFor);
    return owner !== undefined && staysHidden(simulation, owner) ? [] : [`7: ${name} is at the source, hidden`];
  });
}

/**
 * Returns whether a file is rightly hidden and shown as such: another file has its name, and its removal is not wanted, or not allowed,
 * because it has changed or a route has not copied it.
 */
export function staysHidden({ source, loop, files, fakeRoutes }: Simulation, file: TrackedFile): boolean {
  if (!isCompleted(file)) return false;
  const { removal, hash } = file;
  const there = removal?.hiddenAs === undefined ? null : source.aside(removal.hiddenAs);
  if (there === null || removal?.code !== 'NAME_TAKEN' || source.present(file.source) === null) return false;
  if (removal.by === 'nobody' || !sameFingerprint(there.fingerprint, file.fingerprint)) return true;
  const { routes } = loop().state;
  if (removal.by === 'policy' && routes.get(file.route)?.settings.afterCopy === 'keep') return true;
  const copies = files().filter((copy) => isCompleted(copy) && copy.source === file.source && copy.hash?.value === hash?.value);
  // A copy on a disk that was the destination before another one was accepted proves nothing.
  return fakeRoutes
    .filter(({ route }) => routes.has(route))
    .some(({ route, destination }) => {
      const isThere = (name: string): boolean => hashOf(destination.content(name)).value === hash?.value;
      return !copies.some((copy) => copy.route === route && isThere(copy.destination));
    });
}

/** A removal of a source file that has begun. */
interface UnderWay {
  readonly simulation: Simulation;
  readonly chance: Prng;
  readonly route: RouteName;
  readonly path: string;
  readonly hiddenAs: string;
}

/** Mishaps that may happen while a file is being removed, with their relative probability. */
const mishaps: readonly (readonly [number, (removal: UnderWay) => void])[] = [
  [2, ({ simulation, route }) => simulation.environment().hasCrew(route) && simulation.environment().crew(route).remover.crash()],
  [2, ({ simulation, chance }) => simulation.dieAt(simulation.commits() + chance.between(1, 3), chance.pick(deaths))],
  [2, ({ simulation: { source }, chance, path }) => source.put(path, chance.between(1, 200_000))],
  [2, ({ simulation: { source }, chance, hiddenAs }) => source.rewriteAside(hiddenAs, chance.between(1, 200_000))],
  [1, ({ simulation: { source }, chance, path }) => source.refuse(path, chance.pick(['EACCES', 'EBUSY', 'EIO']))],
  [1, ({ simulation: { source }, path }) => source.refuse(path, null)],
  [2, ({ simulation: { source }, chance }) => source.hangNext(chance.pick([null, 'rename']))],
  [2, ({ simulation: { source } }) => source.letGo()],
  [2, ({ simulation: { source }, chance, path }) => replaceAndLetGo(source, path, chance)],
  [1, ({ simulation: { source }, chance }) => source.setWeather(chance.pick(['silent', 'missing', 'empty']))],
  [1, ({ simulation: { source } }) => source.setWeather('good')],
  [1, ({ simulation, chance }) => reloadPolicy(simulation, chance)],
  [1, ({ simulation, route }) => simulation.ask({ do: 'hold', route, until: null })],
  [1, ({ simulation, route }) => simulation.ask({ do: 'release', route })],
  [1, ({ simulation, chance }) => chance.pick(simulation.fakeRoutes).destination.setWeather(chance.pick(['down', 'silent']))],
  [1, ({ simulation, chance }) => chance.pick(simulation.fakeRoutes).destination.setWeather('good')],
  [1, ({ simulation, chance }) => simulation.reload(someRoutes(simulation, chance), {})],
];
const mishapWeights = mishaps.reduce((sum, [weight]) => sum + weight, 0);

const deaths: readonly Death[] = ['before_commit', 'after_commit', 'half_done'];

/** Changes what happens to a source after its copy, in the settings of all routes. */
export function reloadPolicy(simulation: Simulation, chance: Prng): void {
  const routes = simulation.fakeRoutes.map(({ route }) => route);
  simulation.reload(routes, { afterCopy: chance.pick(['keep', 'delete', 'archive']), archiveDir: '/archive' });
}

function someRoutes({ fakeRoutes }: Simulation, chance: Prng): readonly RouteName[] {
  const all = fakeRoutes.map(({ route }) => route);
  return chance.chance(0.5) ? all : [chance.pick(all)];
}

/** Late calls meet a new file at the path. */
function replaceAndLetGo(source: FakeSource, path: string, chance: Prng): void {
  source.put(path, chance.between(1, 200_000));
  source.letGo();
}

function befall(removal: UnderWay): void {
  let lot = removal.chance.between(1, mishapWeights);
  for (const [weight, happen] of mishaps) {
    lot -= weight;
    if (lot > 0) continue;
    happen(removal);
    return;
  }
}

/** The latest moment of a mishap after a step of a removal: somewhat more than `stable_after`. */
const mishapMs = 2_500;

/** Causes mishaps: a moment after most steps of removals. */
export function disturbRemovals(simulation: Simulation, witness: Witness, chance: Prng): { end(): void } {
  let isOver = false;
  simulation.journal.onRecord((record) => {
    if (isOver || record.kind !== 'file_fact' || !isCompleted(record.file) || record.file.removal?.hiddenAs === undefined) return;
    if (!chance.chance(0.7)) return;
    const { route, source: path } = record.file;
    const { hiddenAs } = record.file.removal;
    simulation.clock.after(chance.pick([0, 3, 6, 9, 12, chance.between(0, mishapMs)]), () => {
      if (isOver) return;
      witness.look();
      befall({ simulation, chance, route, path, hiddenAs });
      witness.look();
    });
  });
  return { end: () => void (isOver = true) };
}
