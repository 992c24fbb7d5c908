import { routeSettings } from '@sluice/core/fixtures';
import { type FileId, routeName } from '@sluice/core/model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { ProvenFile, SafeAnswer } from '../src/model.ts';
import { boundedAnswer } from '../src/safe/report.ts';
import { isSafeMessage } from '../src/safe/safe-messages.ts';

const a = routeName('a');
const b = routeName('b');
const names = ['1.mxf', '2.mxf', '3.mxf'];
const proven = names.flatMap((path) =>
  [a, b].map((route): ProvenFile => ({ route, path, sizeBytes: 10, id: path as FileId, mtimeNs: '7' })),
);
const answer: SafeAnswer = {
  isSafe: false,
  isWhole: true,
  files: 6,
  bytes: 60,
  notSafe: names.map((name) => ({ route: b, path: `not-${name}`, absolute: `/in/not-${name}`, sizeBytes: 10, why: { kind: 'not_known' } })),
  proven,
  routes: [],
  proof: { direct: 3, cached: 0, size: 0 },
};
const routes = [a, b].map((name) => ({ settings: routeSettings({ name, source: '/in' }), marker: null, plainFolderMeant: false }));

test('an answer is bounded: the first files are named and sent, and all are counted', () => {
  const { report, proven: sent } = boundedAnswer(answer, routes, { route: a, folder: null, namedFiles: 1, provenFiles: 2 });
  assert.equal([report.proven, report.more], [3, 2]);
  assert.equal(
    report.files.map(({ path }) => path),
    ['not-1.mxf'],
  );
  assert.equal(sent, proven.filter(({ route }) => route === a).slice(0, 2), 'only those of the route');
  assert.ok(isSafeMessage({ kind: 'proven', files: sent }));
  assert.ok(isSafeMessage({ kind: 'report', report }));
  assert.not(isSafeMessage({ kind: 'proven', files: [{ ...sent[0], id: 7 }] }));
});

test.run();
