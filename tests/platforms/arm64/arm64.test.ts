// timeout: 600s
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { stdout } from 'node:process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { thisMachine } from '../../../scripts/package/targets.ts';
import { executables } from '../../../scripts/test/executables.ts';
import { allIdentical, brokenPromises } from '../../package/promises.ts';
import { builtOnce } from '../../package/support.ts';
import { type Arm64Machine, arm64Machine, stillRunning } from './emulated-arm64.ts';

/** The executable for linux-arm64, on an emulation of that machine. npm downloads its Node the first time. */
const root = mkdtempSync(join(tmpdir(), 'sluice-arm64-'));
let machine: Arm64Machine | string = 'executables of other systems are made on linux-x64';

test.before(async () => {
  if (thisMachine() !== 'linux-x64') return;
  const program = await builtOnce(executables.arm64);
  machine = arm64Machine(program, root);
});
test.after(() => rmSync(root, { recursive: true, force: true }));

/** @returns null, and prints why, if there is no such machine */
function machineOr(what: string): Arm64Machine | null {
  if (typeof machine !== 'string') return machine;
  stdout.write(`skipped: linux-arm64: ${what}: ${machine}\n`);
  return null;
}

test('linux-arm64: starts under qemu-user', () => {
  const said = machineOr('starts')?.run(['--version', '--json'], 60_000);
  if (said !== undefined) assert.is((JSON.parse(said.stdout) as { arch: string }).arch, 'arm64', said.stderr);
});

test('linux-arm64: the tour, with its outage, verifies every byte, and leaves nothing behind', () => {
  const tour = () => machineOr('the tour')?.run(['demo', '--no-screen'], 190_000);
  let said = tour();
  // On a busy machine an emulated agent may not start within the minute that the tour waits for it, so it is tried once more.
  if (said?.stderr.includes('no agent is running') === true) said = tour();
  if (said === undefined) return;
  assert.equal(brokenPromises(said.stdout), [], said.stdout + said.stderr);
  assert.ok(allIdentical.test(said.stdout), said.stdout + said.stderr);
  assert.match(said.stdout, /held +the agent reports that everything is copied \(exit 0\)/);
  assert.is(said.code, said.stdout.includes('BROKEN') ? 1 : 0);
  // There is no /run: the lock of the route is at the same place as on macOS.
  assert.equal(
    readdirSync(join(root, 'tmp')).filter((name) => name !== 'sluice-0-routes'),
    [],
  );
  assert.equal(stillRunning(basename(root)), []);
});

test.run();
