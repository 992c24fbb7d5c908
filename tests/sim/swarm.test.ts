import { env } from 'node:process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { swarm } from './swarm.ts';

const first = numberFrom('SLUICE_SEED', 1);
const count = numberFrom('SLUICE_SEEDS', 50);

/** @throws Error if the variable is not a positive integer: no seed would run, and no test fail */
function numberFrom(name: string, otherwise: number): number {
  const number = Number(env[name] ?? otherwise);
  if (!Number.isSafeInteger(number) || number < 1) throw new Error(`${name} is ${env[name]}: it has to be a positive integer`);
  return number;
}

for (let seed = first; seed < first + count; seed += 1) {
  test(`swarm, seed ${seed}: no promise breaks, and everything is copied once the faults stop`, () => {
    assert.equal(swarm(seed).broken, [], `replay it with: npm run story -- ${seed}`);
  });
}

test.run();
