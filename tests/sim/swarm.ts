import { newestOf } from '@sluice/core';
import type { RouteSettings } from '@sluice/core/model';
import { createPrng, type Prng } from '@sluice/testkit';
import { askForMissing, calm, confirmEmpty, disturb, type Story, settleDisks, settleTraits } from './faults.ts';
import { brokenPeace, brokenPromises } from './invariants.ts';
import { limits } from './limits.ts';
import { disturbRemovals, leftHidden, watchRemovals } from './removals.ts';
import { routeSettings } from './settings.ts';
import { type Simulation, simulate } from './simulate.ts';
import { watch } from './witness.ts';

/** The result of one seed. */
export interface Swarm {
  readonly seed: number;
  readonly broken: readonly string[];
  readonly records: number;
  readonly lives: number;
}

/** One of this many seeds removes source files after their copy. */
const removalEvery = 3;
const moments = 60;
const maxMomentMs = 9_000;
const copiedWithinMs = 40 * 60_000;
/** How soon an action that an operator requests has to begin. */
const askedMs = 1_000;
const peaceMs = 60 * 60_000;

/**
 * Runs a random simulation. First anything may fail, and no promise may break. Then the faults stop, and everything has to be
 * copied in bounded time, and after that nothing may happen.
 * @param onStart gets the simulation before anything happens, to search for a cause
 */
export function swarm(seed: number, onStart: (sim: Simulation) => void = () => {}): Swarm {
  const chance = createPrng(seed);
  const removes = seed % removalEvery === 0;
  const options = optionsBy(chance, seed);
  const sim = simulate(removes ? withRemoval(options, seed) : options);
  onStart(sim);
  const removals = watchRemovals(sim);
  const story: Story = { sim, witness: watch(sim), chance, removes };
  settleTraits(story);
  const mishaps = disturbRemovals(sim, story.witness, createPrng(seed));
  const broken = safety(story);
  mishaps.end();
  if (broken.length === 0) broken.push(...liveness(story));
  broken.push(...removals.broken());
  return { seed, broken: [...new Set(broken)], records: sim.journal.records.length, lives: sim.lives() };
}

function safety(story: Story): string[] {
  const { sim, witness, chance } = story;
  for (let moment = 0; moment < moments; moment += 1) {
    disturb(story);
    sim.run(chance.between(50, maxMomentMs));
    const broken = brokenPromises(sim, witness);
    if (broken.length > 0) return broken;
  }
  return [];
}

function liveness(story: Story): string[] {
  const { sim, witness } = story;
  calm(sim);
  settleDisks(story);
  if (!sim.runUntilCopied(copiedWithinMs)) return [`4: not carried: ${unfinished(sim).join('; ')}`];
  for (const fakeRoute of sim.fakeRoutes) askForMissing(sim, fakeRoute);
  sim.run(askedMs);
  if (!sim.runUntilCopied(copiedWithinMs)) return [`4: not copied again: ${unfinished(sim).join('; ')}`];
  sim.run(peaceMs / 4);
  confirmEmpty(sim);
  // Files may have been hidden until now.
  for (const fakeRoute of sim.fakeRoutes) askForMissing(sim, fakeRoute);
  sim.run(peaceMs / 4);
  const before = sim.journal.records.length;
  sim.run(peaceMs);
  const written = sim.journal.records.length - before;
  const most = limits.peaceRecordsPerFile * sim.files().length;
  return [
    ...brokenPromises(sim, witness),
    ...brokenPeace(sim, witness),
    ...leftHidden(sim),
    ...(sim.isCopied() ? [] : [`4: no longer carried: ${unfinished(sim).join('; ')}`]),
    ...(written <= most ? [] : [`9: ${written} records in an hour of peace`]),
  ];
}

function optionsBy(chance: Prng, seed: number): Parameters<typeof simulate>[0] {
  const recovery: RouteSettings['recovery'] = {
    rename: chance.chance(0.8) ? 'always' : 'when_taken',
    suffix: '_{n}',
    leftover: chance.chance(0.8) ? 'keep' : 'mark',
    maxVisible: chance.between(1, 3),
  };
  const growing = { ...routeSettings.growing, visible: chance.chance(0.8) };
  return {
    bytesPerMs: chance.between(2, 40),
    lanes: chance.between(1, 4),
    growingLanes: chance.between(1, 16),
    twoRoutes: chance.chance(0.3),
    untilIdle: chance.chance(0.3),
    attentionAfterMs: seed % 3 === 0 ? 60_000 : 1_000,
    smallSizeBytes: chance.pick([0, 1_000, 100_000, 10_000_000]),
    route: { recovery, growing, onRename: chance.pick(['copy', 'link']), beforeProbe: seed % 4 === 1 ? ['mount'] : [] },
    settledAtOnce: chance.pick([1, 3, 5_000]),
  };
}

type Options = NonNullable<Parameters<typeof simulate>[0]>;

function withRemoval(options: Options | undefined, seed: number): Options {
  const chance = createPrng(seed + 1);
  const afterCopyWaitMs = chance.pick([0, 0, 5_000, 60_000]);
  const afterCopy = chance.pick(['delete', 'delete', 'archive'] as const);
  const afterCopyProof = chance.chance(0.8) ? 'weak' : 'direct';
  return { ...options, route: { ...options?.route, afterCopy, archiveDir: '/archive', afterCopyProof, afterCopyWaitMs } };
}

/** Returns the files that are not copied, and their states. */
function unfinished({ source, fakeRoutes, loop, clock, isPathCopied }: Simulation): string[] {
  return fakeRoutes.flatMap(({ route }) =>
    source.entries().flatMap(({ path, fingerprint }) => {
      if (isPathCopied(route, path)) return [];
      const state = loop().state.routes.get(route);
      const file = state === undefined ? null : newestOf(loop().state, state, path);
      const gate = `${state?.gate.state} ${state?.gate.cause ?? ''}`;
      return [
        `${route} ${JSON.stringify(path)} ${JSON.stringify(fingerprint)} gate ${gate}, at ${clock.monotonic()}: ${JSON.stringify(file)}`,
      ];
    }),
  );
}
