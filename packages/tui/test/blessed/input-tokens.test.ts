import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { inputTokens } from '../../src/blessed/input/input-tokens.ts';

/** Returns the tokens of chunks, and of the silence after them. */
function tokensOf(...chunks: readonly string[]): string[] {
  const tokens = inputTokens();
  const list = [...chunks.flatMap((chunk) => tokens.push(chunk)), ...tokens.flush()];
  return list.map(({ kind, text }) => (kind === 'paste' ? `paste:${text}` : text));
}

const cases: readonly (readonly [claim: string, chunks: readonly string[], tokens: readonly string[]])[] = [
  ['characters are one by one', ['ab'], ['a', 'b']],
  ['a character outside of the first plane is one', ['😀'], ['😀']],
  ['an arrow is one', ['\x1b[A'], ['\x1b[A']],
  ['an arrow of an application keypad is one', ['\x1bOA'], ['\x1bOA']],
  ['an arrow cut in two is one', ['\x1b', '[A'], ['\x1b[A']],
  ['an arrow cut in three is one', ['\x1b', '[', 'A'], ['\x1b[A']],
  ['keys in one chunk are several', ['\x1b[Ax\x1b[5~'], ['\x1b[A', 'x', '\x1b[5~']],
  ['a page key of PuTTY is one', ['\x1b[[5~'], ['\x1b[[5~']],
  ['a key that blessed would take apart is nothing', ['\x1b[27;5;9~\x1b[97;5uq'], ['q']],
  ['a report that nobody asked for is nothing', ['\x1b[?997;1nq'], ['q']],
  ['a key of the Linux console is one', ['\x1b[[A'], ['\x1b[[A']],
  ['Escape alone is Escape', ['\x1b'], ['\x1b']],
  ['Escape followed fast by a key is two keys', ['\x1bq'], ['\x1b', 'q']],
  ['Escape, then an arrow', ['\x1b\x1b[A'], ['\x1b', '\x1b[A']],
  ['Escape and a bracket, pressed fast', ['\x1b['], ['\x1b', '[']],
  ['Escape and O, pressed fast', ['\x1bO'], ['\x1b', 'O']],
  ['Escape and a closing bracket, pressed fast', ['\x1b]'], ['\x1b', ']']],
  ['a sequence that breaks off fires no keys', ['\x1b[1;5'], []],
  ['a sequence that breaks off, and then a key', ['\x1b[1\x03'], ['\x03']],
  ['a late answer about a colour fires no keys', ['\x1b]11;rgb:ffff/ffff/ffff\x07q'], ['q']],
  ['a late answer that ends with ST fires no keys', ['\x1b]11;rgb:ff/ff/ff\x1b\\q'], ['q']],
  ['a late answer cut in two fires no keys', ['\x1bP1$r0', 'm\x1b\\q'], ['q']],
  ['an answer without an end fires no keys', ['\x1b]11;rgb'], []],
  ['a mouse report is one', ['\x1b[<0;10;5M\x1b[<0;10;5m'], ['\x1b[<0;10;5M', '\x1b[<0;10;5m']],
  ['an old mouse report is one', ['\x1b[M !!x'], ['\x1b[M !!', 'x']],
  ['C1 controls are nothing', ['a\x9bb'], ['a', 'b']],
  ['a paste is not keys', ['\x1b[200~rm\rx\x1b[201~q'], ['paste:rm\rx', 'q']],
  ['a paste cut everywhere is not keys', '\x1b[200~rx\x1b[201~q'.split(''), ['paste:rx', 'q']],
  ['escape sequences in a paste are no keys', ['\x1b[200~a\x1b[Ab\x1b[201~'], ['paste:a\x1b[Ab']],
  ['a paste goes on over a silence', ['\x1b[200~a'], []],
  ['Ctrl-C gives the keyboard back from a paste without an end', ['\x1b[200~a', '\x03', 'q'], ['paste:a', '\x03', 'q']],
  ['the end of a paste that had not begun is nothing', ['\x1b[201~q'], ['q']],
];
for (const [claim, chunks, tokens] of cases) {
  test(`inputTokens: ${claim}`, () => {
    assert.equal(tokensOf(...chunks), tokens);
  });
}

test('inputTokens: a long paste is cut, and the rest of it fires no keys', () => {
  const tokens = inputTokens();
  const list = ['\x1b[200~', ...Array.from({ length: 100 }, () => 'x'.repeat(10_000)), '\x1b[201~', 'q'].flatMap((chunk) =>
    tokens.push(chunk),
  );
  assert.equal(
    list.map(({ kind, text }) => `${kind} ${text.length}`),
    ['paste 65536', 'character 1'],
  );
});

test('inputTokens: an invalid sequence without an end is dropped', () => {
  const tokens = inputTokens();
  for (let chunk = 0; chunk < 100; chunk++) tokens.push(`${chunk === 0 ? '\x1b]' : ''}${'1'.repeat(100)}`);
  assert.is(tokens.push('\x07q').at(-1)?.text, 'q');
});

test('inputTokens: a sequence that may continue is waited for, but only for a short while', () => {
  const tokens = inputTokens();
  assert.is(tokens.waitMs(), null);
  tokens.push('\x1b');
  assert.is(tokens.waitMs(), 50);
  tokens.push('[A');
  assert.is(tokens.waitMs(), null);
});

test.run();
