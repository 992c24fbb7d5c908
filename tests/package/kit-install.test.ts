// timeout: 300s
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { sealKit } from '../../scripts/kit/seal-kit.ts';
import { asUser, executableName, freshHome, kitFolder, privateKey, realKit, remove, stickOf } from './kit-bed.ts';
import type { Ran } from './support.ts';

/** install.sh in the shells of this machine, from a real kit. Windows has another script (`tests/platforms/windows`). */
const shells = [['dash'], ['bash', '--posix'], ['busybox', 'sh'], ['sh']].filter(
  ([name = '']) => spawnSync(name, ['-c', ':'], { stdio: 'ignore' }).error === undefined || name === 'sh',
);
const root = kitFolder();
const key = privateKey();
let kit = '';
let stick = '';
let home = '';

test.before(async () => {
  if (process.platform === 'win32') return;
  kit = await realKit(join(root, 'dist'), key);
  stick = stickOf(kit, root);
  for (const folder of [join(stick, 'bin'), stick]) chmodSync(folder, 0o555);
});
test.before.each(() => {
  home = freshHome(root);
});
test.after.each(() => remove(home));
test.after(() => remove(root));

const bin = (): string => join(home, '.local/bin');

function install(from: string, args: readonly string[] = [], shell: readonly string[] = shells[0] ?? ['sh']): Promise<Ran> {
  const [command = 'sh', ...before] = shell;
  return asUser(home, command, [...before, join(from, 'install.sh'), ...args]);
}

/** Puts an earlier program there. It belongs to the user who runs the tests, in a folder of that user. */
async function before(text = 'of before'): Promise<void> {
  await asUser(home, 'mkdir', ['-p', bin()]);
  await asUser(home, 'sh', ['-c', `printf '%s' '#!/bin/sh\necho ${text}\n' >"$0" && chmod 755 "$0"`, join(bin(), 'sluice')]);
}

function quoted(path: string): string {
  return `'${path.replaceAll("'", "'\\''")}'`;
}

function changed(path: string, at: number): string {
  const other = stickOf(kit, root);
  const bytes = readFileSync(join(other, path));
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(join(other, path), bytes);
  return other;
}

for (const shell of shells) {
  test(`install.sh in ${shell.join(' ')}: installs from a stick that nobody may write to, and remembers its key`, async () => {
    const { code, stdout, stderr } = await install(stick, [], shell);
    assert.is(code, 0, stdout + stderr);
    assert.match(stdout, /installed: .*\/\.local\/bin\/sluice \(sluice \d/);
    assert.match(stdout, /next: .*sluice init .* service install --mine/);
    assert.equal(readdirSync(bin()), ['sluice']);
    assert.ok(readFileSync(join(bin(), 'sluice')).equals(readFileSync(join(kit, 'bin', executableName))));
    const remembered = process.platform === 'darwin' ? 'Library/Application Support/Sluice' : '.config/sluice';
    assert.is(readFileSync(join(home, remembered, 'SIGNING-KEY.pub'), 'utf8'), readFileSync(join(kit, 'SIGNING-KEY.pub'), 'utf8'));
  });
}

test('install.sh: an upgrade keeps the earlier program, and --rollback swaps the two, in both directions', async () => {
  await before();
  const old = readFileSync(join(bin(), 'sluice'));
  const { code, stdout, stderr } = await install(stick);
  assert.is(code, 0, stdout + stderr);
  assert.match(stdout, /restart --drain/);
  assert.equal(readdirSync(bin()).sort(), ['sluice', 'sluice.previous']);
  assert.equal(readFileSync(join(bin(), 'sluice.previous')), old);
  const again = await install(stick);
  assert.match(again.stdout, /already the same program/);
  assert.equal(readFileSync(join(bin(), 'sluice.previous')), old);
  const back = await install(stick, ['--rollback']);
  assert.is(back.code, 0, back.stderr);
  assert.match(back.stdout, /put back: .*\(of before\)/);
  assert.equal(readFileSync(join(bin(), 'sluice')), old);
  assert.is((await install(stick, ['--rollback'])).code, 0);
  assert.equal(readFileSync(join(bin(), 'sluice.previous')), old);
  assert.equal(readdirSync(bin()).sort(), ['sluice', 'sluice.previous']);
});

test('install.sh: a kit that was changed anywhere leaves the installed program in place', async () => {
  await before();
  const old = readFileSync(join(bin(), 'sluice'));
  for (const [path, at] of [
    [`bin/${executableName}`, 50_000_000],
    ['CHECKSUMS', 3],
    ['CHECKSUMS.sig', 3],
    ['SIGNING-KEY.pub', 40],
    ['INSTALL.txt', 10],
    ['install.cmd', 10],
  ] as const) {
    const other = changed(path, at);
    for (const args of [[], ['--verify']]) {
      const { code, stdout, stderr } = await install(other, args);
      assert.is(code, 1, `${path}: ${stdout}`);
      assert.ok(stderr.includes(path), stderr);
    }
    assert.equal(readdirSync(bin()), ['sluice']);
    assert.equal(readFileSync(join(bin(), 'sluice')), old);
    remove(other);
  }
  assert.equal(readdirSync(home), ['.local']);
});

test('install.sh: an upgrade never runs a program that the earlier installation would refuse, whatever that program says', async () => {
  assert.is((await install(stick)).code, 0);
  const installed = readFileSync(join(bin(), 'sluice'));
  const other = stickOf(kit, root);
  const ran = join(home, 'the program of the stick ran');
  const program = `#!/bin/sh\n: >'${ran}'\necho 'all is well'\n`;
  writeFileSync(join(other, 'bin', executableName), program);
  const sum = createHash('sha256').update(program).digest('hex');
  const sums = readFileSync(join(other, 'CHECKSUMS'), 'utf8');
  writeFileSync(join(other, 'CHECKSUMS'), sums.replace(new RegExp(`^[0-9a-f]{64}(?=  bin/${executableName}$)`, 'm'), sum));
  const refuses = async (why: RegExp): Promise<void> => {
    for (const args of [[], ['--verify']]) {
      const { code, stdout, stderr } = await install(other, args);
      assert.is(code, 1, stdout + stderr);
      assert.match(stderr, why);
      assert.not(existsSync(ran), stdout);
      assert.not.match(stdout, 'all is well');
    }
  };
  await refuses(/the installed .* refuses this stick; nothing of the stick was run/);
  assert.ok(readFileSync(join(bin(), 'sluice')).equals(installed));
  // If the program is missing, the remembered key and openssl are enough.
  if (spawnSync('openssl', ['version'], { stdio: 'ignore' }).status === 0) {
    rmSync(join(bin(), 'sluice'));
    await refuses(/not signed by the key of the earlier installation; nothing of the stick was run/);
    assert.equal(readdirSync(bin()), []);
  } else process.stdout.write('\nskipped: the remembered key: there is no openssl\n');
  remove(other);
});

test('install.sh: a stick that changes after it was verified installs and runs nothing', async () => {
  assert.is((await install(stick)).code, 0);
  const [installed, other] = [join(bin(), 'sluice'), stickOf(kit, root)];
  const ran = join(home, 'the program of the stick ran');
  const program = `#!/bin/sh\n: >${quoted(ran)}\n`;
  const sum = createHash('sha256').update(program).digest('hex');
  const sums = readFileSync(join(other, 'CHECKSUMS'), 'utf8');
  writeFileSync(join(root, 'program'), program);
  writeFileSync(join(root, 'sums'), sums.replace(new RegExp(`^[0-9a-f]{64}(?=  bin/${executableName}$)`, 'm'), sum));
  // The installed program verifies as usual. Afterwards the stick has other content.
  renameSync(installed, join(root, 'real'));
  const copy = (from: string, to: string): string => `cp ${quoted(join(root, from))} ${quoted(join(other, to))}`;
  const swap = `${copy('sums', 'CHECKSUMS')}; ${copy('program', join('bin', executableName))}`;
  writeFileSync(installed, `#!/bin/sh\n${quoted(join(root, 'real'))} "$@"; code=$?\n${swap}\nexit $code\n`, { mode: 0o755 });
  for (const name of ['CHECKSUMS', join('bin', executableName)]) chmodSync(join(other, name), 0o666);
  const { code, stdout, stderr } = await install(other);
  assert.is(readFileSync(join(other, 'CHECKSUMS'), 'utf8').includes(sum), true, stdout + stderr);
  assert.is(code, 1, stdout + stderr);
  assert.match(stderr, `bin/${executableName} was changed: its sha256 is not the one in CHECKSUMS`);
  assert.not(existsSync(ran), stdout);
  remove(other);
});

test('install.sh: a stick that makes the installed program fail installs and runs nothing', async () => {
  assert.is((await install(stick)).code, 0);
  const [installed, other] = [join(bin(), 'sluice'), stickOf(kit, root)];
  const ran = join(home, 'the program of the stick ran');
  const program = `#!/bin/sh\n: >${quoted(ran)}\n`;
  writeFileSync(join(other, 'bin', executableName), program);
  const sum = createHash('sha256').update(program).digest('hex');
  const sums = readFileSync(join(other, 'CHECKSUMS'), 'utf8');
  writeFileSync(join(other, 'CHECKSUMS'), sums.replace(new RegExp(`^[0-9a-f]{64}(?=  bin/${executableName}$)`, 'm'), sum));
  // The remembered key is missing, so only the installed program can refuse. While it verifies, the stick is gone.
  rmSync(join(home, process.platform === 'darwin' ? 'Library/Application Support/Sluice' : '.config/sluice'), { recursive: true });
  renameSync(installed, join(root, 'real'));
  const real = `${quoted(join(root, 'real'))} "$@"`;
  const [here, away] = [quoted(other), quoted(`${other}.away`)];
  const looks = `mv ${here} ${away}; ${real}; code=$?; mv ${away} ${here}; exit $code`;
  writeFileSync(installed, `#!/bin/sh\ncase "$*" in *--help*) exec ${real} ;; *) ${looks} ;; esac\n`, { mode: 0o755 });
  chmodSync(join(other, '..'), 0o777);
  const { code, stdout, stderr } = await install(other);
  assert.is(code, 1, stdout + stderr);
  assert.match(stderr, /there is no folder .*\n.*the installed .* could not verify this stick \(2\); nothing of the stick was run/);
  assert.not(existsSync(ran), stdout);
  remove(other);
});

test('install.sh: an older version is refused, although its signature is valid, unless it is requested', async () => {
  assert.is((await install(stick)).code, 0);
  const installed = readFileSync(join(bin(), 'sluice'));
  const other = stickOf(kit, root);
  const components = join(other, 'sluice.cdx.json');
  const parsed = JSON.parse(readFileSync(components, 'utf8')) as { metadata: { component: { version: string } } };
  parsed.metadata.component.version = '0.0.9';
  writeFileSync(components, JSON.stringify(parsed));
  await sealKit(other, key);
  for (const args of [[], ['--verify']]) {
    const { code, stderr } = await install(other, args);
    assert.is(code, 1);
    assert.match(stderr, /is of version 0\.0\.9, which is older than the installed one \(.*\); the installer takes it with --older/);
  }
  assert.ok(readFileSync(join(bin(), 'sluice')).equals(installed));
  // The program on this stick is not older and reports the same, so the installed one accepts it.
  const { stderr } = await install(other, ['--older']);
  assert.match(stderr, 'is of version 0.0.9');
  assert.not.match(stderr, 'refuses this stick');
  remove(other);
});

test('install.sh: no name on the stick reaches the terminal with control characters', async () => {
  const other = join(root, 'kit \x1b[2J\x1b]0;owned\x07');
  cpSync(stick, other, { recursive: true });
  for (const folder of [other, join(other, 'bin')]) chmodSync(folder, 0o755);
  writeFileSync(join(other, 'INSTALL.txt'), 'changed');
  rmSync(join(other, 'bin', executableName));
  writeFileSync(join(other, 'bin', 'sluice-\x1b[31m'), '');
  for (const args of [[], ['--verify'], ['--\x1b[31m']]) {
    const { code, stdout, stderr } = await install(other, args);
    assert.is(code, 1);
    assert.not.match(stdout + stderr, '\x1b');
    assert.not.match(stdout + stderr, '\x07');
  }
  remove(other);
});

test('install.sh: a stick that another signer signed is refused after the first installation', async () => {
  assert.is((await install(stick)).code, 0);
  const other = await realKit(join(root, 'other'), privateKey());
  const { code, stderr } = await install(other);
  assert.is(code, 1);
  assert.match(stderr, /SIGNING-KEY\.pub is another key .* than that of the earlier installation/);
  remove(join(root, 'other'));
});

test('install.sh: nothing to roll back to, an unknown word, a folder in the way: each is reported, and nothing changes', async () => {
  assert.match((await install(stick, ['--rollback'])).stderr, /there is no .*sluice\.previous to put back/);
  assert.match((await install(stick, ['--force'])).stderr, /unknown option --force/);
  await before();
  await asUser(home, 'mkdir', [join(bin(), 'sluice.previous')]);
  const { code, stderr } = await install(stick);
  assert.is(code, 1);
  assert.match(stderr, /sluice\.previous is a folder/);
  assert.equal(readdirSync(join(bin(), 'sluice.previous')), []);
});

test('install.sh: --uninstall removes the program and the earlier one, and nothing else, and not while an agent runs', async () => {
  assert.match((await install(stick, ['--uninstall'])).stderr, /nothing is installed in /);
  await before();
  await install(stick);
  const program = join(bin(), 'sluice');
  await asUser(home, 'mkdir', ['-p', join(home, 'in'), join(home, 'out')]);
  const began = await asUser(home, program, ['start', '--from', join(home, 'in'), '--to', join(home, 'out')]);
  assert.is(began.code, 0, began.stderr);
  const refused = await install(stick, ['--uninstall']);
  assert.is(refused.code, 1);
  assert.match(refused.stderr, /an agent is running: first run .*sluice stop/);
  assert.ok(existsSync(program));
  assert.is((await asUser(home, program, ['stop'])).code, 0);
  const elsewhere = ['--state', join(home, 'elsewhere')];
  const again = await asUser(home, program, ['start', '--from', join(home, 'in'), '--to', join(home, 'out'), ...elsewhere]);
  assert.is(again.code, 0, again.stderr);
  if (process.platform === 'linux') {
    assert.match((await install(stick, ['--uninstall'])).stderr, /process \d+ is Sluice: stop it first/);
    assert.ok(existsSync(program));
  }
  assert.is((await asUser(home, program, ['stop', ...elsewhere])).code, 0);
  const unit = join(home, '.config/systemd/user/sluice.service');
  await asUser(home, 'mkdir', ['-p', join(unit, '..')]);
  await asUser(home, 'touch', [unit]);
  assert.match((await install(stick, ['--uninstall'])).stderr, /it is installed as a service \(.*sluice\.service\)/);
  rmSync(unit);
  const { code, stdout, stderr } = await install(stick, ['--uninstall']);
  assert.is(code, 0, stderr);
  assert.match(stdout, /removed: .* the journal and the configuration stay/);
  assert.equal(readdirSync(bin()), []);
  assert.ok(existsSync(join(home, '.local/state/sluice/journal.db')));
});

test('install.sh: an executable that cannot run here is not installed', async () => {
  await before();
  const other = stickOf(kit, root);
  writeFileSync(join(other, 'bin', executableName), '\x7fELF no program');
  const sum = createHash('sha256')
    .update(readFileSync(join(other, 'bin', executableName)))
    .digest('hex');
  const line = new RegExp(`^[0-9a-f]{64}(?=  bin/${executableName}$)`, 'm');
  writeFileSync(join(other, 'CHECKSUMS'), readFileSync(join(other, 'CHECKSUMS'), 'utf8').replace(line, sum));
  const { code, stderr } = await install(other);
  assert.is(code, 1);
  assert.match(stderr, /cannot run on this machine/);
  assert.equal(readdirSync(bin()), ['sluice']);
  remove(other);
});

test('install.sh: installs from a stick mounted read-only and noexec', async () => {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    return void process.stdout.write('skipped: noexec stick: only root mounts\n');
  const mounted = join(root, 'mounted');
  mkdirSync(mounted, { recursive: true });
  try {
    execFileSync('mount', ['--bind', stick, mounted], { stdio: 'pipe' });
  } catch {
    return void process.stdout.write('skipped: noexec stick: this machine does not let root mount\n');
  }
  try {
    execFileSync('mount', ['-o', 'remount,bind,ro,noexec', mounted], { stdio: 'pipe' });
    for (const args of [['--verify'], []]) {
      const { code, stdout, stderr } = await install(mounted, args);
      assert.is(code, 0, stdout + stderr);
    }
    assert.ok(existsSync(join(bin(), 'sluice')));
    assert.equal(readdirSync(home).sort(), ['.config', '.local']);
  } finally {
    execFileSync('umount', [mounted]);
  }
});

/** In a separate mount namespace with an empty `/etc` and `/usr/local/bin`: nothing is installed on this machine. */
const asRoot = `
mount -t tmpfs tmpfs /etc && mount -t tmpfs tmpfs /usr/local/bin && cd / || exit 77
env -i PATH=/usr/bin:/bin:/usr/sbin:/sbin sh "$0/install.sh" && ls -A /usr/local/bin /etc/sluice && cmp "$0/SIGNING-KEY.pub" /etc/sluice/SIGNING-KEY.pub
`;

test('install.sh: for root it installs for the machine, with only a PATH in the environment', () => {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return void process.stdout.write('skipped: as root: only root is\n');
  const { status, stdout, stderr } = spawnSync('unshare', ['-m', 'sh', '-c', asRoot, stick], { encoding: 'utf8' });
  if (status === 77) return void process.stdout.write('skipped: as root: this machine does not let root mount\n');
  assert.is(status, 0, stdout + stderr);
  assert.match(stdout, /remembered in \/etc\/sluice\/SIGNING-KEY\.pub/);
  assert.match(
    stdout,
    /installed: \/usr\/local\/bin\/sluice .*\n(.*\n)*next: .*service install\n\/etc\/sluice:\nSIGNING-KEY\.pub\n\n\/usr\/local\/bin:\nsluice\n$/,
  );
});

test.run();
