import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { invalidNamesText, proofWarning, roomChecked, sourceText } from '../../src/commands/setup/folder-words.ts';

type Source = Parameters<typeof sourceText>[0];

const surveyed = {
  description: '(LOCAL DISK)',
  mayLackLinks: false,
  failure: null,
  unreadPath: null,
  taken: 2,
  takenBytes: 7_000,
  largest: { path: 'a.mxf', sizeBytes: 5_000 },
  folders: 1,
  watchLimit: null,
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
    '(LOCAL DISK) contains day1/locked, which cannot be read: EACCES',
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
    '"a\ufffd.mov" has a name that is not valid UTF-8 and cannot be copied; rename it',
  ],
  [
    'with more than are shown',
    { ...surveyed, invalidNames: ['a', 'b', 'c', 'd', 'e'], invalidCount: 40 },
    '"a" and 39 more have names that are not valid UTF-8 and cannot be copied; rename them',
  ],
  [
    'with a long one',
    { ...surveyed, invalidNames: ['n'.repeat(255)], invalidCount: 1 },
    `"${'n'.repeat(60)}..." has a name that is not valid UTF-8 and cannot be copied; rename it`,
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

const rooms: readonly [what: string, destination: Parameters<typeof roomChecked>[1], code: string | null, text: string | null][] = [
  ['with room for all', there(5e11), null, null],
  ['that does not say', there(null), null, null],
  ['that does not answer', { kind: 'unanswered', why: 'too late' }, null, null],
  [
    'below what stays free',
    there(1.999e9),
    'no_room',
    'there is no room, so nothing can be copied: 1.999 GB free; space.keep_free = 2.000 GB must stay free',
  ],
  [
    'with room for some',
    there(2.6e9),
    'not_all_fit',
    'not all files fit, unless some are already copied: 2.60 GB free; space.keep_free = 2.00 GB must stay free; the 3 files at the source have 734 MB',
  ],
  [
    'that is smaller than a file',
    there(2.5e9, 2.5e9),
    'file_too_large',
    '2.50 GB free; space.keep_free = 2.00 GB must stay free; reel.mxf (600 MB) can never fit: the whole destination has 2.50 GB',
  ],
];
for (const [what, destination, code, text] of rooms) {
  test(`roomChecked: a destination ${what}`, () => {
    const checked = roomChecked(reel, destination, { bytes: 2e9 });
    assert.equal([checked?.code ?? null, checked?.text ?? null], [code, text]);
  });
}

test('proofWarning: names a mount that may cache what is written, for a known and a new destination', () => {
  const mount = { path: '/mnt/nas', mountId: 41 } as const;
  const keeps = { ...mount, cache: 'writes' } as const;
  const description = '(rclone remote:bucket)';
  assert.match(proofWarning({ kind: 'unmarked', mount: keeps, description }) ?? '', /still be on this machine/);
  assert.match(proofWarning({ ...there(1), mount: keeps } as Parameters<typeof proofWarning>[0]) ?? '', /still be on this machine/);
  assert.is(proofWarning({ kind: 'unmarked', mount: { ...mount, cache: 'reads' }, description }), null);
  assert.is(proofWarning({ kind: 'unmarked', mount, description }), null);
});

test.run();
