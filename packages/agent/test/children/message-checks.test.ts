import { routeName } from '@sluice/core/model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { acceptsOfCarrier, acceptsOfIntake, acceptsOfProber, isEvidence, isSurvey } from '../../src/children/message-checks.ts';
import { isOfReader } from '../../src/reader/messages.ts';

const route = routeName('a');
const report = (of: object) => ({ kind: 'copy_reported', route: 'a', fileId: 'f', copyId: 'c', report: of });
const entry = { path: 'a.mxf', nameValid: true, fingerprint: { sizeBytes: 1, mtimeNs: '-5' }, identity: null, mode: 0o644, mayGrow: true };
const entries = (each: object) => ({ kind: 'entries_seen', route: 'a', entries: [each] });

test('acceptsOf…: a child may only send its own messages, about its own route', () => {
  assert.ok(acceptsOfIntake(route)(entries(entry)));
  assert.is(acceptsOfIntake(routeName('b'))(entries(entry)), false);
  assert.is(acceptsOfProber(route)(entries(entry)), false);
  assert.ok(acceptsOfProber(route)({ kind: 'marker_written', route: 'a', marker: 'm' }));
  assert.ok(acceptsOfCarrier(route)(report({ kind: 'creating' })));
  assert.is(acceptsOfCarrier(route)({ kind: 'stop_requested', by: 'x', mode: 'drain' }), false);
});

test('acceptsOfIntake: sizes, times and paths have to be valid', () => {
  const wrong = [
    { path: 1 },
    { fingerprint: null },
    { fingerprint: { sizeBytes: -1, mtimeNs: '1' } },
    { fingerprint: { sizeBytes: 1, mtimeNs: 'x' } },
  ];
  for (const change of wrong) assert.is(acceptsOfIntake(route)(entries({ ...entry, ...change })), false, JSON.stringify(change));
});

test('acceptsOfCarrier: a report with missing fields is refused', () => {
  const accepts = acceptsOfCarrier(route);
  assert.ok(
    accepts(
      report({ kind: 'failed', fault: { side: 'source', code: 'EIO', operation: 'read', message: '' }, syncedBytes: 0, sizeBytes: 9 }),
    ),
  );
  for (const wrong of [
    { kind: 'failed', fault: null },
    { kind: 'copied' },
    { kind: 'published', notes: [{ kind: 'x' }] },
    { kind: 'none' },
    null,
  ])
    assert.is(accepts({ ...report({}), report: wrong }), false, JSON.stringify(wrong));
});

test('isOfReader, isEvidence, isSurvey: accept only an answer or a reason', () => {
  for (const good of [{ id: 1, ids: ['a'], sums: [] }, { id: 1, failed: 'x' }, { is: 'ready' }]) assert.ok(isOfReader(good));
  for (const bad of [{ id: 1 }, { ids: [] }, { is: 'idle' }, null]) assert.not.ok(isOfReader(bad));
  const evidence = { description: '', marker: { kind: 'none' }, present: [], missing: [], changed: [] };
  assert.equal([evidence, { failed: 'EIO' }, { ...evidence, marker: null }, {}].map(isEvidence), [true, true, false, false]);
  assert.is(isSurvey({}), false);
});

test.run();
