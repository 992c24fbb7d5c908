// timeout: 600s
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env, stdout } from 'node:process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { makeExecutable } from '../../scripts/package/make-executable.ts';
import { findTarget, onVersion, thisMachine } from '../../scripts/package/targets.ts';

/** Executables of other systems, on what imitates them. Each is fetched by npm the first time. */
const place = mkdtempSync(join(tmpdir(), 'sluice-foreign-'));
test.after(() => rmSync(place, { recursive: true, force: true }));

const dist = join(import.meta.dirname, '../../dist');
const armLibraries = '/usr/aarch64-linux-gnu';
const wine = ['/usr/lib/wine/wine64', '/usr/bin/wine64', '/usr/bin/wine'].find((path) => existsSync(path));

function whyNot(what: string, isThere: boolean): string | null {
  if (thisMachine() !== 'linux-x64') return `${what}: other systems' executables are made on linux-x64`;
  return isThere ? null : `${what}: it is not on this machine`;
}

test('linux-arm64: starts, under qemu-user', async () => {
  const isThere = existsSync('/usr/bin/qemu-aarch64-static') && existsSync(join(armLibraries, 'lib/libstdc++.so.6'));
  const why = whyNot('qemu-user-static with libc6-arm64-cross and libstdc++6-arm64-cross', isThere);
  if (why !== null) return void stdout.write(`skipped: ${why}\n`);
  const path = await makeExecutable(findTarget('linux-arm64'), dist, () => {});
  const said = execFileSync('/usr/bin/qemu-aarch64-static', ['-L', armLibraries, path, '--version', '--json'], { encoding: 'utf8' });
  assert.is((JSON.parse(said) as { arch: string }).arch, 'arm64');
});

test('win-x64: starts, under Wine, which runs Node 22', async () => {
  const why = whyNot('wine64', wine !== undefined);
  if (why !== null || wine === undefined) return void stdout.write(`skipped: ${why}\n`);
  const target = onVersion(findTarget('win-x64'), '22.23.2');
  const path = await makeExecutable(target, join(dist, 'wine'), () => {});
  const out = join(place, 'out.txt');
  const around = { ...env, WINEPREFIX: join(place, 'prefix'), WINEDEBUG: '-all' };
  const prepared = spawnSync(wine, ['winecfg', '-v', 'win10'], { env: around, stdio: 'ignore', timeout: 180_000 });
  assert.is(prepared.status, 0);
  // Wine's console needs a file to write to.
  spawnSync('sh', ['-c', `"$0" "$1" --version < /dev/null > "$2" 2> /dev/null`, wine, path, out], { env: around, timeout: 120_000 });
  assert.match(readFileSync(out, 'utf8'), /^sluice \d+\.\d+\.\d+\r?\n$/);
});

test.run();
