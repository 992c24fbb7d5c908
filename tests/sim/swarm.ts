import { createPrng, type Prng, type Weather } from '@sluice/testkit';
import { brokenPromises, strayNames } from './invariants.ts';
import { type Simulation, simulate } from './simulate.ts';

const names = ['a.mxf', 'b.mov', 'day1/c.wav', 'day1/d', 'a_1.mxf', 'clip.mxf', 'clip_1.mxf', 'e.mxf'] as const;
const weathers: readonly Weather[] = ['good', 'good', 'down', 'silent', 'full', 'read_only', 'wrong_disk'];

/** What one seed came to. */
export interface Swarm {
  readonly seed: number;
  readonly broken: readonly string[];
  readonly records: number;
  readonly outages: number;
}

/**
 * A story by chance: first everything may go wrong and no promise may break; then the faults stop, and everything has
 * to be carried in bounded time.
 */
export function swarm(seed: number): Swarm {
  const chance = createPrng(seed);
  const sim = simulate({ bytesPerMs: chance.between(2, 40), route: { recovery: recoveryOf(chance) } });
  const broken: string[] = [];
  let outages = 0;
  for (let moment = 0; moment < 60 && broken.length === 0; moment += 1) {
    if (disturb(sim, chance)) outages += 1;
    sim.run(chance.between(50, 9_000));
    broken.push(...brokenPromises(sim));
  }
  sim.destination.setWeather('good');
  if (broken.length === 0 && !sim.runUntilCarried(40 * 60_000)) broken.push(`4: not carried: ${JSON.stringify(unfinished(sim))}`);
  sim.run(15 * 60_000);
  broken.push(...brokenPromises(sim), ...strayNames(sim).map((name) => `stray: ${name}`));
  return { seed, broken, records: sim.records.length, outages };
}

function recoveryOf(chance: Prng): { rename: 'always' | 'when_taken'; suffix: string; leftover: 'keep'; maxVisible: number } {
  return { rename: chance.chance(0.8) ? 'always' : 'when_taken', suffix: '_{n}', leftover: 'keep', maxVisible: chance.between(1, 3) };
}

function disturb(sim: Simulation, chance: Prng): boolean {
  const name = chance.pick(names);
  const kind = chance.between(0, 9);
  if (kind <= 2) sim.source.put(name, chance.between(1, 200_000));
  else if (kind <= 4) sim.source.record(name, chance.between(1, 6), chance.between(2_000, 40_000));
  else if (kind === 5) sim.source.remove(name);
  else if (kind === 6 && !sim.destination.has(name))
    sim.destination.putForeign(name, { sizeBytes: chance.between(1, 9_999), stamp: 'foreign' });
  else if (kind === 7) sim.crash();
  else {
    sim.destination.setWeather(chance.pick(weathers));
    return sim.destination.weather() !== 'good';
  }
  return false;
}

function unfinished(sim: Simulation): string[] {
  return sim
    .files()
    .filter((file) => file.endedAt === null)
    .map((file) => `${file.status} ${file.source} -> ${file.destination} (${JSON.stringify(file.fingerprint)})`);
}
