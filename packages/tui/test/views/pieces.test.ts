import stringWidth from 'string-width';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { blank, filled, fitted, piece, rowOf, spread } from '../../src/picture/pieces/pieces.ts';
import { typedText } from '../../src/picture/pieces/typed-text.ts';
import { cutText, type Keep } from '../../src/picture/text/cut-text.ts';
import { wrapText } from '../../src/picture/text/wrap.ts';
import { hostileNames } from './hostile-names.ts';
import { ascii, textOf, themes, unicode } from './themes.ts';

const cuts: readonly [text: string, columns: number, keep: Keep, shown: string, inAscii: string][] = [
  ['cam-b_0042.mov', 14, 'ends', 'cam-b_0042.mov', 'cam-b_0042.mov'],
  ['cam-b_0042.mov', 9, 'ends', 'cam…2.mov', 'cam...mov'],
  ['cam-b_0042.mov', 9, 'start', 'cam-b_00…', 'cam-b_0..'],
  ['cam-b_0042.mov', 9, 'end', '…0042.mov', '..042.mov'],
  ['cam-b_0042.mov', 2, 'ends', 'ca', 'ca'],
  ['cam-b_0042.mov', 0, 'ends', '', ''],
  ['日本語.mov', 8, 'ends', '日….mov', '??...mov'],
];

for (const [text, columns, keep, shown, inAscii] of cuts) {
  test(`cutText of ${text} to ${columns}, keeping the ${keep}`, () => {
    assert.is(cutText(text, columns, unicode, keep).text, shown);
    assert.is(cutText(text, columns, ascii, keep).text, inAscii);
  });
}

test('cutText: cuts any name to any width, and returns the width', () => {
  for (const name of hostileNames) {
    for (const keep of ['start', 'ends', 'end'] as const) {
      for (let columns = 0; columns < 40; columns += 1) {
        const { text, width } = cutText(name, columns, unicode, keep);
        assert.ok(width <= columns, `${JSON.stringify(name)} to ${columns}`);
        assert.is(stringWidth(text), width);
      }
    }
  }
});

test('fitted: fills and aligns', () => {
  assert.is(fitted('12G', 6, 'plain', unicode, { align: 'right' }).text, '   12G');
  assert.is(fitted('12G', 6, 'plain', unicode).text, '12G   ');
  assert.is(fitted('日本語', 4, 'plain', unicode).text, '日… ');
  assert.is(fitted('x', -3, 'plain', unicode).text, '');
});

test('spread: the right side keeps its room', () => {
  const left = [piece('left side', 'plain', unicode)];
  const right = [piece('right', 'key', unicode)];
  assert.is(textOf(spread(left, right, 20, unicode)), 'left side      right');
  assert.is(textOf(spread(left, right, 10, unicode)), 'left…right');
  assert.is(textOf(spread(left, right, 3, unicode)), 'ri…');
});

test('filled: cuts a long line, and fills a short one', () => {
  const line = [piece('one ', 'plain', unicode), piece('日本', 'key', unicode), piece(' three', 'dim', unicode)];
  assert.is(textOf(filled(line, 20, unicode)), 'one 日本 three      ');
  assert.is(textOf(filled(line, 7, unicode)), 'one 日…');
  assert.is(textOf(filled([], 3, unicode)), '   ');
});

test('rowOf: joins pieces of one tone', () => {
  const row = rowOf([piece('a', 'bad', unicode), piece('b', 'bad', unicode), blank(1)], 4, unicode);
  assert.equal(row, [
    { text: 'ab', tone: 'bad' },
    { text: '  ', tone: 'plain' },
  ]);
});

test('rowOf: without colours, bold and inverse stand for the tones', () => {
  const of = (tone: 'bad' | 'alarm' | 'selected' | 'good') => rowOf([piece('a', tone, themes.mono)], 1, themes.mono)[0];
  assert.equal(of('bad'), { text: 'a', tone: 'plain', bold: true });
  assert.equal(of('alarm'), { text: 'a', tone: 'plain', bold: true, inverse: true });
  assert.equal(of('selected'), { text: 'a', tone: 'plain', inverse: true });
  assert.equal(of('good'), { text: 'a', tone: 'plain' });
});

for (const [text, after, columns, shown, caret] of [
  ['abc', 0, 10, 'abc', 3],
  ['abc', 2, 10, 'abc', 1],
  ['', 0, 10, '', 0],
  ['abcdefghij', 0, 6, '…fghij', 6],
  ['abcdefghij', 10, 6, 'ab…', 0],
  ['abcdefghij', 3, 6, '…fghij', 3],
  ['日本語', 1, 10, '日本語', 4],
  ['abc', 1, 0, '', 0],
] as const) {
  test(`typedText of ${text} with ${after} behind the caret in ${columns} columns`, () =>
    assert.equal(typedText({ text, after }, columns, unicode), { text: shown, width: stringWidth(shown), caret }));
}

const wraps: readonly [text: string, columns: number, lines: readonly string[]][] = [
  ['one two three', 7, ['one two', 'three']],
  ['onetwothree', 4, ['onet', 'woth', 'ree']],
  ['  known as      1234', 30, ['  known as      1234']],
  ['  indented text that is long', 12, ['  indented', '  text that', '  is long']],
  ['', 10, ['']],
  ['日本語日本語', 5, ['日本', '語日', '本語']],
];

for (const [text, columns, lines] of wraps) {
  test(`wrapText of ${JSON.stringify(text)} to ${columns}`, () => assert.equal(wrapText(text, columns, unicode), lines));
}

test('wrapText: bounds the room of a name', () => {
  assert.ok(wrapText('x'.repeat(100_000), 10, unicode).length <= 40);
  assert.ok(wrapText('x '.repeat(100_000), 10, unicode).length <= 40);
});

test.run();
