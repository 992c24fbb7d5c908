import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { invalidNamesText, proofWarning, roomChecked, sourceText } from '../../src/commands/setup/folder-words.ts';

type Source = Parameters<typeof sourceText>[0];

const surveyed = {
  description: '(LOCAL DISK)',
  failure: null,
  unreadPath: null,
  taken: 2,
  takenBytes: 7_000,
  largest: { path: 'a.mxf', sizeBytes: 5_000 },
  invalidNames: [],
  invalidCount: 0,
  leftAlone: [],
  unmatched: [],
} as const;

const cases: readonly [what: string, source: Source, text: string][] = [
  ['can be read', surveyed, '(LOCAL DISK) 2 files, 7.0 KB'],
  ['cannot be read', { ...surveyed, failure: 'EACCES' }, '(LOCAL DISK) cannot be read: EACCES'],
  [
    'holds a folder that cannot be read',
    { ...surveyed, failure: 'EACCES', unreadPath: 'day1/locked' },
    '(LOCAL DISK) holds what cannot be read, day1/locked: EACCES',
  ],
];
for (const [what, source, text] of cases) {
  test(`sourceText: a source that ${what}`, () => assert.is(sourceText(source), text));
}

const names: readonly [what: string, source: Source, text: string | null][] = [
  ['whose names are all well', surveyed, null],
  ['that does not answer', { kind: 'unanswered', why: 'too late' }, null],
  [
    'with one bad name',
    { ...surveyed, invalidNames: ['a\ufffd.mov'], invalidCount: 1 },
    '"a\ufffd.mov" has a name that cannot be carried (not valid UTF-8)',
  ],
  [
    'with more than are shown',
    { ...surveyed, invalidNames: ['a', 'b', 'c', 'd', 'e'], invalidCount: 40 },
    '"a" and 39 more have names that cannot be carried (not valid UTF-8)',
  ],
  [
    'with a long one',
    { ...surveyed, invalidNames: ['n'.repeat(255)], invalidCount: 1 },
    `"${'n'.repeat(60)}..." has a name that cannot be carried (not valid UTF-8)`,
  ],
];
for (const [what, source, text] of names) {
  test(`invalidNamesText: a source ${what}`, () => assert.is(invalidNamesText(source), text));
}

const there = (freeBytes: number | null, totalBytes = 1e12): Parameters<typeof roomChecked>[1] => ({
  kind: 'good',
  mount: { path: '/mnt/nas', mountId: 41 },
  space: { totalBytes, freeBytes },
  isFull: false,
  description: '(nfs4 nas01:/ingest)',
  marker: null,
});
const reel = { ...surveyed, taken: 3, takenBytes: 7.34e8, largest: { path: 'reel.mxf', sizeBytes: 6e8 } };

const rooms: readonly [what: string, destination: Parameters<typeof roomChecked>[1], isGood: boolean | null, text: string | null][] = [
  ['with room for all', there(5e11), null, null],
  ['that does not say', there(null), null, null],
  ['that does not answer', { kind: 'unanswered', why: 'too late' }, null, null],
  ['below what stays free', there(1.999e9), false, 'no room, nothing is copied: 1.999 GB free; space.keep_free = 2.000 GB must stay free'],
  [
    'with room for some',
    there(2.6e9),
    true,
    'there is no room for all of it, unless some is copied already: 2.60 GB free; space.keep_free = 2.00 GB must stay free; the 3 files at the source have 734 MB',
  ],
  [
    'that is smaller than a file',
    there(2.5e9, 2.5e9),
    false,
    '2.50 GB free; space.keep_free = 2.00 GB must stay free; reel.mxf (600 MB) never fits: the whole destination has 2.50 GB',
  ],
];
for (const [what, destination, isGood, text] of rooms) {
  test(`roomChecked: a destination ${what}`, () => {
    const checked = roomChecked(reel, destination, { bytes: 2e9 });
    assert.equal([checked?.isGood ?? null, checked?.text ?? null], [isGood, text]);
  });
}

test('proofWarning: a mount that may keep what is written is named, whether its destination is known or new', () => {
  const mount = { path: '/mnt/nas', mountId: 41 } as const;
  const keeps = { ...mount, cache: 'writes' } as const;
  const description = '(rclone remote:bucket)';
  assert.match(proofWarning({ kind: 'unmarked', mount: keeps, description }) ?? '', /still be on this machine/);
  assert.match(proofWarning({ ...there(1), mount: keeps } as Parameters<typeof proofWarning>[0]) ?? '', /still be on this machine/);
  assert.is(proofWarning({ kind: 'unmarked', mount: { ...mount, cache: 'reads' }, description }), null);
  assert.is(proofWarning({ kind: 'unmarked', mount, description }), null);
});

test.run();
