import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { endedQueries } from '../../src/queries/ended-files.ts';

const { newest, ownName, otherName, identity } = endedQueries;
for (const [name, sql] of Object.entries({ newest, ownName, otherName, identity })) {
  test(`endedQueries.${name}: has an order, and is not planned again for each value`, () => {
    assert.match(sql, 'ORDER BY');
    assert.not.match(sql, /= \?/);
  });
}

test.run();
