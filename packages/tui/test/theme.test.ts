import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { canShowScreen, type Environment, themeOf } from '../src/theme.ts';

const colours: readonly (readonly [env: Environment, platform: string, colours: number])[] = [
  [{ TERM: 'xterm-256color' }, 'linux', 256],
  [{ TERM: 'tmux-256color' }, 'linux', 256],
  [{ TERM: 'xterm-kitty' }, 'linux', 256],
  [{ TERM: 'xterm-ghostty' }, 'linux', 256],
  [{ TERM: 'alacritty' }, 'linux', 256],
  [{ TERM: 'foot' }, 'linux', 256],
  [{ TERM: 'xterm', COLORTERM: 'truecolor' }, 'linux', 256],
  [{ TERM: 'xterm' }, 'linux', 16],
  [{ TERM: 'screen' }, 'linux', 16],
  [{ TERM: 'putty' }, 'linux', 16],
  [{ TERM: 'linux' }, 'linux', 16],
  [{}, 'linux', 16],
  [{}, 'win32', 256],
  [{ TERM: 'vt100' }, 'linux', 0],
  [{ TERM: 'xterm-mono' }, 'linux', 0],
  [{ TERM: 'xterm-256color', NO_COLOR: '1' }, 'linux', 0],
  [{ TERM: 'xterm-256color', NO_COLOR: '' }, 'linux', 256],
];
for (const [env, platform, expected] of colours) {
  test(`themeOf: ${JSON.stringify(env)} on ${platform} has ${expected} colours`, () => {
    assert.is(themeOf(env, platform).colours, expected);
  });
}

const locales: readonly (readonly [env: Environment, isUnicode: boolean])[] = [
  [{ LANG: 'de_DE.UTF-8' }, true],
  [{ LANG: 'C.utf8' }, true],
  [{ LANG: 'C' }, false],
  [{}, false],
  [{ LC_ALL: 'C', LANG: 'en_US.UTF-8' }, false],
  [{ LC_ALL: '', LC_CTYPE: 'en_US.UTF-8', LANG: 'C' }, true],
  [{ LC_CTYPE: 'POSIX', LANG: 'en_US.UTF-8' }, false],
  [{ LANG: 'C', LANGUAGE: 'en_US.UTF-8' }, false],
];
for (const [env, isUnicode] of locales) {
  test(`themeOf: ${JSON.stringify(env)} is ${isUnicode ? '' : 'not '}Unicode`, () => {
    assert.is(themeOf(env, 'linux').unicode, isUnicode);
  });
}

test('themeOf: an option overrides what the terminal reports', () => {
  assert.is(themeOf({ LANG: 'C' }, 'linux', { unicode: true }).unicode, true);
  assert.is(themeOf({ LANG: 'C.UTF-8' }, 'linux', { unicode: false }).unicode, false);
  assert.is(themeOf({ COLORFGBG: '15;0' }, 'linux', { light: true }).light, true);
});

test('themeOf: COLORFGBG says whether the background is light', () => {
  assert.is(themeOf({ COLORFGBG: '0;15' }, 'linux').light, true);
  assert.is(themeOf({ COLORFGBG: '0;default;15' }, 'linux').light, true);
  assert.is(themeOf({ COLORFGBG: '15;0' }, 'linux').light, false);
  assert.is(themeOf({}, 'linux').light, false);
});

test('canShowScreen: only on a terminal that can move its cursor', () => {
  const tty = { stdin: { isTTY: true }, stdout: { isTTY: true } };
  assert.ok(canShowScreen({ TERM: 'xterm' }, tty));
  assert.not(canShowScreen({ TERM: 'dumb' }, tty));
  assert.not(canShowScreen({ TERM: 'xterm' }, { ...tty, stdout: {} }));
  assert.not(canShowScreen({ TERM: 'xterm' }, { ...tty, stdin: {} }));
});

test.run();
