// timeout: 14400s
import type { Event } from '@sluice/core';
import { routeName } from '@sluice/core/model';
import { createPrng, type Prng } from '@sluice/testkit';
import { test } from 'uvu';
import { acceptsOfCarrier, acceptsOfIntake, acceptsOfProber, acceptsOfRemover } from '../../packages/agent/src/children/message-checks.ts';
import { calm, disturb, type Story } from '../sim/faults.ts';
import { simulate } from '../sim/simulate.ts';
import { watch } from '../sim/witness.ts';
import { fuzz } from './fuzz.ts';
import { mutateValue } from './mutate.ts';

const moments = 20;
const maxMomentMs = 9_000;
const peaceMs = 600_000;

const route = routeName('sim');
const accepted = [acceptsOfCarrier(route), acceptsOfIntake(route), acceptsOfProber(route), acceptsOfRemover(route)];
const isAccepted = (message: unknown): boolean => accepted.some((accepts) => accepts(message));
/** Events that the agent derives from its children itself. */
const ownKinds: ReadonlySet<string> = new Set(['carrier_lost', 'intake_restarted', 'prober_hung', 'remover_lost']);

fuzz<{ readonly seed: number; readonly share: number }>({
  claim: 'children that lie: the agent accepts no message without a meaning, and no message that it accepts ends it',
  file: 'tests/fuzz/lies.test.ts',
  cases: 40,
  limitMs: 60_000,
  make: (chance) => ({ seed: chance.between(0, 2 ** 31), share: chance.pick([0, 0.02, 0.1, 0.5]) }),
  run: ({ seed, share }) => {
    const chance = createPrng(seed);
    let isLying = true;
    const alter = (event: Event): readonly Event[] => {
      if (ownKinds.has(event.kind)) return [event];
      if (!isAccepted(event)) throw new Error(`what a child says is refused: ${JSON.stringify(event).slice(0, 500)}`);
      return isLying && chance.chance(share) ? lies(chance, event) : [event];
    };
    const sim = simulate({ alter, untilIdle: false, bytesPerMs: chance.between(2, 40) });
    const story: Story = { sim, witness: watch(sim), chance, removes: false };
    for (let moment = 0; moment < moments; moment += 1) {
      disturb(story);
      sim.run(chance.between(50, maxMomentMs));
    }
    isLying = false;
    calm(sim);
    sim.run(peaceMs);
  },
});

test.run();

/** Returns what the agent accepts of a few wrong forms of a message, in place of the message or in addition to it. */
function lies(chance: Prng, event: Event): readonly Event[] {
  const wrong = Array.from({ length: chance.between(1, 3) }, () => mutateValue(chance, event));
  const told = wrong.filter(isAccepted) as Event[];
  return chance.chance(0.5) ? [...told, event] : told;
}
