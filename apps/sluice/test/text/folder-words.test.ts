import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { sourceText } from '../../src/text/folder-words.ts';

type Source = Parameters<typeof sourceText>[0];

const surveyed = {
  description: '(LOCAL DISK)',
  failure: null,
  unreadPath: null,
  taken: 2,
  takenBytes: 7_000,
  invalidNames: [],
  leftAlone: [],
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

test.run();
