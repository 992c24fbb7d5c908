import { matchesName } from '@sluice/core/pattern';
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { comparedPath, readPattern } from '../../src/rules/pattern.ts';

/** A path with `/` at its end is a folder. */
const matches = (pattern: string, path: string): boolean =>
  readPattern(pattern).matches(comparedPath(path.replace(/\/$/, '')), path.endsWith('/'));

const rows: readonly (readonly [pattern: string, yes: readonly string[], no: readonly string[]])[] = [
  ['*', ['a', 'x/a', 'x/'], []],
  ['**', ['a', 'x/a', 'x/'], []],
  ['**/*', ['a', 'x/a', 'x/y/a'], []],
  ['*.mxf', ['a.mxf', 'day1/A001.MXF', '.mxf'], ['a.mxf.txt', 'mxf', 'a.mxf/b']],
  ['./*.mxf', ['a.mxf'], ['day1/a.mxf']],
  ['day1/*.mxf', ['day1/a.mxf', 'DAY1/a.mxf'], ['x/day1/a.mxf', 'day1/x/a.mxf']],
  ['proxy', ['proxy', 'proxy/', 'x/Proxy/'], ['proxy/a', 'proxy2']],
  ['proxy/', ['proxy/', 'proxy/a', 'x/proxy/y/a', 'PROXY/a'], ['proxy', 'x/proxy', 'proxy2/a']],
  ['./proxy/', ['proxy/', 'proxy/a'], ['x/proxy/a']],
  ['proxy/**', ['proxy/', 'proxy/a', 'proxy/x/a'], ['proxy', 'x/proxy/a']],
  ['proxy/**/', ['proxy/', 'proxy/a'], ['proxy', 'x/proxy/a']],
  ['**/proxy/', ['proxy/', 'x/proxy/a'], ['proxy']],
  ['proxy/*', ['proxy/a', 'proxy/x/'], ['proxy/', 'proxy/x/a']],
  ['a/**/b', ['a/b', 'a/x/b', 'a/x/y/b'], ['a/x', 'b', 'x/a/b']],
  ['A00?.mov', ['A001.mov', 'a00é.mov', 'a00😀.mov'], ['A00.mov', 'A0011.mov', 'A00/.mov']],
  ['*.{mov,tar.gz,mo?,}', ['a.mov', 'x/a.b.MOV', 'a.tar.gz', 'a.moz', 'a.', '.mov/'], ['a.gz', 'mov', 'a.mov.x', 'a']],
  ['day1/*.{mov,mxf}', ['day1/a.mov'], ['a.mov']],
  ['*.{mov,mxf}', ['a.MOV', 'x/a.mxf'], ['a.{mov,mxf}', 'a.mo']],
  ['{a,b{c,d}}.x', ['a.x', 'bc.x', 'bd.x'], ['b.x']],
  ['x{,_proxy}.mov', ['x.mov', 'x_proxy.mov'], ['x_.mov']],
  ['{a/b,c}/', ['a/b/d', 'c/d'], ['x/c/d', 'a/d']],
  ['Rushes (copy)/**', ['Rushes (copy)/a.mxf', 'Rushes (copy)/'], ['Rushes copy/a.mxf']],
  ['A @(b)/', ['A @(b)/a'], ['A b/a']],
  ['clip [HD].mov', ['clip [HD].mov'], ['clip H.mov']],
  ['{b}/', ['{b}/a'], ['b/a']],
  ['a+b!.mov', ['a+b!.mov'], ['aab!.mov', 'ab.mov']],
  ['Smith, John/', ['Smith, John/a'], []],
  ["it's #1 $x ^y|z.mov", ["it's #1 $x ^y|z.mov"], []],
  ['Caf\u00e9/', ['Cafe\u0301/a', 'CAFE\u0301/a'], ['Cafe/a']],
  ['Cafe\u0301/', ['Caf\u00e9/a'], []],
  ['ΟΔΟΣ*', ['οδοσα', 'οδος'], []],
];

for (const [pattern, yes, no] of rows) {
  test(`readPattern: ${pattern}`, () => {
    for (const path of yes) assert.ok(matches(pattern, path), `matches ${path}`);
    for (const path of no) assert.not.ok(matches(pattern, path), `does not match ${path}`);
  });
}

test('matchesName: agrees with a regular expression', () => {
  const text = (...letters: string[]) => fc.array(fc.constantFrom(...letters), { maxLength: 8 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(text('a', 'b', '*', '?'), text('a', 'b', '\n', '😀'), (pattern, name) => {
      const expected = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'su').test(name);
      assert.is(matchesName(pattern, name), expected);
    }),
  );
});

test('matches: many wildcards take only a moment on a long name', () => {
  const path = comparedPath(`${'a/'.repeat(400)}${'a'.repeat(250)}`);
  const pattern = readPattern(`${'**/*a*a*a*a*a*/'.repeat(30)}*a*a*a*a*a*a*a*a*a*b`);
  const startedAt = performance.now();
  assert.not.ok(pattern.matches(path, false));
  assert.ok(performance.now() - startedAt < 2_000);
});

test.run();
