import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { invalidNamesText, sourceText } from '../../src/commands/setup/folder-words.ts';

type Source = Parameters<typeof sourceText>[0];

const surveyed = {
  description: '(LOCAL DISK)',
  failure: null,
  unreadPath: null,
  taken: 2,
  takenBytes: 7_000,
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

test.run();
