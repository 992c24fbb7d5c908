import { fileId, routeName } from '@sluice/core/model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Judged, type RouteAudit, unsafeCount } from '../src/model.ts';
import { combine, type RouteJudged } from '../src/safe/combine.ts';
import { boundedAnswer } from '../src/safe/report.ts';
import { safeVerdict } from '../src/texts/safe.ts';

const audit = (route: string, over: Partial<RouteAudit> = {}): RouteAudit => ({
  route: routeName(route),
  away: null,
  sourceCode: null,
  unread: [],
  leftAlone: [],
  ...over,
});
const safe = (path: string): Judged => ({ path, sizeBytes: 10, why: null, readback: 'direct' });
const unsafe = (path: string, why: Judged['why']): Judged => ({ path, sizeBytes: 10, why, readback: null });
const left = (path: string): Judged => unsafe(path, { kind: 'left_alone', rule: 'not_included', pattern: null });
const judged = (route: string, files: readonly Judged[], over: Partial<RouteJudged> = {}): RouteJudged => ({
  audit: audit(route),
  source: '/in',
  folder: null,
  files,
  ...over,
});

test('combine: a file counts once for all routes that read it, and is safe only if it is for each of them', () => {
  const answer = combine(
    [judged('a', [safe('x.mxf'), safe('y.mxf')]), judged('b', [safe('x.mxf'), unsafe('y.mxf', { kind: 'not_known' })])],
    ['/in'],
  );
  assert.equal([answer.isSafe, answer.files, answer.bytes], [false, 2, 20]);
  assert.equal(
    answer.notSafe.map(({ route, path, why }) => [route, path, why.kind]),
    [['b', 'y.mxf', 'not_known']],
  );
});

test('combine: a file that two routes read counts once, safe or not, with the weakest proof', () => {
  const why = { kind: 'not_known' } as const;
  const cached = (path: string): Judged => ({ ...safe(path), readback: 'cached' });
  const answer = combine(
    [
      judged('a', [safe('x.mxf'), safe('y.mxf'), unsafe('z.mxf', why)]),
      judged('b', [cached('x.mxf'), safe('y.mxf'), unsafe('z.mxf', why)]),
    ],
    ['/in'],
  );
  assert.equal([answer.files, unsafeCount(answer.notSafe)], [3, 1]);
  assert.equal(answer.proof, { direct: 1, cached: 1, size: 0 });
  assert.is(safeVerdict(answer, [], null), 'NOT SAFE: 1 file of 3 files (30 B) must not be cleared');
  const { report } = boundedAnswer(answer, [], { route: 'a', folder: null, namedFiles: 5, provenFiles: 5 });
  assert.equal(
    report.files.map(({ path }) => path),
    ['z.mxf'],
  );
});

test('combine: what two routes say of one file is one entry of the report', () => {
  const answer = combine(
    [judged('a', [unsafe('z.mxf', { kind: 'not_known' })]), judged('b', [unsafe('z.mxf', { kind: 'name_invalid' })])],
    ['/in'],
  );
  const { report } = boundedAnswer(answer, [], { route: 'a', folder: null, namedFiles: 5, provenFiles: 5 });
  assert.is(report.files.length, 1);
  assert.match(report.files[0]?.text ?? '', /^not copied: Sluice has not seen it yet.*; route b: its name is not valid UTF-8/);
});

test('combine: a file that one route leaves alone is safe if another route copies it', () => {
  const both = combine([judged('a', [safe('x.mxf'), left('x.wav')]), judged('b', [safe('x.wav'), left('x.mxf')])], ['/in']);
  assert.equal([both.isSafe, both.files], [true, 2]);
  const neither = combine([judged('a', [safe('x.mxf'), left('x.txt')]), judged('b', [left('x.txt'), left('x.mxf')])], ['/in']);
  assert.equal(
    neither.notSafe.map(({ path }) => path),
    ['x.txt'],
  );
});

test('combine: a folder that a pattern leaves alone is named once, and not at all if another route copies a file in it', () => {
  const alone = combine([judged('a', [safe('x.mxf'), left('proxy')]), judged('b', [safe('x.mxf'), left('proxy')])], ['/in']);
  assert.equal(
    alone.notSafe.map(({ path }) => path),
    ['proxy'],
  );
  assert.ok(combine([judged('a', [safe('x.mxf'), left('proxy')]), judged('b', [safe('proxy/x.mp4')])], ['/in']).isSafe);
});

test('combine: files outside the requested folder do not count', () => {
  const answer = combine([judged('a', [safe('day1/x.mxf'), unsafe('day2/y.mxf', { kind: 'not_known' }), left('day10')])], ['/in/day1']);
  assert.equal([answer.isSafe, answer.files], [true, 1]);
});

test('combine: a route that reads only a part of the source counts for that part', () => {
  const part = judged('b', [unsafe('x.mxf', { kind: 'not_known' })], { source: '/in/cam1' });
  const answer = combine([judged('a', [safe('cam1/x.mxf'), safe('cam2/x.mxf')]), part], ['/in']);
  assert.equal([answer.isSafe, answer.files], [false, 2]);
});

test('combine: an empty source, an unread folder and an offline destination are not safe', () => {
  assert.not.ok(combine([judged('a', [])], ['/in']).isSafe);
  const files = [safe('x.mxf')];
  assert.ok(combine([judged('a', files)], ['/in']).isSafe);
  for (const over of [{ sourceCode: 'EACCES', unread: ['day1'] }, { away: { kind: 'unanswered', why: 'no answer within 2 s' } }] as const) {
    assert.not.ok(combine([judged('a', files, { audit: audit('a', over) })], ['/in']).isSafe);
  }
});

const proven = (path: string, id: string): Judged => ({ ...safe(path), copy: { id: fileId(id), mtimeNs: '7' } });

test('combine: a file is proven for each route that reads it, if all of them prove it', () => {
  const answer = combine(
    [
      judged('a', [proven('x.mxf', 'ax'), proven('y.mxf', 'ay'), unsafe('z.mxf', { kind: 'not_known' })]),
      judged('b', [proven('x.mxf', 'bx'), unsafe('y.mxf', { kind: 'not_known' })]),
    ],
    ['/in'],
  );
  assert.equal(
    answer.proven.map(({ route, path, id, mtimeNs, sizeBytes }) => [route, path, id, mtimeNs, sizeBytes]),
    [
      ['a', 'x.mxf', 'ax', '7', 10],
      ['b', 'x.mxf', 'bx', '7', 10],
    ],
  );
});

test('combine: a file that another route leaves alone is proven, and a file outside the folder is not', () => {
  const answer = combine(
    [judged('a', [proven('day1/x.mxf', '1'), proven('day2/y.mxf', '2')]), judged('b', [left('day1/x.mxf')])],
    ['/in/day1'],
  );
  assert.equal(
    answer.proven.map(({ path }) => path),
    ['day1/x.mxf'],
  );
});

for (const [what, over] of [
  ['a destination that is away', { away: { kind: 'unanswered', why: 'no answer' } }],
  ['a source that cannot be read', { sourceCode: 'EIO' }],
  ['a folder that cannot be read', { unread: ['day2'] }],
] as const) {
  test(`combine: with ${what}, nothing is proven`, () => {
    const other = judged('b', [], { audit: audit('b', over) });
    assert.equal(combine([judged('a', [proven('x.mxf', '1')]), other], ['/in']).proven, []);
  });
}

test.run();
