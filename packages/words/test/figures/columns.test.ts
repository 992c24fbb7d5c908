import stringWidth from 'string-width';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { table } from '../../src/figures/columns.ts';

const columns = [
  { title: 'NAME', cell: (row: readonly [string, string]) => row[0] },
  { title: 'SIZE', cell: (row: readonly [string, string]) => row[1], align: 'right' as const },
];

test('table: columns are as wide as their cells, and figures are aligned right', () => {
  assert.equal(
    table(columns, [
      ['a.mxf', '5 B'],
      ['longer name.mxf', '100 MB'],
    ]),
    ['NAME               SIZE', 'a.mxf               5 B', 'longer name.mxf  100 MB'],
  );
});

test('table: wide characters count as they are displayed', () => {
  assert.equal(
    table(columns, [
      ['録画.mov', '1 B'],
      ['abcdefgh', '2 B'],
    ]),
    ['NAME      SIZE', '録画.mov   1 B', 'abcdefgh   2 B'],
  );
});

test('table: a cell never reaches a terminal as anything but visible characters', () => {
  const [, line] = table(columns, [['a\u001b[2Jb\u202ec\nd', '1 B']]);
  assert.is(line, 'a?[2Jb?c?d   1 B');
});

const wide = [
  { title: 'NAME', cell: (row: readonly [string, string, string]) => row[0], gives: 'middle' as const },
  { title: 'SIZE', cell: (row: readonly [string, string, string]) => row[1], align: 'right' as const },
  { title: '', cell: (row: readonly [string, string, string]) => row[2], gives: 'end' as const },
];
const row = ['day1/card3/interview_with_the_mayor_0041.mxf', '5 B', 'needs you after 4 failed attempts: no room'] as const;

for (const [width, line] of [
  [null, 'day1/card3/interview_with_the_mayor_0041.mxf   5 B  needs you after 4 failed attempts: no room'],
  [200, 'day1/card3/interview_with_the_mayor_0041.mxf   5 B  needs you after 4 failed attempts: no room'],
  [80, 'day1/card3/intervi…_the_mayor_0041.mxf   5 B  needs you after 4 failed attempts…'],
  [50, 'day1/card3/…or_0041.mxf   5 B  needs you after 4 …'],
  [20, 'day1/…41.mxf   5 B  needs y…'],
] as const) {
  test(`table in ${width} columns: names give way in the middle, sentences at their end, and neither altogether`, () => {
    const [, shown = ''] = table(wide, [row], { width });
    assert.ok(width === null || width < 40 || stringWidth(shown) <= width);
    assert.is(shown, line);
  });
}

test('table: wide characters are not cut in two', () => {
  const [, shown = ''] = table(wide, [['録画録画録画録画録画録画.mov', '1 B', '']], { width: 26 });
  assert.ok(stringWidth(shown) <= 26, shown);
});

test('table: colours take no column, and stand around the text alone', () => {
  const paint = (text: string, tone: string | null): string => (tone === null ? text : `<${text}>`);
  const tones = [
    { title: 'STATE', cell: (each: string) => each, tone: () => 'good' as const },
    { title: 'SIZE', cell: () => '5 B', align: 'right' as const, tone: () => 'dim' as const },
    { title: '', cell: (each: string) => each, tone: () => null },
  ];
  assert.equal(table(tones, ['a', 'DONE'], { paint }), ['<STATE>  <SIZE>  <>', '<a>       <5 B>  a', '<DONE>    <5 B>  DONE']);
});

test('table: an empty column is left out', () => {
  assert.equal(table(columns, [['', '5 B']]), ['SIZE', ' 5 B']);
  assert.equal(table(columns, []), ['NAME  SIZE']);
});

test.run();
