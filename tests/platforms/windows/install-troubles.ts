import { type ChildProcess, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import * as assert from 'uvu/assert';
import { before, installed, type WindowsBed } from './bed.ts';
import { asWindows } from './wine.ts';

/** Registers a test in a Windows in which nothing is installed. */
export type InWindows = (name: string, body: (windows: WindowsBed) => void | Promise<void>) => void;

const skip = (what: string, why: string): void => void process.stdout.write(`skipped: install.cmd: ${what}: ${why}\n`);

/** Holds a file until the process is ended. */
async function held({ wine, standIn }: WindowsBed, file: string, how: 'alone' | 'reading'): Promise<ChildProcess> {
  const child = wine.begin(standIn, ['hold', asWindows(file), how]);
  assert.match(String((await once(child.stdout ?? child, 'data'))[0]), 'held');
  return child;
}

/**
 * Registers tests of what can get in the way of install.cmd: a disk, other programs, a running Sluice.
 * @param stick known when the tests run
 */
export function installTroubles(inWindows: InWindows, root: string, stick: () => string): void {
  inWindows('a target that is full or read-only: reported, and nothing changes', (windows) => {
    if (process.getuid?.() !== 0) return skip('a full target', 'only root mounts');
    const { everybodys } = windows;
    for (const [how, kind] of [
      [['-t', 'tmpfs', '-o', 'size=20m', 'tmpfs'], 'full'],
      [['-t', 'tmpfs', '-o', 'size=20m,ro', 'tmpfs'], 'read-only'],
    ] as const) {
      mkdirSync(everybodys, { recursive: true });
      try {
        execFileSync('mount', [...how, everybodys], { stdio: 'pipe' });
      } catch {
        return skip(`a ${kind} target`, 'this machine does not let root mount');
      }
      try {
        for (const args of [[], ['--verify']]) {
          const { code, stderr } = windows.install(stick(), args);
          assert.is(code, 1, kind);
          assert.match(stderr, /cannot write into "C:\\Program Files\\Sluice"/);
        }
        assert.equal(readdirSync(everybodys), []);
      } finally {
        execFileSync('umount', [everybodys]);
      }
    }
  });

  inWindows('a file that another program holds is not renamed, and the installed program stays unchanged', async (windows) => {
    before(windows, stick());
    const previous = join(windows.everybodys, 'sluice.previous.exe');
    writeFileSync(previous, 'of long before');
    const old = readFileSync(installed(windows));
    for (const file of [previous, installed(windows)]) {
      const holder = await held(windows, file, 'reading');
      const { code, stderr } = windows.install(stick());
      holder.kill('SIGKILL');
      await once(holder, 'close');
      assert.is(code, 1);
      assert.match(
        stderr,
        /some other program holds it\. The installed program is unchanged; try again\r\ninstall\.cmd: nothing was installed\r\n$/,
      );
      assert.equal(readdirSync(windows.everybodys).sort(), ['sluice.exe', 'sluice.previous.exe']);
      assert.ok(readFileSync(installed(windows)).equals(old));
      assert.is(readFileSync(previous, 'utf8'), 'of long before');
    }
    const holder = await held(windows, installed(windows), 'alone');
    assert.match(windows.install(stick(), ['--rollback']).stderr, 'it is unchanged');
    holder.kill('SIGKILL');
    await once(holder, 'close');
    assert.equal(readdirSync(windows.everybodys).sort(), ['sluice.exe', 'sluice.previous.exe']);
  });

  inWindows('while an agent runs: upgrades leave it running, and --uninstall removes nothing until it has ended', (windows) => {
    const [source, destination] = [join(root, 'in'), join(root, 'out')];
    for (const folder of [source, destination]) mkdirSync(folder, { recursive: true });
    const route = ['--from', asWindows(source), '--to', asWindows(destination)];
    const elsewhere = ['--state', asWindows(join(root, 'elsewhere'))];
    const sluice = (args: readonly string[]) => windows.run(installed(windows), args);
    const both = ['sluice.exe', 'sluice.previous.exe'];
    before(windows, stick());
    assert.is(sluice(['start', ...route]).code, 0);
    assert.match(windows.install(stick(), ['--uninstall']).stderr, /an agent is running: first run ".*sluice\.exe" stop/);
    assert.is(windows.install(stick()).code, 0);
    writeFileSync(installed(windows), 'another', { flag: 'a' });
    // The running program is sluice.previous.exe now, and after the next upgrade it is neither.
    const again = windows.install(stick());
    assert.match(again.stdout, /an earlier program still runs.*"C:\\Program Files\\Sluice\\sluice\.old-\d+\.exe"/);
    assert.is(readdirSync(windows.everybodys).length, 3);
    assert.is(sluice(['stop']).code, 0);
    assert.is(sluice(['start', ...route, ...elsewhere]).code, 0);
    assert.match(windows.install(stick(), ['--uninstall']).stderr, /cannot remove ".*sluice\.exe": it is running/);
    assert.equal(
      readdirSync(windows.everybodys)
        .filter((name) => !name.includes('old'))
        .sort(),
      both,
    );
    assert.is(sluice(['stop', ...elsewhere]).code, 0);
    const { code, stdout, stderr } = windows.install(stick(), ['--uninstall']);
    assert.is(code, 0, stderr);
    assert.match(stdout, 'the journal and the configuration stay');
    assert.not(existsSync(windows.everybodys));
    assert.ok(existsSync(join(windows.machine, 'SIGNING-KEY.pub')));
  });

  inWindows('a scanner that holds the new file: the installed program stays unchanged, and the next installation cleans up', (windows) => {
    before(windows, stick());
    const old = readFileSync(installed(windows));
    const { code, stderr } = windows.install(stick(), [], { CERTUTIL_HOLDS: 'file' });
    assert.is(code, 1);
    assert.match(
      stderr,
      /some other program holds it\. The installed program is unchanged; try again\r\ninstall\.cmd: nothing was installed\r\n$/,
    );
    assert.ok(readFileSync(installed(windows)).equals(old));
    assert.match(readdirSync(windows.everybodys).join(' '), /^sluice\.exe sluice\.new-\d+\.exe$/);
    windows.wine.end();
    assert.is(windows.install(stick()).code, 0);
    assert.equal(readdirSync(windows.everybodys).sort(), ['sluice.exe', 'sluice.previous.exe']);
  });

  inWindows("a scanner that holds certutil's answer about the new one: the one about the installed one is not taken from it", (windows) => {
    before(windows, stick());
    const upgrade = windows.install(stick(), [], { CERTUTIL_HOLDS: 'answer' });
    assert.is(upgrade.code, 0, upgrade.stdout + upgrade.stderr);
    assert.match(upgrade.stdout, /the earlier program is kept: /);
    assert.match(
      readdirSync(windows.everybodys).sort().join(' '),
      /^sluice\.answer-\d+-\d+\.txt sluice\.answer-.* sluice\.exe sluice\.previous\.exe$/,
    );
  });
}
