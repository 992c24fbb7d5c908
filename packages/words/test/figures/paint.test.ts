import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { levelTone, noPaint, paintFor } from '../../src/figures/paint.ts';

const cases: readonly [what: string, env: Record<string, string>, isTerminal: boolean, platform: string, isColoured: boolean][] = [
  ['a terminal', { TERM: 'xterm-256color' }, true, 'linux', true],
  ['a serial console', { TERM: 'vt220' }, true, 'linux', false],
  ['TERM=dumb', { TERM: 'dumb' }, true, 'linux', false],
  ['a terminal that says nothing of itself', {}, true, 'linux', false],
  ['a terminal of Windows', {}, true, 'win32', true],
  ['a pipe', { TERM: 'xterm' }, false, 'linux', false],
  ['NO_COLOR', { TERM: 'xterm', NO_COLOR: '1' }, true, 'linux', false],
  ['an empty NO_COLOR', { TERM: 'xterm', NO_COLOR: '' }, true, 'linux', true],
];
for (const [what, env, isTerminal, platform, isColoured] of cases) {
  test(`paintFor: ${what}`, () => {
    const paint = paintFor(env, { isTerminal, platform });
    assert.is(paint('x', 'bad'), isColoured ? '\u001b[31mx\u001b[0m' : 'x');
    assert.equal([paint('x', null), paint('', 'bad')], ['x', '']);
  });
}

test('levelTone: what went wrong is coloured, the rest is not', () => {
  assert.equal((['debug', 'info', 'warn', 'error'] as const).map(levelTone), ['dim', null, 'warn', 'bad']);
  assert.is(noPaint('x', 'bad'), 'x');
});

test.run();
