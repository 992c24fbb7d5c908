// real: it starts processes

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { pagerOf, rowsOf, showInPager } from '../src/pager.ts';

const commands: readonly [what: string, env: Record<string, string>, platform: string, command: readonly string[] | null][] = [
  ['nothing is asked for', {}, 'linux', ['less']],
  ['PAGER', { PAGER: 'more  -d' }, 'linux', ['more', '-d']],
  ['SLUICE_PAGER comes first', { SLUICE_PAGER: 'most', PAGER: 'more' }, 'linux', ['most']],
  ['an empty one', { PAGER: '' }, 'linux', null],
  ['cat', { PAGER: 'cat' }, 'linux', null],
  ['TERM=dumb', { TERM: 'dumb' }, 'linux', null],
  ['Windows', {}, 'win32', null],
  ['Windows with a pager', { PAGER: 'less' }, 'win32', ['less']],
];
for (const [what, env, platform, expected] of commands) {
  test(`pagerOf: ${what}`, () => {
    const pager = pagerOf(env, platform);
    assert.equal(pager === null ? null : [pager.command, ...pager.args], expected);
  });
}

test('pagerOf: less ends if everything fits, keeps colours, and starts no shell; variables that the person set have priority', () => {
  assert.equal([pagerOf({}, 'linux')?.env['LESS'], pagerOf({}, 'linux')?.env['LESSSECURE']], ['FRX', '1']);
  assert.equal(pagerOf({ LESS: 'R', LESSSECURE: '0' }, 'linux')?.env, { LESS: 'R', LESSSECURE: '1' });
});

test('rowsOf: a long line takes several rows, an empty one takes one', () => {
  assert.is(rowsOf([0, 80, 81, 10], 80), 5);
  assert.is(rowsOf([], 80), 0);
});

const folder = mkdtempSync(join(tmpdir(), 'pager-'));
test.after(() => rmSync(folder, { recursive: true, force: true }));
const scriptOf = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

test('showInPager: the pager gets every line', async () => {
  const got = join(folder, 'got');
  const script = scriptOf(
    'keep.mjs',
    `import { writeFileSync } from 'node:fs'; let all = ''; process.stdin.on('data', (d) => { all += d; }).on('end', () => writeFileSync(${JSON.stringify(got)}, all));`,
  );
  const lines = Array.from({ length: 50_000 }, (_, index) => `line ${index}`);
  assert.ok(await showInPager({ command: process.execPath, args: [script], env: process.env }, lines));
  assert.is(readFileSync(got, 'utf8'), `${lines.join('\n')}\n`);
});

test('showInPager: the pager may be closed before it has read everything', async () => {
  const script = scriptOf('leave.mjs', 'process.exit(1);');
  const lines = Array.from({ length: 100_000 }, () => 'line');
  assert.ok(await showInPager({ command: process.execPath, args: [script], env: process.env }, lines));
});

test('showInPager: a pager that is not installed shows nothing, and false is returned', async () => {
  assert.not.ok(await showInPager({ command: join(folder, 'none'), args: [], env: {} }, ['line']));
});

test.run();
