import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { rewriteBlessed, rewrites } from '../../src/blessed/library/rewrites.ts';
import { readTerminfo, terminfoFor } from '../../src/blessed/library/terminfo.ts';

const blessed = dirname(createRequire(import.meta.url).resolve('blessed/package.json'));

test('rewriteBlessed: every change matches in the installed blessed as often as it should', () => {
  for (const file of Object.keys(rewrites)) {
    const text = rewriteBlessed(file, readFileSync(join(blessed, file), 'utf8'));
    assert.not.match(text, '__proto__');
    assert.not.match(text, /require\([^'"]|term\.js|pty\.js/);
  }
});

test('rewriteBlessed: only files of the list and modules of Node are required', () => {
  const builtIn = ['assert', 'path', 'fs', 'child_process', 'events', 'string_decoder', 'util'];
  for (const file of Object.keys(rewrites)) {
    const text = rewriteBlessed(file, readFileSync(join(blessed, file), 'utf8'));
    for (const [, name = ''] of text.matchAll(/require\('([^']+)'\)/g)) {
      const target = `${join(dirname(file), name)}.js`;
      assert.ok(builtIn.includes(name) || target in rewrites, `${file} requires ${name}`);
    }
  }
});

test('rewriteBlessed: another version of blessed is refused, not run half changed', () => {
  const source = readFileSync(join(blessed, 'lib/widgets/box.js'), 'utf8');
  assert.throws(() => rewriteBlessed('lib/widgets/box.js', `${source}\nA.prototype.__proto__ = B.prototype;`), /is there 2 times, not 1/);
  assert.throws(() => rewriteBlessed('lib/widgets/box.js', 'nothing'), /is there 0 times, not 1/);
  assert.throws(() => rewriteBlessed('lib/events.js', 'x = { __proto__: y }'), /still uses __proto__/);
  assert.throws(() => rewriteBlessed('lib/widgets/list.js', ''), /is not one of the files/);
});

test('readTerminfo: the embedded descriptions are those of blessed', () => {
  for (const name of ['xterm-256color', 'linux']) assert.equal(readTerminfo(name), readFileSync(join(blessed, 'usr', name)));
});

test('terminfoFor: every current terminal is treated as an xterm, and the console as itself', () => {
  const modern = [
    'xterm-kitty',
    'xterm-ghostty',
    'alacritty',
    'foot',
    'tmux-256color',
    'screen',
    'putty',
    'wezterm',
    'rxvt-unicode',
    '',
    'unheard-of',
  ];
  for (const term of modern) assert.is(terminfoFor(term), 'xterm-256color');
  for (const term of ['linux', 'linux-16color']) assert.is(terminfoFor(term), 'linux');
});

test.run();
