// timeout: 600s
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stdout } from 'node:process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { thisMachine } from '../../../scripts/package/targets.ts';
import { executable } from '../../package/support.ts';
import { type Debian, makeDebian } from './debian-bed.ts';

/** What the executable needs of a Linux machine, by the libraries that it is linked against; and an old machine with nothing added. */
const isLinux = thisMachine().startsWith('linux-');
const addon = join(import.meta.dirname, '../../../dist/bundle/sqlite.node');
const newest = { GLIBC: '2.28', GLIBCXX: '3.4.25', CXXABI: '1.3.11' } as const;
/** Every Linux with glibc has these libraries, however small it is. */
const allowed = [/^libc\.so\.6$/, /^lib(?:dl|m|pthread|gcc_s|stdc\+\+)\.so\.\d$/, /^ld-linux-/];

const has = (command: string): boolean => spawnSync(command, ['--version'], { stdio: 'ignore' }).error === undefined;
const skip = (what: string, why: string): void => void stdout.write(`skipped: ${what}: ${why}\n`);

for (const [what, pathOf] of [
  ['the executable', executable],
  ["SQLite's part of it", async () => (await executable()) && addon],
] as const) {
  test(`${what}: needs nothing newer than glibc 2.28, and no library that small machines lack`, async () => {
    if (!isLinux || !has('readelf')) return skip(what, isLinux ? 'readelf is not installed' : 'this is not Linux');
    const path = await pathOf();
    const needed = [...readelf('-d', path).matchAll(/\(NEEDED\).*\[(.+)\]/g)].map(([, name = '']) => name);
    assert.ok(needed.includes('libc.so.6'));
    assert.equal(
      needed.filter((name) => !allowed.some((each) => each.test(name))),
      [],
    );
    const versions = [...readelf('-V', path).matchAll(/Name: (GLIBC|GLIBCXX|CXXABI)_([\d.]+) /g)];
    assert.ok(versions.length > 5);
    const tooNew = versions.filter(([, of = '', version = '']) => isNewer(version, newest[of as keyof typeof newest]));
    assert.equal(
      tooNew.map(([name]) => name),
      [],
    );
  });
}

test('the addon of SQLite: no part of it has a separate errno', async () => {
  if (!isLinux || !has('readelf')) return skip('errno', isLinux ? 'readelf is not installed' : 'this is not Linux');
  await executable();
  const symbols = readelf('--dyn-syms', addon);
  assert.match(symbols, /UND __errno_location/);
  assert.not.match(symbols, /TLS.* errno$/m);
});

function readelf(what: string, path: string): string {
  return execFileSync('readelf', [what, '-W', path], { encoding: 'utf8', maxBuffer: 1 << 26 });
}

function isNewer(version: string, than: string): boolean {
  return version.localeCompare(than, 'en', { numeric: true }) > 0;
}

test('a complete Debian 11 with nothing added or mounted: check, run, history and the tour work', async () => {
  const debian = await makeDebian();
  if (typeof debian === 'string') return skip('Debian 11', debian);
  try {
    const { root, inside } = debian;
    assert.equal(readdirSync(join(root, 'proc')), []);
    for (const folder of ['in/day 1', 'out']) mkdirSync(join(root, folder), { recursive: true });
    copyFileSync(await executable(), join(root, 'sluice'));
    writeFileSync(join(root, 'in/day 1/café.mxf'), Buffer.alloc(3_000_000, 'bytes'));
    assert.is(copiedIn(debian, '/out', '/state'), 'cached', 'without /proc nothing tells whether a read goes past the cache');
    const tour = inside('/sluice', 'demo', '--no-screen', '--seconds', '3');
    assert.is(tour.status, 0, tour.stdout + tour.stderr);
    assert.is(debian.outside('mount', '-t', 'proc', 'proc', `${debian.folder}/proc`).status, 0);
    assert.is(copiedIn(debian, '/again', '/separate state'), 'direct');
  } finally {
    await debian.remove();
  }
});

/** @returns how the copy was read back */
function copiedIn({ root, inside }: Debian, to: string, state: string): string {
  mkdirSync(join(root, to), { recursive: true });
  const ends = ['--from', '/in', '--to', to, '--state', state];
  const checked = inside('/sluice', 'check', ...ends);
  assert.is(checked.status, 0, checked.stdout + checked.stderr);
  const ran = inside('/sluice', 'run', ...ends, '--until-idle', '--stable-after', '1s', '--space-keep-free', '0');
  assert.is(ran.status, 0, ran.stdout + ran.stderr);
  assert.ok(readFileSync(join(root, to, 'day 1/café.mxf')).equals(readFileSync(join(root, 'in/day 1/café.mxf'))));
  const told = inside('/sluice', 'history', '--state', state, '--json');
  const { status, readback } = JSON.parse(told.stdout) as { readonly status: string; readonly readback: string };
  assert.is(status, 'COMPLETED');
  return readback;
}

test.run();
