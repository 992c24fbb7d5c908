import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { pausingText } from '../../src/states/pausing.ts';

const row = { count: 1, source: 'a.mxf', times: 4, stableAfterMs: 30_000, restMs: 480_000 };
const rest = 'stable_after (30 s) is too short for it; it has to rest for 8 min now';

test('pausingText: which file, how often, what is too short, and what is done', () => {
  assert.is(pausingText(row), `a.mxf went on 4 times after it was copied: ${rest}`);
  assert.is(pausingText({ ...row, count: 3 }), `a.mxf went on 4 times after it was copied (and 2 more): ${rest}`);
});

test.run();
