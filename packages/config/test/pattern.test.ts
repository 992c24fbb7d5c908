import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { patternTrouble } from '../src/schema/pattern.ts';

const accepted = [
  ...['*', '**', '**/*', '*.mxf', 'proxy', 'proxy/', './proxy', 'proxy/**', 'proxy/**/', '**/proxy/', 'a/**/b', 'proxy/*'],
  ...['*.{mov,mxf}', '{a,b{c,d}}', 'x{,_proxy}.mov', '{b}/', '{3F25-04E0}/**', 'A00?.mov', '**/*.{mxf,mov,mp4,m4v,ts,mts}'],
  ...[
    'Rushes (copy)/**',
    'A @(b)',
    'A !(b)',
    'X (1)',
    'clip [HD].mov',
    '[2024-11-05]/',
    'a+b',
    'a!',
    'Smith, John/',
    '1,5.mov',
    'a b',
    "it's",
  ],
  ...['$RECYCLE.BIN/', '#recycle', '@eaDir/', '~$*', 'Cafe\u0301/'],
];

for (const pattern of accepted) test(`accepted: ${pattern}`, () => assert.is(patternTrouble(pattern), null));

/** Patterns of other dialects, why they are refused, and the pattern that is suggested. */
const refused: readonly (readonly [pattern: string, why: string, right: string | null])[] = [
  ['', 'empty', null],
  ['a\0', 'NUL', null],
  ['a'.repeat(1_001), 'longer than 1000', null],
  [' proxy/** ', 'space', 'proxy/**'],
  ['"proxy/**"', 'quotes', 'proxy/**'],
  ["'*.mov'", 'quotes', '*.mov'],
  ['proxy\\**', 'backslash', 'proxy/**'],
  ['day1\\proxy\\', 'backslash', 'day1/proxy/'],
  ['A\\ \\(b\\)/**', 'backslash', 'A (b)/**'],
  ['D:/proxy', 'drive', './proxy'],
  ['/proxy', 'relative to the source', './proxy'],
  ['//nas/proxy', 'relative to the source', './nas/proxy'],
  ['a//b', 'empty folder name', 'a/b'],
  ['proxy//', 'empty folder name', 'proxy/'],
  ['../proxy', '".."', 'proxy'],
  ['a/../b', '".."', 'a/b'],
  ['..', '".."', null],
  ['a/./b', '"."', 'a/b'],
  ['!keep.mov', 'does not exclude', '?keep.mov'],
  ['**/!(proxy)/**', 'does not exclude', '**/?(proxy)/**'],
  ['*.(mov|mxf)', 'parentheses', '*.{mov,mxf}'],
  ['!(a|b)', 'parentheses', '{a,b}'],
  ['A00[0-9].mov', 'range of characters', 'A00?.mov'],
  ['[!a-z]*', 'range of characters', '?*'],
  ['*.[mM][xX][fF]', 'both cases', '*.mxf'],
  ['A{1..3}.mov', 'range in braces', 'A*.mov'],
  ['*.{mxf}', 'one alternative', '*.mxf'],
  ['day1/**.mxf', '"**" inside a name', 'day1/**/*.mxf'],
  ['proxy**', '"**" inside a name', 'proxy*'],
  ['***', '"**" inside a name', '*'],
  ['*.{mov', 'brace', null],
  ['a}', 'brace', null],
  ['*.mxf,*.mov', 'write them as two, "*.mxf" and "*.mov"', null],
  ['*.mxf, *.mov', 'write them as two', null],
  ['*.mxf,mov', 'write them as two', null],
  ['*.{a,b},*.c', 'write them as two, "*.{a,b}" and "*.c"', null],
  ['{a,..}/b', 'write it without braces', null],
  ['{a,/b}', 'write it without braces', null],
  ['{a,}', 'write it without braces', null],
  ['{a,b}'.repeat(10), 'more than 1000', null],
];

for (const [pattern, why, right] of refused) {
  test(`refused: ${JSON.stringify(pattern.slice(0, 40))}`, () => {
    const trouble = patternTrouble(pattern);
    assert.match(trouble ?? '', why);
    if (right === null) return;
    assert.match(trouble ?? '', `: write ${JSON.stringify(right)}`);
    assert.is(patternTrouble(right), null, 'the right form is accepted');
  });
}

test.run();
