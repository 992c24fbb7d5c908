import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { timelineWords } from '../src/timeline-words.ts';

const id = '0f3c51d2-0000-4000-8000-000000000000';

// As core journals them.
const cases: readonly [event: string, detail: Readonly<Record<string, unknown>>, words: string][] = [
  ['found', {}, 'found'],
  ['copy begins', { part: '.a.mxf.0f3c51d2.part', compare: false }, 'copy begins: hidden, as .a.mxf.0f3c51d2.part'],
  ['copy begins', { part: null, compare: true }, 'copy begins: under its own name, what bears its name is read first'],
  ['created', { part: '.a.part', identity: { device: '8', inode: '4711' } }, 'created: hidden, as .a.part'],
  ['copied', { hash: '0123456789abcdef', bytes: 48_200_000_000 }, 'copied: hash 0123456789abcdef, 48.2 GB'],
  ['publish', { as: 'a_1.mxf', readback: 'direct' }, 'publish: as a_1.mxf, read back past the cache'],
  ['claimed', { as: 'a.mxf', identity: null }, 'claimed: as a.mxf'],
  ['published', { as: 'a.mxf', notes: [] }, 'published: as a.mxf'],
  ['published', { as: 'a.mxf', notes: ['utimes: EPERM', 'chmod: EPERM'] }, 'published: as a.mxf, utimes: EPERM and chmod: EPERM'],
  ['name taken', { taken: 'a.mxf' }, 'name taken: a.mxf is not free'],
  [
    'renamed',
    { from: 'a_1.mxf', why: 'a source file has this very name' },
    'renamed: from a_1.mxf, because a source file has this very name',
  ],
  ['found again', { after: id }, 'found again: after attempt 0f3c51d2'],
  ['found again', { by: id }, 'found again: as attempt 0f3c51d2'],
  ['network_interruption', { code: 'EIO' }, 'network interruption: code EIO'],
  ['destination not reached', { code: 'EHOSTDOWN' }, 'destination not reached: code EHOSTDOWN'],
  ['same bytes', { mtimeNs: '1700000000000000000' }, 'same bytes'],
  ['parts removed', { removed: ['.a.part'], kept: [] }, 'parts removed: gone: .a.part'],
  ['parts removed', { removed: [], kept: ['.a.part', '.b.part'] }, 'parts removed: still there: .a.part and .b.part'],
  ['leftover to be marked', { from: 'a.mxf', to: 'a.mxf.failed-0f3c51d2' }, 'leftover to be marked: from a.mxf, to a.mxf.failed-0f3c51d2'],
  ['retry asked', { by: 'ann', reason: null }, 'retry asked: by ann'],
  ['skip asked', { by: 'ann from 192.0.2.7', reason: 'not wanted' }, 'skip asked: by ann from 192.0.2.7, "not wanted"'],
  ['first came too late', { by: 'ann', reason: null, why: 'it is over' }, 'first came too late: by ann, because it is over'],
  // And what it may journal one day.
  ['moved', { leftVisible: 3, wasSeen: true, at: { device: 8 }, nothing: null }, 'moved: left visible 3, was seen yes, at device 8'],
  ['odd', { constructor: 'x' }, 'odd: constructor x'],
];
for (const [event, detail, words] of cases) {
  test(`timelineWords: ${words}`, () => assert.is(timelineWords({ event, detail }), words));
}

test('timelineWords: of anything that a journal can hold bounded words, without the signs of JSON', () => {
  const value = fc.oneof(fc.jsonValue({ stringUnit: fc.constantFrom('a', 'b') }), fc.constant('x'.repeat(5_000)));
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom('hash', 'part', 'notes', 'other', 'bytes'), value), (detail) => {
      const words = timelineWords({ event: 'something', detail });
      assert.not.match(words, /[[\]{}]/);
      assert.ok(words.length < 8 * 250);
    }),
  );
});

test.run();
