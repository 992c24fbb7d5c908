import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { table } from '../../src/figures/columns.ts';

const columns = [
  { title: 'NAME', cell: (row: readonly [string, string]) => row[0] },
  { title: 'SIZE', cell: (row: readonly [string, string]) => row[1], align: 'right' as const },
];

test('table: columns are as wide as their cells, figures stand right', () => {
  assert.equal(
    table(columns, [
      ['a.mxf', '5 B'],
      ['longer name.mxf', '100 MB'],
    ]),
    ['NAME               SIZE', 'a.mxf               5 B', 'longer name.mxf  100 MB'],
  );
});

test('table: wide characters count as they are shown', () => {
  assert.equal(
    table(columns, [
      ['録画.mov', '1 B'],
      ['abcdefgh', '2 B'],
    ]),
    ['NAME      SIZE', '録画.mov   1 B', 'abcdefgh   2 B'],
  );
});

test('table: nothing in a cell reaches a terminal as anything but visible characters', () => {
  const [, line] = table(columns, [['a\u001b[2Jb\u202ec\nd', '1 B']]);
  assert.is(line, 'a?[2Jb?c?d   1 B');
});

test.run();
