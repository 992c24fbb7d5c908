import stringWidth from 'string-width';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loadBlessed } from '../../../src/blessed/library/load.ts';
import { clustersOf, isPlainlyNarrow } from '../../../src/picture/text/clusters.ts';
import { hostileNames } from '../hostile-names.ts';

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const segmented = (text: string): string[] => [...segmenter.segment(text)].map(({ segment }) => segment);
// Of the many ideographs and syllables, one in a hundred.
const everyCharacter = Array.from({ length: 0x1_0000 }, (_, code) => code)
  .filter((code) => code < 0x31_00 || code % 97 === 0)
  .map((code) => String.fromCharCode(code));
// Characters that join in every way: a line break, a letter, a mark, a Hangul initial, vowel and whole syllable, a joiner, a
// variation, a sign that comes before.
const neighbours = ['', 'a', '\n', '\u0301', '\u1100', '\u1161', '\uac00', '\u200d', '\ufe0f', '\u0600', '\u25b6', '\u4e00'];

for (const [where, textOf] of [
  ['before', (one: string, other: string) => one + other],
  ['after', (one: string, other: string) => other + one],
] as const) {
  test(`clustersOf: every character ${where} another is cut according to Unicode`, () => {
    for (const one of everyCharacter) {
      for (const other of neighbours) {
        const text = textOf(one, other);
        const clusters = clustersOf(text);
        // Otherwise the result is the segmenter's own.
        if (clusters === text) assert.equal([...clusters], segmented(text), JSON.stringify(text));
      }
    }
  });
}

test('clustersOf: the segmenter is not used for the characters of every picture', () => {
  for (const text of ['plain', '─│┌┐└┘█░▁▂▃▄▅▆▇', 'name…mov → x', 'Aufnahme_ä_é.mxf', '映像.mov']) assert.is(clustersOf(text), text);
});

test('clustersOf: hostile names are cut according to Unicode', () => {
  for (const name of hostileNames) assert.equal([...clustersOf(name)], segmented(name));
});

test('isPlainlyNarrow: only for characters that string-width and blessed give one column too', () => {
  const { unicode } = loadBlessed();
  const narrow = everyCharacter.filter(isPlainlyNarrow);
  assert.ok(narrow.length > 200);
  for (const character of narrow) {
    const widths = [stringWidth(character), unicode.charWidth(character), unicode.strWidth(character)];
    assert.equal(widths, [1, 1, 1], JSON.stringify(character));
  }
  for (const other of ['', 'ab', 'e\u0301', '\u4e00', '\x1b', '\x7f']) assert.not(isPlainlyNarrow(other));
});

test.run();
