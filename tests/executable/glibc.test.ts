// timeout: 600s
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process, { stdout } from 'node:process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { thisMachine } from '../../scripts/package/targets.ts';
import { executable } from './support.ts';

/** What the executable asks of a Linux machine, told by what it is linked against; and an old machine, with nothing added. */
const isLinux = thisMachine().startsWith('linux-');
const addon = join(import.meta.dirname, '../../dist/bundle/sqlite.node');
const newest = { GLIBC: '2.28', GLIBCXX: '3.4.25', CXXABI: '1.3.11' } as const;
/** Every Linux with glibc has them, however small. */
const allowed = [/^libc\.so\.6$/, /^lib(?:dl|m|pthread|gcc_s|stdc\+\+)\.so\.\d$/, /^ld-linux-/];

const has = (command: string): boolean => spawnSync(command, ['--version'], { stdio: 'ignore' }).error === undefined;
const skip = (what: string, why: string): void => void stdout.write(`skipped: ${what}: ${why}\n`);

for (const [what, pathOf] of [
  ['the executable', executable],
  ["SQLite's part of it", async () => (await executable()) && addon],
] as const) {
  test(`${what}: needs nothing newer than glibc 2.28, and no library that small machines lack`, async () => {
    if (!isLinux || !has('readelf')) return skip(what, isLinux ? 'readelf is not installed' : 'this is no Linux');
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

test("SQLite's part of it: nothing in it keeps an errno of its own", async () => {
  if (!isLinux || !has('readelf')) return skip('errno', isLinux ? 'readelf is not installed' : 'this is no Linux');
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

test("Debian 11's libraries and nothing else: check, run, history", async () => {
  const why = !isLinux || process.getuid?.() !== 0 ? 'only root makes one' : has('apt-get') && has('dpkg-deb') ? null : 'this is no Debian';
  if (why !== null) return skip('Debian 11', why);
  const place = mkdtempSync(join(tmpdir(), 'sluice-bullseye-'));
  const [root, work] = [join(place, 'root'), join(place, 'work')];
  try {
    for (const folder of ['proc', 'dev', 'in/day 1', 'out']) mkdirSync(join(root, folder), { recursive: true });
    if (!unpackDebian(root, work)) return skip('Debian 11', 'the mirror of this machine does not have it');
    copyFileSync(await executable(), join(root, 'sluice'));
    writeFileSync(join(root, 'in/day 1/café.mxf'), Buffer.alloc(3_000_000, 'bytes'));
    const ends = ['--from', '/in', '--to', '/out', '--state', '/state'];
    const checked = inside(root, ['check', ...ends]);
    assert.is(checked.status, 0, checked.stdout + checked.stderr);
    const ran = inside(root, ['run', ...ends, '--until-idle', '--stable-after', '1s', '--space-keep-free', '0']);
    assert.is(ran.status, 0, ran.stdout + ran.stderr);
    assert.is(sha256(join(root, 'out/day 1/café.mxf')), sha256(join(root, 'in/day 1/café.mxf')));
    const told = inside(root, ['history', '--state', '/state', '--json']);
    assert.match(told.stdout, /"COMPLETED"/);
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
});

/**
 * Debian 11's C and C++ libraries and nothing else, from the mirror that this machine is set up with; lists and packages stay in the
 * test's own folder.
 *
 * @returns whether it could be had
 */
function unpackDebian(root: string, work: string): boolean {
  const which = ['Identifier: Packages', 'Origin: Debian', 'Label: Debian'];
  const mirror =
    spawnSync('apt-get', ['indextargets', '--format', '$(REPO_URI)', ...which], { encoding: 'utf8' }).stdout.split('\n')[0] ?? '';
  if (mirror === '') return false;
  for (const folder of ['state/lists/partial', 'cache/archives/partial']) mkdirSync(join(work, folder), { recursive: true });
  writeFileSync(join(work, 'status'), '');
  writeFileSync(join(work, 'list'), `deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${mirror} bullseye main\n`);
  const settings = {
    'Dir::State': join(work, 'state'),
    'Dir::State::status': join(work, 'status'),
    'Dir::Cache': join(work, 'cache'),
    'Dir::Etc::sourcelist': join(work, 'list'),
    'Dir::Etc::sourceparts': '-',
    'Acquire::Languages': 'none',
    'Acquire::Check-Valid-Until': 'false',
    'APT::Sandbox::User': 'root',
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  const apt = (...args: readonly string[]): boolean =>
    spawnSync('apt-get', [...options, '-qq', ...args], { cwd: work, stdio: 'ignore', timeout: 120_000 }).status === 0;
  if (!apt('update') || !apt('download', 'libc6', 'libgcc-s1', 'libstdc++6')) return false;
  const packages = readdirSync(work).filter((name) => name.endsWith('.deb'));
  return packages.length === 3 && packages.every((name) => spawnSync('dpkg-deb', ['-x', join(work, name), root]).status === 0);
}

/** With /proc and /dev, and with no home, no shell and an empty environment. */
function inside(root: string, args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  const script = 'mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" && exec /usr/sbin/chroot "$0" /sluice "$@"';
  return spawnSync('/usr/bin/unshare', ['-m', '/bin/sh', '-c', script, root, ...args], { encoding: 'utf8', env: {}, timeout: 120_000 });
}

function sha256(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

test.run();
