import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type TrackedFile } from '../../src/model/file.ts';
import { fileId } from '../../src/model/ids.ts';
import { numberedName } from '../../src/policy/naming.ts';
import { nextName, planName } from '../../src/state/names.ts';
import {
  answerProbe,
  badProbe,
  beginCopy,
  copyingCore,
  createTestCore,
  entryOf,
  finish,
  ingest,
  report,
  see,
  settle,
  type TestCore,
} from '../support/test-core.ts';

const own = fileId('0000000a-0000-4000-8000-000000000000');
const other = fileId('0000000b-0000-4000-8000-000000000000');

const plan = (core: TestCore, source: string, burned: readonly string[] = [], from = 1): string =>
  planName(core.work(), core.route, { source, burned }, own, from).destination;

test('planName: the first name, if all are free', () => {
  assert.is(plan(createTestCore(), 'day1/clip.mxf'), 'day1/clip_1.mxf');
});

test('planName: skips names that another file of the route claims, but not its own', () => {
  const core = createTestCore();
  core.route.names.set('clip_1.mxf', other);
  core.route.names.set('clip_2.mxf', own);
  assert.is(plan(core, 'clip.mxf'), 'clip_2.mxf');
});

test('planName: skips names that earlier files have in the journal', () => {
  const core = createTestCore({ image: { usedNames: [{ route: ingest, destination: 'clip_1.mxf', fileId: other }] } });
  assert.is(plan(core, 'clip.mxf'), 'clip_2.mxf');
});

test('planName: skips names in the source listing', () => {
  const core = createTestCore();
  see(core, entryOf('clip_1.mxf', 10));
  core.route.names.delete('clip_1.mxf');
  assert.is(plan(core, 'clip.mxf'), 'clip_2.mxf');
});

test('planName: skips burned names', () => {
  assert.is(plan(createTestCore(), 'clip.mxf', ['clip_1.mxf', 'clip_3.mxf']), 'clip_2.mxf');
});

test('planName: uses the suffix of the route', () => {
  const core = createTestCore({ route: { recovery: { rename: 'always', suffix: '-take{n}', leftover: 'keep', maxVisible: 3 } } });
  assert.is(plan(core, 'clip.mxf'), 'clip-take1.mxf');
});

test('planName: the smallest free name, for every reason that a name is not free', () => {
  const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { maxLength: 6 });
  fc.assert(
    fc.property(numbers, numbers, numbers, fc.integer({ min: 1, max: 4 }), (claimed, listed, burned, from) => {
      const core = createTestCore();
      const name = (n: number): string => numberedName('clip.mxf', n, '_{n}');
      see(core, ...listed.map((n) => entryOf(name(n), 10)));
      for (const n of claimed) core.route.names.set(name(n), other);
      const taken = new Set([...claimed, ...listed, ...burned]);
      let smallest = from;
      while (taken.has(smallest)) smallest += 1;
      assert.is(plan(core, 'clip.mxf', burned.map(name), from), name(smallest));
    }),
    { numRuns: 60 },
  );
});

test('nextName: the next number after its own, for the source name', () => {
  const core = createTestCore();
  see(core, entryOf('clip.mxf', 10));
  const file = core.file('clip.mxf');
  assert.equal(nextName(core.work(), core.route, file), { destination: 'clip_1.mxf', nameNumber: 1 });
  const second: TrackedFile = { ...file, destination: 'clip_1.mxf', nameNumber: 1 };
  assert.equal(nextName(core.work(), core.route, second), { destination: 'clip_2.mxf', nameNumber: 2 });
});

test('yieldName: a source file takes the name that a recovery had only planned', () => {
  const core = copyingCore(['clip.mxf']);
  answerProbe(core, badProbe);
  assert.is(core.file('clip.mxf').destination, 'clip_1.mxf');
  see(core, entryOf('clip_1.mxf', 20));
  assert.is(core.file('clip_1.mxf').destination, 'clip_1.mxf');
  assert.is(core.file('clip.mxf').destination, 'clip_2.mxf');
  assert.is(core.file('clip.mxf').nameReason, 'recovery');
});

test('yieldName: a name that a copy has already is not given up, and the source file of that name gets another one later', () => {
  const core = copyingCore(['clip.mxf']);
  answerProbe(core, badProbe);
  answerProbe(core);
  beginCopy(core, 'clip.mxf');
  see(core, entryOf('clip_1.mxf', 20));
  assert.is(core.file('clip.mxf').destination, 'clip_1.mxf');
});

test('a lineage that is interrupted thirty times and leaves nothing visible: needs only one other name', () => {
  const core = copyingCore(['clip.mxf']);
  const seen = new Set<string>([core.file('clip.mxf').destination]);
  for (let attempt = 1; attempt <= 30; attempt += 1) {
    answerProbe(core, badProbe);
    while (core.file('clip.mxf').status === 'READY') answerProbe(core);
    const { destination, nameReason } = core.file('clip.mxf');
    assert.is(nameReason, 'recovery');
    seen.add(destination);
    beginCopy(core, 'clip.mxf');
  }
  assert.equal([...seen], ['clip.mxf', 'clip_1.mxf']);
  finish(core, 'clip.mxf');
  assert.is(core.file('clip.mxf').status, 'COMPLETED');
});

test('a file that is copied again after it changed gets another name if its own is taken', () => {
  const core = copyingCore(['clip.mxf']);
  finish(core, 'clip.mxf');
  // A file that changed soon after its copy rests twice as long.
  for (let rests = 0; rests < 2; rests += 1) {
    settle(core, entryOf('clip.mxf', 2_000, 2));
    answerProbe(core);
  }
  const { fingerprint, destination } = core.file('clip.mxf');
  assert.is(destination, 'clip.mxf');
  report(core, 'clip.mxf', {
    kind: 'preflight',
    preflight: { sourceFingerprint: fingerprint, isOther: false, existingSizeBytes: 1_000, freeBytes: null },
  });
  const { destination: taken, nameReason, attempt } = core.file('clip.mxf');
  assert.equal([taken, nameReason, attempt], ['clip_1.mxf', 'name_taken', 1]);
});

test.run();
