import { createRequire } from 'node:module';
import stringWidth from 'string-width';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { safeText, spelledText } from '../../../src/picture/text/safe-text.ts';
import { hostileNames } from '../hostile-names.ts';

const { strWidth } = createRequire(import.meta.url)('blessed/lib/unicode.js') as { strWidth(text: string): number };

const cases: readonly [name: string, shown: string, inAscii: string][] = [
  ['video1.mxf', 'video1.mxf', 'video1.mxf'],
  ['déjà vu.mov', 'déjà vu.mov', 'd?j? vu.mov'],
  ['e\u0301te\u0301', 'e\u0301te\u0301', '?t?'],
  ['日本.mov', '日本.mov', '????.mov'],
  ['한국'.normalize('NFD'), '한국'.normalize('NFD'), '????'],
  ['\u001b[31mred', '?[31mred', '?[31mred'],
  ['a\nb\u009bc', 'a?b?c', 'a?b?c'],
  ['a\r\nb', 'a??b', 'a??b'],
  ['\u202egpj', '?gpj', '?gpj'],
  ['👍', '??', '??'],
  ['❤️', '??', '??'],
  ['❤', '❤', '?'],
  ['\u0301a', '?a', '?a'],
  ['\ud800', '?', '?'],
  ['\ue000', '?', '?'],
  [`a${'\u0300'.repeat(4)}`, `a${'\u0300'.repeat(4)}`, '?'],
  [`a${'\u0300'.repeat(5)}`, '?', '?'],
];

for (const [name, shown, inAscii] of cases) {
  test(`safeText: shows ${JSON.stringify(name)} so that its width is certain`, () => {
    assert.equal(safeText(name, true), { text: shown, width: stringWidth(shown) });
    assert.equal(safeText(name, false), { text: inAscii, width: inAscii.length });
  });
}

const isSure = (text: string, width: number): boolean => stringWidth(text) === width && strWidth(text) === width;

test('safeText: allows only what blessed and string-width measure alike: all of the first plane, alone and after a letter', () => {
  const differ: string[] = [];
  for (let point = 0; point <= 0xffff; point += 1) {
    for (const before of ['', 'a', '가']) {
      const { text, width } = safeText(before + String.fromCharCode(point), true);
      if (!isSure(text, width)) differ.push(`${before}${point.toString(16)}`);
    }
  }
  assert.equal(differ, []);
});

test('safeText: allows only what both measure alike: emoji and characters beyond the first plane', () => {
  const differ: string[] = [];
  for (let point = 0x10000; point <= 0x10ffff; point += point < 0x20000 ? 1 : 97) {
    const { text, width } = safeText(String.fromCodePoint(point), true);
    if (!isSure(text, width)) differ.push(point.toString(16));
  }
  assert.equal(differ, []);
});

test('safeText: every hostile name has a certain width, and no control or format character', () => {
  for (const name of hostileNames) {
    const { text, width } = safeText(name, true);
    assert.ok(isSure(text, width), JSON.stringify(name));
    assert.not.match(text, /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u);
    assert.match(safeText(name, false).text, /^[ -~]*$/);
  }
});

test('safeText: does not change its own result', () => {
  for (const name of hostileNames) {
    const once = safeText(name, true);
    assert.equal(safeText(once.text, true), once);
  }
});

test('spelledText: spells what cannot be shown, so that it can be read', () => {
  const film = '\u{1f3ac}';
  assert.is(spelledText(`a${film}.mov`, true), 'a\\u{1F3AC}.mov');
  assert.is(spelledText('d\u00e9j\u00e0.mov', true), 'd\u00e9j\u00e0.mov');
  assert.is(spelledText('d\u00e9j\u00e0.mov', false), 'd\\u{E9}j\\u{E0}.mov');
  assert.is(spelledText('a\nb?', true), 'a\\u{A}b?');
  const spelled = hostileNames.map((name) => spelledText(name, true));
  for (const text of spelled) assert.is(safeText(text, true).text, text);
});

test.run();
