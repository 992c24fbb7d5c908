// timeout: 300s
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { version } from '../../apps/sluice/src/version.ts';
import { makeExecutable } from '../../scripts/package/make-executable.ts';
import { findTarget, thisMachine } from '../../scripts/package/targets.ts';
import { type Tried, tryExecutable } from '../../scripts/release/try-executable.ts';
import { executable, type Ran, runBare, shareCompiled } from './support.ts';

/** Far from the checkout: only the executable, an empty folder, a home that does not exist, and an empty PATH. */
const root = mkdtempSync(join(tmpdir(), 'sluice-executable-'));
const program = join(root, 'bin', process.platform === 'win32' ? 'sluice.exe' : 'sluice');
const source = join(root, 'source');
const state = join(root, 'state');
const carrying = ['--from', source, '--to', join(root, 'destination'), '--state', state];
const quick = ['--stable-after', '200ms', '--scan-every', '200ms', '--space-keep-free', '1MB'];

function sluice(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  const temporary = join(root, 'tmp');
  return runBare(program, args, {
    cwd: join(root, 'empty'),
    env: {
      HOME: join(root, 'no-home'),
      PATH: '',
      TMPDIR: temporary,
      TEMP: temporary,
      SystemRoot: process.env['SystemRoot'] ?? '',
      ...env,
    },
  });
}

test.before(async () => {
  for (const name of ['bin', 'empty', 'source', 'destination', 'tmp']) mkdirSync(join(root, name));
  copyFileSync(await executable(), program);
});
test.after(() => rmSync(root, { recursive: true, force: true }));

test('sluice --version: prints the version of the sources', async () => {
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')) as { version: string };
  assert.equal(await sluice(['--version']), { code: 0, stdout: `sluice ${version}\n`, stderr: '' });
  const { stdout } = await sluice(['--version', '--json']);
  assert.is((JSON.parse(stdout) as { version: string }).version, version);
});

test('tryExecutable: a good one passes every step, and one of another version or that cannot run is reported', async () => {
  const steps: Tried[] = [];
  assert.ok(await tryExecutable(program, version, (tried) => steps.push(tried), false), JSON.stringify(steps));
  assert.equal(
    steps.map(({ step, trouble }) => [step, trouble]),
    ['--version', 'check', 'run --until-idle', 'history'].map((step) => [step, null]),
  );
  const other: Tried[] = [];
  assert.not(await tryExecutable(program, '9.9.9', (tried) => other.push(tried), false));
  assert.match(other[0]?.trouble ?? '', 'not 9.9.9');
  const broken = join(root, 'broken');
  writeFileSync(broken, 'no program');
  const none: Tried[] = [];
  assert.not(await tryExecutable(broken, version, (tried) => none.push(tried)));
  assert.is(none.filter(({ trouble }) => trouble === null).length, 0);
  assert.is(none.length, 5);
});

test('the executable takes no options of Node from the environment', async () => {
  const [loaded, trace, coverage] = [join(root, 'loaded.cjs'), join(root, 'was-loaded'), join(root, 'coverage')];
  writeFileSync(loaded, `require('node:fs').writeFileSync(${JSON.stringify(trace)}, '');`);
  const expected = { code: 0, stdout: `sluice ${version}\n`, stderr: '' };
  assert.equal(await sluice(['--version'], { NODE_OPTIONS: `--require ${loaded}` }), expected);
  assert.not(readdirSync(root).includes('was-loaded'));
  assert.equal(await sluice(['--version'], { NODE_OPTIONS: '--no-such-flag-of-node' }), expected);
  assert.equal(await sluice(['--version'], { NODE_OPTIONS: '--inspect=127.0.0.1:0' }), expected);
  // Node says on standard error that there is nothing to write, because it was ended.
  const { code, stdout } = await sluice(['--version'], { NODE_V8_COVERAGE: coverage });
  assert.equal({ code, stdout, stderr: '' }, expected);
  assert.not(readdirSync(root).includes('coverage') && readdirSync(coverage).length > 0);
});

test('sluice demo: every promise is kept, without a home, a PATH and any file nearby', async () => {
  const { code, stdout, stderr } = await sluice(['demo', '--no-screen']);
  assert.is(code, 0, stdout + stderr);
  assert.match(stdout, /held +every file arrived, byte for byte \(3 of 3 identical\)/);
  assert.equal(readdirSync(join(root, 'empty')), []);
  assert.equal(readdirSync(join(root, 'bin')).length, 1);
});

test('sluice run: copies, and unpacks one file, below the state folder', async () => {
  writeFileSync(join(source, 'a.bin'), 'carried');
  const { code, stderr } = await sluice(['run', ...carrying, ...quick, '--until-idle']);
  assert.is(code, 0, stderr);
  assert.is(readFileSync(join(root, 'destination', 'a.bin'), 'utf8'), 'carried');
  const [unpacked = '', ...more] = readdirSync(join(state, 'native'));
  assert.match(unpacked, /^[0-9a-f]{32}\.node$/);
  assert.equal(more, []);
});

test('sluice files: reads the journal that is left, with the unpacked file', async () => {
  const { code, stdout } = await sluice(['files', '--all', '--json', '--state', state]);
  assert.is(code, 0);
  assert.match(stdout, /"status":"COMPLETED"/);
});

test('sluice journal prune: without an agent, with the unpacked file', async () => {
  const { code, stdout, stderr } = await sluice(['journal', 'prune', '--before', '90d', '--state', state]);
  assert.is(code, 0, stderr);
  assert.match(stdout, /^removed 0 tracked files and 0 entries that ended before /);
});

test('sluice run: an unpacked file that is damaged is replaced, and never loaded', async () => {
  const [name = ''] = readdirSync(join(state, 'native'));
  const path = join(state, 'native', name);
  const whole = readFileSync(path);
  writeFileSync(path, whole.subarray(0, whole.length / 2));
  const { code, stderr } = await sluice(['run', ...carrying, ...quick, '--until-idle']);
  assert.is(code, 0, stderr);
  assert.ok(readFileSync(path).equals(whole));
});

test('sluice run: the agent, and no other command, removes what other versions have unpacked', async () => {
  const native = join(state, 'native');
  const [own = ''] = readdirSync(native);
  const old = `${'0123456789abcdef'.repeat(2)}.node`;
  writeFileSync(join(native, old), 'an older version');
  writeFileSync(join(native, 'notes.txt'), "somebody's");
  assert.is((await sluice(['files', '--state', state])).code, 0);
  assert.ok(readdirSync(native).includes(old));
  const { code, stderr } = await sluice(['run', ...carrying, ...quick, '--until-idle']);
  assert.is(code, 0, stderr);
  assert.equal(readdirSync(native).toSorted(), [own, 'notes.txt'].toSorted());
});

test('sluice run: removes nothing from a folder that was named', async () => {
  const named = join(root, 'named');
  mkdirSync(named);
  const old = `${'f'.repeat(32)}.node`;
  writeFileSync(join(named, old), 'of another version');
  const { code, stderr } = await sluice(['run', ...carrying, ...quick, '--until-idle'], { SLUICE_NATIVE_DIR: named });
  assert.is(code, 0, stderr);
  assert.ok(readdirSync(named).includes(old));
});

test('sluice files: a state folder that others may write to is read, and no code is loaded from it', async () => {
  if (process.platform === 'win32') return;
  const other = join(root, 'other-state');
  mkdirSync(other);
  copyFileSync(join(state, 'journal.db'), join(other, 'journal.db'));
  execFileSync('chmod', ['777', other]);
  const { code, stdout, stderr } = await sluice(['files', '--all', '--json', '--state', other]);
  assert.is(code, 0, stderr);
  assert.match(stdout, /"status":"COMPLETED"/);
  assert.not(readdirSync(other).includes('native'));
});

test('sluice run: a folder that is mounted noexec is reported, and another one can be named', async () => {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    process.stdout.write('skipped: noexec: only root of a Linux machine may mount\n');
    return;
  }
  const mounted = join(root, 'noexec');
  mkdirSync(mounted);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'noexec', 'tmpfs', mounted], { stdio: 'pipe' });
  } catch {
    process.stdout.write('skipped: noexec: this machine does not let root mount\n');
    return;
  }
  try {
    const there = ['run', ...carrying.slice(0, 4), '--state', join(mounted, 'state'), ...quick, '--until-idle'];
    const refused = await sluice(there);
    assert.is(refused.code, 4, refused.stderr);
    assert.match(refused.stderr, /mounted noexec.*SLUICE_NATIVE_DIR/);
    const named = await sluice(there, { SLUICE_NATIVE_DIR: join(root, 'tmp') });
    assert.is(named.code, 0, named.stderr);
  } finally {
    execFileSync('umount', [mounted]);
  }
});

test('makeExecutable: gives the same bytes when it runs again in another folder', async () => {
  await shareCompiled(join(root, 'dist'));
  const again = await makeExecutable(findTarget(thisMachine()), join(root, 'dist'), () => {});
  assert.ok(readFileSync(again).equals(readFileSync(program)));
});

test('makeExecutable: the file is small, and contains no path of the machine it was made on', async () => {
  const bytes = readFileSync(program);
  if (process.platform === 'linux') assert.ok(statSync(program).size <= 110_000_000, `${statSync(program).size}`);
  assert.is(bytes.indexOf(join(import.meta.dirname, '../..')), -1);
  assert.is(bytes.indexOf('.work-'), -1);
  // The begin of a source map, '{"version"'.
  assert.is(bytes.indexOf('base64,eyJ2ZXJzaW9u'), -1);
});

test.run();
