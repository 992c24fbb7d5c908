import { anyCharacter } from '@sluice/core/fixtures/any-character';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Cell, csvText } from '../../src/export/csv.ts';
import { hostileNames } from '../views/hostile-names.ts';

const cellOf = (cell: Cell): string =>
  csvText([[cell]])
    .replace('\ufeff', '')
    .replace(/\r\n$/, '');

const cells: readonly [cell: Cell, text: string][] = [
  ['clip.mxf', '"clip.mxf"'],
  ['a "quoted", name', '"a ""quoted"", name"'],
  ['line\r\nfeed\ttab', '"line??feed?tab"'],
  ['rtl\u202efxm', '"rtl?fxm"'],
  ['=HYPERLINK("x")', '"\'=HYPERLINK(""x"")"'],
  ['+1', '"\'+1"'],
  ['-1', '"\'-1"'],
  ['@SUM(A1)', '"\'@SUM(A1)"'],
  ['  =1', '"\'  =1"'],
  ['\n=1', '"?=1"'],
  ['"=1', '"\'""=1"'],
  ['＝1', '"\'＝1"'],
  ['a;=1;b', '"a;\'=1;b"'],
  ['a-b=c', '"a-b=c"'],
  [48_200_000_000, '48200000000'],
  [Number.NaN, ''],
  [null, ''],
  ['', ''],
];

for (const [cell, text] of cells) test(`csvText: ${JSON.stringify(cell)}`, () => assert.is(cellOf(cell), text));

test('csvText: a byte order mark, rows of cells, ends of lines as in RFC 4180', () => {
  assert.is(
    csvText([
      ['a', 1],
      [null, 'b'],
    ]),
    '\ufeff"a",1\r\n,"b"\r\n',
  );
});

/** Reads CSV by RFC 4180, independently of the code that writes it, as a spreadsheet would. */
function read(text: string, divider: string): string[][] {
  const rows: string[][] = [[]];
  let cell = '';
  let isQuoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index] ?? '';
    if (isQuoted && character === '"' && text[index + 1] === '"') cell += text[++index];
    else if (character === '"' && (isQuoted || cell === '')) isQuoted = !isQuoted;
    else if (!isQuoted && character === divider) {
      rows.at(-1)?.push(cell);
      cell = '';
    } else if (!isQuoted && character === '\r' && text[index + 1] === '\n') {
      rows.at(-1)?.push(cell);
      cell = '';
      rows.push([]);
      index += 1;
    } else cell += character;
  }
  return rows.slice(0, -1);
}

const anyText = fc.oneof(
  fc.constantFrom(...hostileNames),
  fc.string({ unit: anyCharacter, maxLength: 30 }),
  fc.string({ unit: fc.constantFrom('=', '+', '-', '@', '"', ';', ',', '\r', '\n', '\t', ' ', "'", 'a'), maxLength: 12 }),
);

test('csvText: any names give one row on each line, with the same number of cells, and no formula', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(anyText, anyText, fc.nat()), { minLength: 1, maxLength: 5 }), (rows) => {
      const text = csvText(rows).slice(1);
      const found = read(text, ',');
      assert.equal(
        found.map((row) => row.length),
        rows.map(() => 3),
      );
      assert.is(text.split('\r\n').length, rows.length + 1);
      assert.not.match(text.replaceAll('\r\n', ''), /[\p{Cc}\p{Zl}\p{Zp}]/u);
      for (const cell of found.flat()) assert.not.match(cell, /^\s*[=+\-@]/);
      for (const cell of read(text, ';').flat()) assert.not.match(cell, /^\s*[=+\-@]/);
    }),
    { numRuns: 2_000 },
  );
});

test.run();
