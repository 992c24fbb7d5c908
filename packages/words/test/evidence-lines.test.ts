import type { EvidenceJson } from '@sluice/control';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { evidenceLines, evidenceTexts } from '../src/evidence-lines.ts';

const evidence: EvidenceJson = {
  v: 1,
  route: 'ingest',
  destination: '/mnt/nas',
  description: '(LOCAL DISK, same as system)',
  knownMarker: 'a',
  foundMarker: 'b',
  asked: 20,
  present: 20,
  missing: [],
  trouble: null,
};

const cases: readonly [claim: string, change: Partial<EvidenceJson>, first: RegExp][] = [
  ['nothing of what was carried is there', { present: 0, missing: ['x', 'y', 'z', 'q'] }, /ANOTHER DISK/],
  ['some of it is missing', { present: 12 }, /older copy/],
  ['all of it is there', {}, /most likely the same disk with a new marker/],
  ['nothing was carried yet', { asked: 0, present: 0 }, /^Nothing shows/],
  ['it is the known disk', { foundMarker: 'a', present: 0 }, /It is the known disk/],
  ['it does not answer', { trouble: 'no answer within 30000 ms' }, /does not answer: no answer/],
];

for (const [claim, change, first] of cases) {
  test(`evidenceLines: ${claim}`, () => assert.match(evidenceLines({ ...evidence, ...change }).at(0) ?? '', first));
}

test('evidenceLines: another disk at the source', () => {
  const line = (files: number): string => evidenceLines({ ...evidence, otherSource: { path: '/card', files } })[0] ?? '';
  assert.is(
    line(1),
    'ANOTHER DISK is at the source /card: 1 file that was copied from an earlier disk waits to be removed there. If you adopt, they are not removed any more.',
  );
  assert.match(line(2), '2 files that were copied from an earlier disk wait');
});

test('evidenceLines: names at most three missing copies', () => {
  const lines = evidenceLines({ ...evidence, present: 0, missing: ['x', 'y', 'z', 'q'] });
  assert.equal(lines.filter((line) => line.includes('not there:')).length, 3);
});

for (const [claim, change] of cases) {
  test(`evidenceTexts: the last text is brief: ${claim}`, () => {
    const tellings = evidenceTexts({ ...evidence, ...change, destination: '/d', description: '(LOCAL DISK)' });
    assert.equal(tellings[0], evidenceLines({ ...evidence, ...change, destination: '/d', description: '(LOCAL DISK)' }));
    const last = tellings.at(-1) ?? [];
    assert.ok(last.length <= 5);
    assert.ok((last[0]?.length ?? 99) <= 34, last[0]);
    assert.ok(last.includes('/d'));
  });
}

test.run();
