import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { pausingText } from '../../src/states/pausing.ts';

const row = { count: 1, source: 'a.mxf', times: 4, stableAfterMs: 30_000, restMs: 480_000 };
const rest = 'stable_after (30 s) is too short for it. Raise it; until then, Sluice copies the file after 8 min without a change';

test('pausingText: says which file, how often, what is too short, and what Sluice does', () => {
  assert.is(pausingText(row), `a.mxf changed again 4 times after it was copied: ${rest}`);
  assert.is(pausingText({ ...row, count: 3 }), `a.mxf changed again 4 times after it was copied (and 2 more): ${rest}`);
});

test.run();
