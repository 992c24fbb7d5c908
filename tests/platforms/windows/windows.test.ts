// timeout: 480s
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { stdout } from 'node:process';
import { openReader } from '@sluice/persistence';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { baseBinary } from '../../../scripts/package/base-binary.ts';
import { thisMachine } from '../../../scripts/package/targets.ts';
import { executables, wineTarget } from '../../../scripts/test/executables.ts';
import { allIdentical, brokenPromises } from '../../package/promises.ts';
import { builtOnce } from '../../package/support.ts';
import { stillRunning } from '../arm64/emulated-arm64.ts';
import { type WindowsMachine, windowsMachine } from './service.ts';
import { windowsServiceTests } from './service-tests.ts';
import { asWindows, findWine, type Wine, wineDist, wineIn } from './wine.ts';

/** The executable for win-x64 under Wine, which runs no newer Node than 22. npm downloads it the first time. */
const root = mkdtempSync(join(tmpdir(), 'sluice-windows-'));
const [source, destination, state] = ['source', 'destination', 'state'].map((name) => join(root, name)) as [string, string, string];
let wine: Wine | string = 'wine64 is not on this machine';
let node = '';
let machine: WindowsMachine | undefined;

/** The content of the source: folders, names of every kind, two that Windows cannot distinguish, and names of devices. */
const names = [
  'a.bin',
  'day 1/größe/Ñandú 日本.mxf',
  'day 1/clip.mxf',
  'day 1/CLIP.mxf',
  'day 1/😀/take.wav',
  'aux.mxf',
  'con',
  'nul/com1.txt',
  'dot',
  'dot.',
];

test.before(async () => {
  const path = findWine();
  if (thisMachine() !== 'linux-x64') wine = "other systems' executables are made on linux-x64";
  if (thisMachine() !== 'linux-x64' || path === null) return;
  copyFileSync(await builtOnce(executables.windows), join(root, 'sluice.exe'));
  node = await baseBinary(wineTarget.base, join(wineDist, 'cache'));
  for (const [index, name] of names.entries()) {
    mkdirSync(dirname(join(source, name)), { recursive: true });
    writeFileSync(join(source, name), Buffer.alloc(index === 0 ? 9_000_000 : 1_000 + index, `${index} ${name}\n`));
  }
  mkdirSync(destination);
  wine = wineIn(root, path);
});
test.after(() => {
  if (typeof wine !== 'string') wine.end();
  rmSync(root, { recursive: true, force: true });
});

/** @returns null, and prints why, if there is no Wine */
function wineOr(what: string): Wine | null {
  if (typeof wine !== 'string') return wine;
  stdout.write(`skipped: win-x64: ${what}: ${wine}\n`);
  return null;
}

const route = ['--from', asWindows(source), '--to', asWindows(destination), '--state', asWindows(state)];

function sha256(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

test('win-x64: starts', () => {
  const said = wineOr('starts')?.run(['--version', '--json'], 60_000);
  if (said !== undefined) assert.is((JSON.parse(said.stdout) as { platform: string }).platform, 'win32', said.stderr);
});

test('win-x64: check checks both folders, and leaves nothing behind', () => {
  const said = wineOr('check')?.run(['check', ...route], 60_000);
  if (said === undefined) return;
  assert.is(said.code, 0, said.stdout + said.stderr);
  assert.match(said.stdout, `${names.length} files`);
  assert.match(said.stdout, 'ready');
  assert.equal(readdirSync(destination), []);
});

test('win-x64: run copies a tree, each file under its own name', () => {
  const quick = ['--stable-after', '200ms', '--scan-every', '200ms', '--space-keep-free', '1MB'];
  const said = wineOr('run')?.run(['run', ...route, ...quick, '--until-idle'], 120_000);
  if (said === undefined) return;
  assert.is(said.code, 0, said.stdout + said.stderr);
  const journal = openReader({ path: join(state, 'journal.db') });
  const files = [...journal.files({ endedSince: 0, limit: names.length + 1 }).files];
  journal.close();
  assert.equal(files.map(({ source: path }) => path).sort(), names.toSorted());
  assert.equal(new Set(files.map(({ status }) => status)), new Set(['COMPLETED']));
  for (const file of files) {
    assert.is(sha256(join(destination, file.destination)), sha256(join(source, file.source)), file.source);
    if (file.destination !== file.source) assert.match(file.destination, /^day 1\/clip_1\.mxf$/i);
  }
  assert.is(files.filter((file) => file.destination !== file.source).length, 1);
});

test('win-x64: history reads the journal that is left', () => {
  const said = wineOr('history')?.run(['history', '--json', '--state', asWindows(state)], 60_000);
  if (said === undefined) return;
  assert.is(said.code, 0, said.stderr);
  const told = said.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { source: string; status: string });
  assert.equal(told.map((file) => `${file.status} ${file.source}`).sort(), names.map((name) => `COMPLETED ${name}`).sort());
});

test('win-x64: the tour, with its outage, verifies every byte', () => {
  const said = wineOr('the tour')?.run(['demo', '--no-screen'], 240_000);
  if (said === undefined) return;
  assert.equal(brokenPromises(said.stdout), [], said.stdout + said.stderr);
  assert.ok(allIdentical.test(said.stdout), said.stdout + said.stderr);
  assert.is(said.code, said.stdout.includes('BROKEN') ? 1 : 0);
});

windowsServiceTests(test, (what) => {
  const found = wineOr(what);
  if (found !== null) machine ??= windowsMachine(found, root, node);
  return machine ?? null;
});

test('win-x64: no process is left running', () => {
  wineOr('its end')?.end();
  assert.equal(
    ['/', '\\'].flatMap((separator) => stillRunning(root.replaceAll('/', separator))),
    [],
  );
});

test.run();
