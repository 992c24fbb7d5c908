import { env } from 'node:process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { swarm } from './swarm.ts';

const first = Number(env['SLUICE_SEED'] ?? 1);
const count = Number(env['SLUICE_SEEDS'] ?? 50);

for (let seed = first; seed < first + count; seed += 1) {
  test(`swarm, seed ${seed}: no promise breaks, and everything is copied once the faults stop`, () => {
    assert.equal(swarm(seed).broken, [], `replay it with: npm run story -- ${seed}`);
  });
}

test.run();
