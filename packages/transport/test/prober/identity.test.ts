import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { MarkerFound } from '../../src/mounted/marker.ts';
import { type Identity, judgeIdentity } from '../../src/prober/identity.ts';

const mine = '11111111-1111-4111-8111-111111111111';
const foreign = '22222222-2222-4222-8222-222222222222';

const none: MarkerFound = { kind: 'none' };
const unclear: MarkerFound = { kind: 'unclear' };
const own: MarkerFound = { kind: 'found', marker: mine };
const others: MarkerFound = { kind: 'found', marker: foreign };
const anyMeant = [false, true];
const anyMountFolder = [null, '/mnt'];

interface Case {
  readonly what: string;
  readonly expected: string | null;
  readonly found: MarkerFound;
  readonly meant: readonly boolean[];
  readonly emptyMountFolders: readonly (string | null)[];
  readonly is: Identity['kind'];
}

const cases: readonly Case[] = [
  { what: 'the marker it knows', expected: mine, found: own, meant: anyMeant, emptyMountFolders: anyMountFolder, is: 'known' },
  { what: 'a foreign marker', expected: mine, found: others, meant: anyMeant, emptyMountFolders: anyMountFolder, is: 'strange' },
  { what: 'no marker where one was', expected: mine, found: none, meant: anyMeant, emptyMountFolders: anyMountFolder, is: 'strange' },
  { what: 'an unclear marker', expected: mine, found: unclear, meant: anyMeant, emptyMountFolders: anyMountFolder, is: 'ask_again' },
  { what: 'a marker that is new to it', expected: null, found: others, meant: anyMeant, emptyMountFolders: [null], is: 'known' },
  { what: 'a new folder', expected: null, found: none, meant: anyMeant, emptyMountFolders: [null], is: 'unmarked' },
  {
    what: 'a new folder with an unclear marker',
    expected: null,
    found: unclear,
    meant: anyMeant,
    emptyMountFolders: [null],
    is: 'ask_again',
  },
  { what: 'a plain folder that is meant', expected: null, found: none, meant: [true], emptyMountFolders: ['/mnt'], is: 'unmarked' },
  {
    what: 'a plain folder that is meant and marked',
    expected: null,
    found: others,
    meant: [true],
    emptyMountFolders: ['/mnt'],
    is: 'known',
  },
  { what: 'an empty mount folder', expected: null, found: none, meant: [false], emptyMountFolders: ['/mnt'], is: 'strange' },
  {
    what: 'an empty mount folder with a marker below',
    expected: null,
    found: others,
    meant: [false],
    emptyMountFolders: ['/mnt'],
    is: 'strange',
  },
  { what: 'an empty mount, marker unclear', expected: null, found: unclear, meant: [false], emptyMountFolders: ['/mnt'], is: 'strange' },
];

for (const { what, expected, found, meant, emptyMountFolders, is } of cases) {
  for (const plainFolderMeant of meant) {
    for (const emptyMountFolder of emptyMountFolders) {
      test(`judgeIdentity: ${what} is ${is} (plain folder meant: ${plainFolderMeant}, empty mount folder: ${emptyMountFolder})`, () => {
        const identity = judgeIdentity({ expectedMarker: expected, plainFolderMeant, found, emptyMountFolder });
        assert.is(identity.kind, is);
        if (identity.kind === 'known') assert.is(identity.marker, found.kind === 'found' ? found.marker : '');
      });
    }
  }
}

for (const [what, expectedMarker, found, finding] of [
  ['a foreign marker', mine, others, { kind: 'marker_differs', found: foreign, expected: mine }],
  ['a missing one', mine, none, { kind: 'marker_missing', expected: mine }],
  ['an empty mount folder', null, none, { kind: 'nothing_mounted', under: '/mnt' }],
] as const) {
  test(`judgeIdentity: ${what} is ${finding.kind}, with what was seen and expected`, () => {
    const identity = judgeIdentity({ expectedMarker, plainFolderMeant: false, found, emptyMountFolder: '/mnt' });
    assert.equal(identity, { kind: 'strange', finding });
  });
}

test.run();
