import type { Action } from '@sluice/core';
import { isRunning, type RouteName } from '@sluice/core/model';
import type { CallKind, FakeCrew, FakeDestination, FakeRoute, Prng, SourceWeather, Weather } from '@sluice/testkit';
import { missingCopies } from './invariants.ts';
import { limits } from './limits.ts';
import { reloadPolicy } from './removals.ts';
import { routeSettings } from './settings.ts';
import type { Death, Simulation } from './simulate.ts';
import type { Witness } from './witness.ts';

/** A simulation and its random choices. */
export interface Story {
  readonly sim: Simulation;
  readonly witness: Witness;
  readonly chance: Prng;
  /** Whether source files are removed after their copy. */
  readonly removes: boolean;
}

const names = [
  'a.mxf',
  'b.mov',
  'day1/c.wav',
  'day1/d',
  'a_1.mxf',
  'clip.mxf',
  'clip_1.mxf',
  'e.mxf',
  'day 2/\u001b[31m\n"x";$(y).mov',
  `${'é'.repeat(125)}.mxf`,
] as const;

/** A batch of small files in one folder, as a camera or an instrument writes it. All of them are copied at the same time. */
const batchNames = Array.from({ length: limits.batchFiles }, (_, index) => `batch/${String(index).padStart(2, '0')}.dat`);
const allNames: readonly string[] = [...names, ...batchNames];

const weathers: readonly Weather[] = ['good', 'good', 'down', 'silent', 'full', 'read_only', 'wrong_disk'];
const sourceWeathers: readonly SourceWeather[] = ['good', 'missing', 'empty', 'unreadable', 'silent'];
const codes = ['EACCES', 'EIO', 'ENAMETOOLONG', 'EINVAL'] as const;
const createCodes = ['EROFS', 'ENOSPC', 'EACCES', 'EAGAIN', 'ENAMETOOLONG'] as const;
const calls: readonly CallKind[] = ['stat', 'read', 'create', 'write', 'link', 'unlink'];
const deaths: readonly Death[] = ['before_commit', 'after_commit', 'half_done'];

type Happening = (story: Story) => unknown;

/** Every fault, with its relative probability. */
const happenings: readonly (readonly [number, Happening])[] = [
  [6, ({ sim, chance }) => sim.source.put(chance.pick(names), chance.between(1, 200_000))],
  [5, ({ sim, chance }) => sim.source.record(chance.pick(names), chance.between(1, 6), chance.between(2_000, 40_000))],
  [1, (story) => putBatch(story)],
  [2, ({ sim, chance }) => sim.source.remove(chance.pick(names))],
  [2, (story) => removeWhere(story)],
  [2, (story) => renameOne(story)],
  [1, ({ sim }) => sim.source.hide('day1')],
  [2, ({ sim }) => sim.source.show('day1')],
  [1, ({ sim, chance }) => sim.source.rewrite(chance.pick(names), chance.between(1, 200_000))],
  [1, ({ sim, chance }) => sim.source.touch(chance.pick(names))],
  [2, (story) => putForeign(story)],
  [8, ({ chance, ...story }) => pickRoute(story.sim, chance).destination.setWeather(chance.pick(weathers))],
  [2, ({ sim, chance }) => pickRoute(sim, chance).destination.setLatency(chance.pick([0, 0, 40, 400, 5_000]))],
  [1, ({ sim, chance }) => pickRoute(sim, chance).destination.setCapacity(chance.pick([null, null, 0, 150_000, 600_000]))],
  [1, ({ sim, chance }) => pickRoute(sim, chance).destination.refuse(chance.pick(names), chance.pick([null, ...codes]))],
  [2, ({ sim, chance }) => pickRoute(sim, chance).destination.refuseCreates(chance.pick(createCodes))],
  [2, ({ sim }) => sim.fakeRoutes.forEach(({ destination }) => destination.refuseCreates(null))],
  [2, ({ sim, chance }) => pickRoute(sim, chance).destination.hangNext(chance.pick(calls))],
  [1, ({ sim, chance }) => pickRoute(sim, chance).destination.letGo()],
  [1, ({ sim, chance }) => sim.source.setWeather(chance.pick(sourceWeathers))],
  [2, ({ sim }) => sim.source.setWeather('good')],
  [1, ({ sim, chance }) => sim.source.refuse(chance.pick(names), chance.pick([null, null, 'EBUSY', 'EACCES', 'EIO']))],
  [1, ({ sim, witness, chance }) => witness.empty(pickRoute(sim, chance).destination)],
  [2, (story) => takeAway(story)],
  [2, (story) => exchange(story)],
  [2, (story) => bringBack(story)],
  [1, (story) => adoptWhatIsThere(story)],
  [3, (story) => ask(story)],
  [2, ({ sim, chance }) => sim.ask({ do: 'remove_leftovers', route: pickRoute(sim, chance).route })],
  [2, ({ sim, chance }) => sim.stopAndStart(chance.pick(['graceful', 'drain']))],
  [3, ({ sim, chance }) => sim.pause(chance.between(1_000, 60_000), chance.pick(['stopped', 'suspended']))],
  [2, ({ sim, chance }) => sim.clock.stepWall(chance.between(-200, 200) * chance.pick([1_000, 3_600_000, 86_400_000]))],
  [2, ({ sim }) => sim.crash()],
  [1, ({ sim, chance }) => sim.crashFor(chance.between(100, 60_000))],
  [2, ({ sim, chance }) => sim.dieAt(sim.commits() + chance.between(1, 25), chance.pick(deaths))],
  [2, ({ sim, chance }) => crewOf(sim, pickRoute(sim, chance).route)?.carrier.crash()],
  [1, ({ sim, chance }) => crewOf(sim, pickRoute(sim, chance).route)?.intake.crash()],
  [3, (story) => reload(story)],
  [1, ({ sim, chance, removes }) => removes && reloadPolicy(sim, chance)],
  [1, (story) => clear(story)],
  [1, ({ sim, chance }) => sim.journal.setTrouble(chance.pick([null, null, 'SQLITE_FULL', 'SQLITE_IOERR_WRITE']))],
  [1, ({ sim }) => sim.journal.setTrouble(null)],
];

const weights = happenings.reduce((sum, [weight]) => sum + weight, 0);

/** Causes one fault. */
export function disturb(story: Story): void {
  let lot = story.chance.between(1, weights);
  for (const [weight, happen] of happenings) {
    lot -= weight;
    if (lot <= 0) {
      happen(story);
      return;
    }
  }
}

/** Sets the permanent traits of the storage. */
export function settleTraits({ sim, chance }: Story): void {
  for (const { destination } of sim.fakeRoutes) {
    destination.setLinks(chance.chance(0.3));
    destination.setDirect(chance.chance(0.3));
  }
}

/** Makes everything work again, and releases everything that an operator holds. */
export function calm(sim: Simulation): void {
  sim.spare();
  sim.journal.setTrouble(null);
  const { maxAttempts, stableAfterMs } = routeSettings;
  sim.reload(
    sim.fakeRoutes.map(({ route }) => route),
    { maxAttempts, stableAfterMs },
  );
  // What an operator requests of a route is refused before it is there.
  sim.run(limits.reloadMs);
  for (const { route } of sim.fakeRoutes) {
    sim.ask({ do: 'release', route });
    for (const source of allNames) sim.ask({ do: 'retry', route, source });
  }
  sim.source.setWeather('good');
  sim.source.letGo();
  sim.source.show('day1');
  for (const name of allNames) sim.source.refuse(name, null);
  for (const { destination } of sim.fakeRoutes) {
    for (const name of allNames) destination.refuse(name, null);
    destination.refuseCreates(null);
    destination.setLatency(0);
    destination.setCapacity(null);
    destination.setWeather('good');
    destination.letGo();
  }
}

const adoptTries = 5;

/** Brings the known disk back, or an operator accepts another one as the destination. */
export function settleDisks({ sim, witness, chance }: Story): void {
  for (const { route, destination } of sim.fakeRoutes) {
    const gate = (): { state: string; cause: string | null; marker: string | null } | undefined => sim.loop().state.routes.get(route)?.gate;
    const known = destination.disks().findIndex(({ marker }) => marker !== null && marker === gate()?.marker);
    if (known >= 0 && chance.chance(0.5)) witness.disks.exchange(destination, { to: known });
    const isWrong = (): boolean => gate()?.state === 'closed' && gate()?.cause === 'not_the_destination';
    const isRight = (): boolean => gate()?.state === 'open' && destination.marker() === gate()?.marker;
    // The report of the agent may be out of date; then it refuses to adopt.
    for (let tries = 0; tries < adoptTries && !isRight(); tries += 1) {
      sim.runUntil(() => isWrong() || isRight(), limits.settledDiskMs);
      if (isWrong()) sim.ask({ do: 'adopt', route });
      sim.runUntil(isRight, limits.strangeDiskMs);
    }
  }
}

/** Confirms that all files of a source were removed on purpose, as an operator does who is called because it is suddenly empty. */
export function confirmEmpty(sim: Simulation): void {
  for (const { route, source } of sim.fakeRoutes) {
    const isCalled = sim.routeNow(route)?.source.state === 'suddenly_empty';
    if (isCalled && source.paths().length === 0) sim.ask({ do: 'rescan', route });
  }
}

/** Changes settings while copies run. Of several routes, some may be removed, or come back. */
function reload({ sim, chance }: Story): void {
  const routes = sim.fakeRoutes.map(({ route }) => route).filter(() => chance.chance(0.6));
  const some = routes.length === 0 ? [pickRoute(sim, chance).route] : routes;
  const growing = { ...routeSettings.growing, enabled: chance.chance(0.7), visible: chance.chance(0.7) };
  const probe = { ...routeSettings.probe, openMs: chance.pick([500, 5_000]), closedMs: chance.pick([300, 1_000]) };
  const stableAfterMs = chance.pick([500, 2_000, 6_000]);
  sim.reload(some, { growing, probe, stableAfterMs, maxAttempts: chance.between(1, 5), onRename: chance.pick(['copy', 'link']) });
}

function crewOf(sim: Simulation, route: RouteName): FakeCrew | null {
  return sim.environment().hasCrew(route) ? sim.environment().crew(route) : null;
}

function pickRoute(sim: Simulation, chance: Prng): FakeRoute {
  return chance.pick(sim.fakeRoutes);
}

/** Creates many small files at once. One of them may be refused by its source or by a destination. */
function putBatch({ sim, chance }: Story): void {
  const count = chance.between(2, batchNames.length);
  for (const name of batchNames.slice(0, count)) sim.source.put(name, chance.between(1, 6_000));
  const bad = chance.pick(batchNames.slice(0, count));
  if (chance.chance(0.3)) sim.source.refuse(bad, chance.pick(['EBUSY', 'EACCES', 'EIO']));
  if (chance.chance(0.3)) pickRoute(sim, chance).destination.refuse(bad, chance.pick(codes));
}

/** Removes a source file before, during or after its copy. */
function removeWhere({ sim, chance }: Story): void {
  const statuses = chance.pick([['READY', 'WAITING_FOR_SPACE'], ['IN_QUEUE', 'COPYING', 'GROWING_COPY', 'VERIFYING'], ['COMPLETED']]);
  const file = sim.files().find(({ status, sourceGone }) => statuses.includes(status) && !sourceGone);
  if (file !== undefined) sim.source.remove(file.source);
}

/** Gives a source file a new name that no other has. */
function renameOne({ sim, chance }: Story): void {
  const there = sim.source.paths();
  const to = chance.pick(names);
  if (there.length > 0 && !there.includes(to)) sim.source.rename(chance.pick(there), to);
}

/** Requests the removal of some source files, as `sluice clear` does for files that are proven. */
function clear({ sim, chance }: Story): void {
  const { route } = pickRoute(sim, chance);
  const copied = sim.files().filter((file) => file.route === route && file.status === 'COMPLETED' && !file.sourceGone);
  const files = copied.filter(() => chance.chance(0.7)).map(({ id, fingerprint }) => ({ id, ...fingerprint }));
  sim.ask({ do: 'remove_sources', route, files });
}

/** Requests an action of an operator, sensible or not. */
function ask({ sim, chance }: Story): void {
  const { route } = pickRoute(sim, chance);
  const source = chance.pick(names);
  const actions: readonly Action[] = [
    { do: 'retry', route, source },
    { do: 'skip', route, source },
    { do: 'first', route, source },
    { do: 'hold', route, until: chance.pick([null, sim.clock.wall() + 20_000, sim.clock.wall() + 300_000]) },
    { do: 'release', route },
    { do: 'rescan', route },
    { do: 'adopt', route },
  ];
  sim.ask(chance.pick(actions));
}

/** Removes a copy, or the file to which one is being written, as another program would. */
function takeAway({ sim, witness, chance }: Story): void {
  const { route, destination } = pickRoute(sim, chance);
  const running = sim.files().filter((file) => file.route === route && isRunning(file));
  const beingWritten = running.flatMap((file) =>
    'part' in file && file.part !== null ? [file.part, file.destination] : [file.destination],
  );
  const name = chance.pick(beingWritten.length > 0 && chance.chance(0.5) ? beingWritten : names);
  if (destination.isOurs(name)) witness.disks.takeAway(destination, name);
}

/** Mounts another disk in the place of a destination, or puts another folder at its path. It may have files of others. */
function exchange(story: Story): void {
  const { sim, witness, chance } = story;
  const { route, destination } = pickRoute(sim, chance);
  if (destination.disks().length >= limits.disks) return;
  const marker = chance.pick([null, `${route}-${destination.disks().length}`]);
  witness.disks.exchange(destination, { marker, isSameMount: chance.chance(0.5) });
  for (let count = chance.between(0, 3); count > 0; count -= 1) putForeignAt(story, destination);
}

/** Mounts one of the earlier disks again. */
function bringBack({ sim, witness, chance }: Story): void {
  const { destination } = pickRoute(sim, chance);
  witness.disks.exchange(destination, { to: chance.between(0, destination.disks().length - 1) });
}

/** Adopts the present disk as an operator, and requests the copies that it lacks. */
function adoptWhatIsThere({ sim, chance }: Story): void {
  const fakeRoute = pickRoute(sim, chance);
  sim.ask({ do: 'adopt', route: fakeRoute.route });
  askForMissing(sim, fakeRoute);
}

/** Requests missing copies, as `adopt --again` does. */
export function askForMissing(sim: Simulation, fakeRoute: FakeRoute): void {
  const { route } = fakeRoute;
  const files = sim.files().filter((file) => file.route === route);
  for (const { source } of missingCopies(fakeRoute, files)) sim.ask({ do: 'retry', route, source });
}

function putForeign(story: Story): void {
  putForeignAt(story, pickRoute(story.sim, story.chance).destination);
}

function putForeignAt({ sim, witness, chance }: Story, destination: FakeDestination): void {
  const name = chance.pick(names);
  if (destination.has(name)) return;
  const content = sim.source.content(name);
  const isSame = content !== null && content.sizeBytes > 0 && chance.chance(0.3);
  if (isSame) witness.putForeign(destination, name, content.sizeBytes, content.stamp);
  else witness.putForeign(destination, name, chance.between(1, 9_999));
}
