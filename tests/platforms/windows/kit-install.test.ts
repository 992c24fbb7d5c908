// timeout: 420s
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { thisMachine } from '../../../scripts/package/targets.ts';
import { kitFolder, privateKey, remove } from '../../package/kit-bed.ts';
import { stillRunning } from '../arm64/emulated-arm64.ts';
import { before, difficultStick, executableName, installed, programOf, type WindowsBed, windowsBed, windowsKit } from './bed.ts';
import { type InWindows, installTroubles } from './install-troubles.ts';
import { asWindows, findWine } from './wine.ts';

/**
 * install.cmd from a real kit in Wine's cmd.exe, with real renames and a real refusal to remove running programs. Wine's certutil
 * does nothing, so `stand-in.c` replaces it.
 */
const root = kitFolder();
const key = privateKey();
let bed: WindowsBed | string = 'wine64 is not on this machine';
let kit = '';
let stick = '';

test.before(async () => {
  const path = findWine();
  if (thisMachine() !== 'linux-x64') bed = "other systems' executables are made on linux-x64";
  if (thisMachine() !== 'linux-x64' || path === null) return;
  kit = await windowsKit(join(root, 'dist'), key);
  stick = difficultStick(kit, root);
  bed = await windowsBed(root, path);
});
test.before.each(() => void (typeof bed !== 'string' && bed.reset()));
test.after(() => {
  if (typeof bed !== 'string') bed.wine.end();
  remove(root);
});

/** Registers a test that prints why it cannot run if there is no Wine. */
const inWindows: InWindows = (name, body) => {
  test(`install.cmd: ${name}`, async () => {
    if (typeof bed === 'string') return void process.stdout.write(`skipped: install.cmd: ${name}: ${bed}\n`);
    await body(bed);
  });
};

/** The installed program is recognized by its bytes. */
function isOfStick(file: string): boolean {
  return readFileSync(file).equals(programOf(stick));
}

function changeByte(file: string, at: number): void {
  const bytes = readFileSync(file);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(file, bytes);
}

inWindows('double-clicked by an administrator: installs for everybody, remembers the key, and waits for a key press', (windows) => {
  const { code, stdout, stderr } = windows.install(stick);
  assert.is(code, 0, stdout + stderr);
  assert.is(stderr, '');
  assert.match(stdout, /signed by the key {2}[0-9a-f]{4} /);
  assert.match(stdout, /installed: "C:\\Program Files\\Sluice\\sluice\.exe"\r\nsluice \d/);
  assert.match(stdout, /\r\nthen: "C:\\Program Files\\Sluice\\sluice\.exe" service install \r\nPress any key/);
  assert.equal(readdirSync(windows.everybodys), ['sluice.exe']);
  assert.ok(isOfStick(installed(windows)));
  assert.equal(readFileSync(join(windows.machine, 'SIGNING-KEY.pub')), readFileSync(join(stick, 'SIGNING-KEY.pub')));
  assert.equal(
    readdirSync(join(windows.everybodys, '..')).filter((name) => name.startsWith('Sluice')),
    ['Sluice'],
  );
});

inWindows('by a user with a difficult name, on Windows 7: installs for this user alone, and uninstalls', (windows) => {
  const { code, stdout, stderr } = windows.installAsUser(stick, [], { CERTUTIL_OF: '7' });
  assert.is(code, 0, stdout + stderr);
  assert.match(stdout, 'only for yourself');
  assert.match(stdout, 'service install --mine');
  assert.equal(readdirSync(windows.users), ['sluice.exe']);
  assert.ok(isOfStick(join(windows.users, 'sluice.exe')));
  assert.ok(existsSync(join(windows.profile, 'AppData/Roaming/Sluice/SIGNING-KEY.pub')));
  mkdirSync(join(windows.users, 'state'));
  const gone = windows.installAsUser(stick, ['--uninstall']);
  assert.is(gone.code, 0, gone.stderr);
  assert.equal(readdirSync(windows.users), ['state']);
});

inWindows(
  'an upgrade keeps the earlier program, installing the same again changes nothing, and --rollback swaps the two, in both directions',
  (windows) => {
    before(windows, stick);
    const previous = join(windows.everybodys, 'sluice.previous.exe');
    writeFileSync(previous, 'of long before');
    const old = readFileSync(installed(windows));
    const isUpgraded = (): boolean => isOfStick(installed(windows)) && readFileSync(previous).equals(old);
    const upgrade = windows.install(stick);
    assert.is(upgrade.code, 0, upgrade.stdout + upgrade.stderr);
    assert.match(upgrade.stdout, /the earlier program is kept: .*sluice\.previous\.exe"/);
    assert.match(upgrade.stdout, 'restart --drain');
    assert.ok(isUpgraded());
    const again = windows.install(stick);
    assert.match(again.stdout, 'already the same program; nothing was changed', again.stdout + again.stderr);
    assert.ok(isUpgraded());
    const back = windows.install(stick, ['--rollback']);
    assert.is(back.code, 0, back.stderr);
    assert.match(back.stdout, /put back: .*\r\nsluice \d/);
    assert.ok(isOfStick(previous) && readFileSync(installed(windows)).equals(old));
    assert.is(windows.install(stick, ['--rollback']).code, 0);
    assert.ok(isUpgraded());
    assert.equal(readdirSync(windows.everybodys).sort(), ['sluice.exe', 'sluice.previous.exe']);
  },
);

inWindows('--verify: says who signed it, and leaves nothing behind', (windows) => {
  const { code, stdout, stderr } = windows.install(stick, ['--verify']);
  assert.is(code, 0, stdout + stderr);
  assert.match(stdout, 'this machine has not seen a kit before');
  assert.not.match(stdout, 'Press any key');
  assert.not(existsSync(windows.everybodys) || existsSync(windows.machine));
});

inWindows('a kit that was changed anywhere leaves the installed program in place, and the file is named', (windows) => {
  before(windows, stick);
  const old = readFileSync(installed(windows));
  const other = difficultStick(kit, root);
  for (const [path, at, args] of [
    [`bin/${executableName}`, 50_000_000, []],
    [`bin/${executableName}`, 50_000_000, ['--verify']],
    ['CHECKSUMS', 3, []],
    ['CHECKSUMS.sig', 3, ['--verify']],
    ['INSTALL.txt', 10, []],
  ] as const) {
    changeByte(join(other, path), at);
    const { code, stdout, stderr } = windows.install(other, args);
    assert.is(code, 1, `${path}: ${stdout}`);
    assert.ok(stderr.includes(path), stderr);
    assert.is(stderr.includes('nothing was installed'), args.length === 0);
    assert.equal(readdirSync(windows.everybodys), ['sluice.exe']);
    changeByte(join(other, path), at);
  }
  assert.ok(readFileSync(installed(windows)).equals(old));
  assert.not(existsSync(windows.machine));
  remove(other);
});

inWindows('what vouches for a stick is read once: a stick with other content at the next read changes nothing', (windows) => {
  const other = difficultStick(kit, root);
  const { code, stdout, stderr } = windows.install(other, [], { CERTUTIL_REMOVES: asWindows(join(other, 'CHECKSUMS')) });
  assert.not(existsSync(join(other, 'CHECKSUMS')));
  assert.is(code, 0, stdout + stderr);
  assert.equal(readdirSync(windows.everybodys), ['sluice.exe']);
  assert.ok(isOfStick(installed(windows)));
  assert.equal(readFileSync(join(windows.machine, 'SIGNING-KEY.pub')), readFileSync(join(stick, 'SIGNING-KEY.pub')));
  remove(other);
});

inWindows('a stick that makes the installed program fail installs nothing', (windows) => {
  mkdirSync(windows.everybodys);
  // It knows `kit verify`, and ends with neither 0 nor 1.
  copyFileSync(windows.standIn, installed(windows));
  const old = readFileSync(installed(windows));
  const { code, stderr } = windows.install(stick, [], { SLUICE_FAILS: '1' });
  assert.is(code, 1);
  assert.match(
    stderr,
    /the installed .* could not verify this stick; nothing of the stick was run\r\ninstall\.cmd: nothing was installed\r\n$/,
  );
  assert.ok(readFileSync(installed(windows)).equals(old));
  assert.equal(readdirSync(windows.everybodys), ['sluice.exe']);
});

inWindows('a machine whose certutil prints nothing, and an executable that cannot run: nothing is installed', (windows) => {
  const { code, stderr } = windows.install(stick, [], { WINEDLLOVERRIDES: 'mscoree=;mshtml=' });
  assert.is(code, 1);
  assert.match(stderr, /certutil\.exe" could not compute the sha256 of .*\r\ninstall\.cmd: nothing was installed\r\n$/);
  const other = difficultStick(kit, root);
  writeFileSync(join(other, 'bin', executableName), 'MZ no program');
  const sum = createHash('sha256').update(programOf(other)).digest('hex');
  const line = new RegExp(`^[0-9a-f]{64}(?=  bin/${executableName}$)`, 'm');
  writeFileSync(join(other, 'CHECKSUMS'), readFileSync(join(other, 'CHECKSUMS'), 'utf8').replace(line, sum));
  assert.match(windows.install(other).stderr, /cannot run on this machine from .*\r\ninstall\.cmd: nothing was installed\r\n$/);
  assert.not(existsSync(windows.everybodys));
  remove(other);
});

inWindows(
  'nothing to roll back to, nothing to remove, an unknown word, a folder in the way: each is reported, and nothing changes',
  (windows) => {
    assert.match(windows.install(stick, ['--rollback']).stderr, /there is no ".*sluice\.previous\.exe" to put back/);
    assert.match(windows.install(stick, ['--uninstall']).stderr, 'nothing is installed in ');
    assert.match(windows.install(stick, ['--force']).stderr, 'unknown option "--force"');
    assert.not(existsSync(windows.everybodys));
    mkdirSync(join(windows.everybodys, 'sluice.previous.exe'), { recursive: true });
    const { code, stderr } = windows.install(stick);
    assert.is(code, 1);
    assert.match(stderr, /sluice\.previous\.exe" is a folder/);
    assert.equal(readdirSync(windows.everybodys), ['sluice.previous.exe']);
  },
);

inWindows('--uninstall: refuses while there is a service', (windows) => {
  mkdirSync(windows.everybodys);
  copyFileSync(windows.standIn, installed(windows));
  const { code, stderr } = windows.install(stick, ['--uninstall']);
  assert.is(code, 1);
  assert.match(stderr, /it is installed as a service: first run ".*sluice\.exe" service uninstall/);
  assert.ok(existsSync(installed(windows)));
});

installTroubles(inWindows, root, () => stick);

inWindows('no process is left running', (windows) => {
  windows.wine.end();
  assert.equal(
    ['/', '\\'].flatMap((separator) => stillRunning(root.replaceAll('/', separator))),
    [],
  );
});

test.run();
