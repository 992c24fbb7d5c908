// timeout: 300s
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { executable, type Ran, runBare } from './support.ts';

/** Unusual machines without the internet. Each test copies a file, and checks that no file is left where it does not belong. */
let program = '';
let root = '';
const isRoot = process.getuid?.() === 0;

test.before(async () => {
  program = await executable();
});
test.before.each(() => {
  root = mkdtempSync(join(tmpdir(), 'sluice-odd-'));
  for (const name of ['source', 'destination', 'tmp']) mkdirSync(join(root, name));
  writeFileSync(join(root, 'source', 'a.bin'), 'carried');
});
test.after.each(() => rmSync(root, { recursive: true, force: true }));

function runArguments(state: string): readonly string[] {
  const quick = ['--stable-after', '200ms', '--scan-every', '200ms', '--space-keep-free', '1MB', '--until-idle'];
  return ['run', '--from', join(root, 'source'), '--to', join(root, 'destination'), '--state', state, ...quick];
}

interface Odd {
  readonly env?: Readonly<Record<string, string>>;
  readonly command?: readonly string[];
  readonly state?: string;
}

function copyOne({ env = {}, command = [program], state = join(root, 'state') }: Odd = {}): Promise<Ran> {
  const [first = '', ...rest] = command;
  return runBare(first, [...rest, ...runArguments(state)], { cwd: root, env: { PATH: '', TMPDIR: join(root, 'tmp'), ...env } });
}

function assertCopied({ code, stderr }: Ran): void {
  assert.is(code, 0, stderr);
  assert.is(readFileSync(join(root, 'destination', 'a.bin'), 'utf8'), 'carried');
}

/** @returns false, and prints why, if it cannot be tried here */
function mayMount(what: string): boolean {
  const isPossible = process.platform === 'linux' && isRoot;
  if (!isPossible) process.stdout.write(`skipped: ${what}: only root of a Linux machine may mount\n`);
  return isPossible;
}

/** Runs with a small filesystem mounted on a folder. */
async function onMount(folder: string, options: string, work: () => Promise<void>): Promise<void> {
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]);
  try {
    await work();
  } finally {
    execFileSync('umount', ['-l', folder]);
  }
}

test('no HOME, no locale, an empty environment', async () => assertCopied(await copyOne()));

for (const [what, options] of [
  ['read-only', 'ro'],
  ['full', 'size=4k'],
  ['noexec', 'noexec'],
] as const) {
  test(`a HOME that is ${what}`, async () => {
    if (!mayMount(`a HOME that is ${what}`)) return;
    const home = join(root, 'home');
    mkdirSync(home);
    await onMount(home, options, async () => assertCopied(await copyOne({ env: { HOME: home } })));
  });
}

test('no folder for temporary files', async () => assertCopied(await copyOne({ env: { TMPDIR: join(root, 'nowhere') } })));

test('a locale that is not UTF-8', async () =>
  assertCopied(await copyOne({ env: { LANG: 'de_DE.ISO-8859-1', LC_ALL: 'de_DE.ISO-8859-1' } })));

test('a path with blanks and letters that are not ASCII', async () => {
  const odd = join(root, 'Aufnahmen für “heute” 録画');
  mkdirSync(odd);
  copyFileSync(program, join(odd, 'sluice 1'));
  chmodSync(join(odd, 'sluice 1'), 0o755);
  assertCopied(await copyOne({ command: [join(odd, 'sluice 1')], state: join(odd, 'state of it') }));
});

test('from a stick that is read-only', async () => {
  if (!mayMount('a read-only stick')) return;
  const stick = join(root, 'stick');
  mkdirSync(stick);
  await onMount(stick, 'size=200m', async () => {
    copyFileSync(program, join(stick, 'sluice'));
    chmodSync(join(stick, 'sluice'), 0o755);
    execFileSync('mount', ['-o', 'remount,ro', stick]);
    assertCopied(await copyOne({ command: [join(stick, 'sluice')] }));
  });
});

test('a user who does not own the program, and may not write to its folder', async () => {
  if (!isRoot || process.platform !== 'linux') return void process.stdout.write('skipped: another user: only root can be one\n');
  const bin = mkdtempSync('/opt/sluice-odd-');
  try {
    chmodSync(bin, 0o755);
    copyFileSync(program, join(bin, 'sluice'));
    chmodSync(join(bin, 'sluice'), 0o755);
    execFileSync('chown', ['-R', '65534:65534', root]);
    const nobody = ['/usr/bin/setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', join(bin, 'sluice')];
    assertCopied(await copyOne({ command: nobody }));
  } finally {
    rmSync(bin, { recursive: true });
  }
});

test('two first starts at the same time: one runs, the other reports it', async () => {
  const [one, two] = await Promise.all([copyOne(), copyOne()]);
  const codes = [one.code, two.code].toSorted((a, b) => (a ?? -1) - (b ?? -1));
  assert.ok(codes[0] === 0 && (codes[1] === 5 || codes[1] === 0), `${codes.join(', ')}: ${one.stderr}${two.stderr}`);
  assert.is(readFileSync(join(root, 'destination', 'a.bin'), 'utf8'), 'carried');
});

test('a clock that says 1970', async () => {
  const { stdout } = spawnSync('faketime', ['-f', '1970-01-02 00:00:00', 'date', '+%Y'], { encoding: 'utf8' });
  if (!stdout?.startsWith('1970')) return void process.stdout.write('skipped: a clock that says 1970: faketime is not installed\n');
  const preload = /LD_PRELOAD=(\S+)/.exec(spawnSync('faketime', ['-f', '1970-01-02 00:00:00', 'env'], { encoding: 'utf8' }).stdout)?.[1];
  assertCopied(await copyOne({ env: { LD_PRELOAD: preload ?? '', FAKETIME: '1970-01-02 00:00:00', FAKETIME_DONT_FAKE_MONOTONIC: '1' } }));
});

test.run();
