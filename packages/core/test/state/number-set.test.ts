import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { NumberSet } from '../../src/state/number-set.ts';

test('NumberSet: has exactly the numbers that were added and not deleted', () => {
  const numbers = fc.array(fc.oneof(fc.nat(100_000), fc.integer({ min: 2 ** 31 - 40, max: 2 ** 33 }), fc.nat(40)));
  const property = fc.property(numbers, numbers, (added, asked) => {
    const set = new NumberSet();
    assert.ok(set.isUnused());
    for (const number of added) set.add(number);
    for (const number of [...added, ...asked, ...added.map((each) => each + 1)]) assert.is(set.has(number), added.includes(number));
    assert.is(set.isUnused(), added.length === 0);
    for (const number of asked) set.delete(number);
    for (const number of [...added, ...asked]) assert.is(set.has(number), added.includes(number) && !asked.includes(number));
    set.clear();
    for (const number of added) assert.is(set.has(number), false);
  });
  fc.assert(property, { numRuns: 300, seed: 7 });
});

test.run();
