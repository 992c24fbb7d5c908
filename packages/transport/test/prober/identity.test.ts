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
const anyPlace = [null, '/mnt'];

interface Case {
  readonly what: string;
  readonly expected: string | null;
  readonly found: MarkerFound;
  readonly meant: readonly boolean[];
  readonly emptyPlaces: readonly (string | null)[];
  readonly is: Identity['kind'];
}

const cases: readonly Case[] = [
  { what: 'the marker it knows', expected: mine, found: own, meant: anyMeant, emptyPlaces: anyPlace, is: 'known' },
  { what: 'a foreign marker', expected: mine, found: others, meant: anyMeant, emptyPlaces: anyPlace, is: 'strange' },
  { what: 'no marker where one was', expected: mine, found: none, meant: anyMeant, emptyPlaces: anyPlace, is: 'strange' },
  { what: 'an unclear marker', expected: mine, found: unclear, meant: anyMeant, emptyPlaces: anyPlace, is: 'ask_again' },
  { what: 'a marker that is new to it', expected: null, found: others, meant: anyMeant, emptyPlaces: [null], is: 'known' },
  { what: 'a new folder', expected: null, found: none, meant: anyMeant, emptyPlaces: [null], is: 'unmarked' },
  { what: 'a new folder with an unclear marker', expected: null, found: unclear, meant: anyMeant, emptyPlaces: [null], is: 'ask_again' },
  { what: 'a plain folder that is meant', expected: null, found: none, meant: [true], emptyPlaces: ['/mnt'], is: 'unmarked' },
  { what: 'a plain folder that is meant and marked', expected: null, found: others, meant: [true], emptyPlaces: ['/mnt'], is: 'known' },
  { what: 'an empty place for mounts', expected: null, found: none, meant: [false], emptyPlaces: ['/mnt'], is: 'strange' },
  { what: 'an empty place with a marker below', expected: null, found: others, meant: [false], emptyPlaces: ['/mnt'], is: 'strange' },
  { what: 'an empty place, marker unclear', expected: null, found: unclear, meant: [false], emptyPlaces: ['/mnt'], is: 'strange' },
];

for (const { what, expected, found, meant, emptyPlaces, is } of cases) {
  for (const plainFolderMeant of meant) {
    for (const emptyPlace of emptyPlaces) {
      test(`judgeIdentity: ${what} is ${is} (plain folder meant: ${plainFolderMeant}, empty place: ${emptyPlace})`, () => {
        const identity = judgeIdentity({ path: '/mnt/nas', expectedMarker: expected, plainFolderMeant, found, emptyPlace });
        assert.is(identity.kind, is);
        if (identity.kind === 'known') assert.is(identity.marker, found.kind === 'found' ? found.marker : '');
      });
    }
  }
}

for (const [what, expectedMarker, found, operator, technical] of [
  ['a foreign marker', mine, others, /^WRONG DISK: \/mnt\/nas is not the destination it was/, `holds ${foreign}, expected ${mine}`],
  ['a missing one', mine, none, /^WRONG DISK: \/mnt\/nas does not hold.*is the share mounted\?$/, `is missing, expected ${mine}`],
  ['an empty place', null, none, /^nothing is mounted at \/mnt\/nas; mount the share, or adopt/, '/mnt/nas lies under /mnt'],
] as const) {
  test(`judgeIdentity: ${what} is reported twice, with what to do and with what was seen`, () => {
    const identity = judgeIdentity({ path: '/mnt/nas', expectedMarker, plainFolderMeant: false, found, emptyPlace: '/mnt' });
    assert.is(identity.kind, 'strange');
    if (identity.kind !== 'strange') return;
    assert.match(identity.operator, operator);
    assert.match(identity.technical, technical);
  });
}

test.run();
