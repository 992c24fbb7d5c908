import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { checkId, copyId, fileId, id8, listingId, probeId, routeName, sweepId } from '../../src/model/ids.ts';

const text = '0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d';

test('id8: the first eight hex digits', () => {
  assert.is(id8(fileId(text)), '0a1b2c3d');
});

test('fileId and the other ids: the text itself, so that the journal returns the same ids', () => {
  for (const brand of [fileId, copyId, probeId, listingId, checkId, sweepId, routeName]) assert.is(brand(text), text);
});

test.run();
