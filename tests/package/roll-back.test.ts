// timeout: 300s
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { filesOn, killed, pidOn } from '../bed/background.ts';
import { makeFile } from '../bed/folders.ts';
import { until } from '../bed/wait.ts';
import { newer, newerExecutable } from './newer.ts';
import { executable, type Ran, runBare, shareCompiled } from './support.ts';

/** Both programs, far from the checkout. Each test has separate folders below. */
const root = mkdtempSync(join(tmpdir(), 'sluice-roll-back-'));
const ending = process.platform === 'win32' ? '.exe' : '';
const programs = { older: join(root, `older${ending}`), newer: join(root, `newer${ending}`) };
const saved = `journal.db.before-v${newer.journalVersion}`;
const guide = readFileSync(join(import.meta.dirname, '../../docs/upgrade.md'), 'utf8');
const refusal = /the journal .*journal\.db was written by a newer Sluice/;
let folder = '';
let turns = 0;

test.before(async () => {
  await shareCompiled(join(root, 'dist'));
  const [older, tomorrow] = await Promise.all([executable(), newerExecutable(join(root, 'dist'))]);
  copyFileSync(older, programs.older);
  copyFileSync(tomorrow, programs.newer);
});
test.before.each(() => {
  folder = join(root, `turn ${(turns += 1)}`);
  for (const name of ['', 'source', 'destination']) mkdirSync(join(folder, name));
  const text = (name: string): string => JSON.stringify(join(folder, name));
  const route = ['[[route]]', 'name = "ingest"', `source = ${text('source')}`, `destination = ${text('destination')}`];
  const waits = ['stable_after = "200ms"', 'scan_every = "200ms"', '[route.space]', 'keep_free = "1MB"'];
  writeFileSync(config(), ['[agent]', `state_dir = ${text('state')}`, ...route, ...waits].join('\n'));
});
test.after.each(async () => {
  const pid = await pidOn(state());
  if (pid !== null) await killed(pid);
});
test.after(() => rmSync(root, { recursive: true, force: true }));

const config = (): string => join(folder, 'sluice.toml');
const state = (name = ''): string => join(folder, 'state', name);
const destination = (name = ''): string => join(folder, 'destination', name);

function run(which: keyof typeof programs, ...args: readonly string[]): Promise<Ran> {
  return runBare(programs[which], args, { cwd: folder, env: environment() });
}

function environment(): Record<string, string> {
  return { HOME: folder, PATH: process.env['PATH'] ?? '', SystemRoot: process.env['SystemRoot'] ?? '' };
}

async function does(which: keyof typeof programs, ...args: readonly string[]): Promise<void> {
  const { code, stderr } = await run(which, ...args, '-c', config());
  assert.is(code, 0, `${which} ${args.join(' ')}: ${stderr}`);
}

async function refuses(...args: readonly string[]): Promise<void> {
  const { code, stderr } = await run('older', ...args);
  assert.is(code, 4, `${args.join(' ')}: ${stderr}`);
  assert.match(stderr, refusal);
}

async function copied(name: string): Promise<void> {
  await until(async () => (await filesOn(state())).some((file) => file.source === name && file.status === 'COMPLETED'), 20_000);
}

/** Returns everything that the journal has about a file. */
async function journaled(which: keyof typeof programs, name: string): Promise<{ destination: string; timeline: { event: string }[] }> {
  const { stdout, stderr } = await run(which, 'show', name, '--state', state(), '--json');
  assert.is(stdout.trim().split('\n').length, 1, stdout + stderr);
  return JSON.parse(stdout) as { destination: string; timeline: { event: string }[] };
}

/** Returns what must not change: the journal and its saved copies, the log, and the copied files. */
function untouched(): Record<string, string> {
  const kept = [state(), destination()].flatMap((of) => readdirSync(of).map((name) => join(of, name)));
  const counted = kept.filter((path) => /journal\.db$|\.before-v\d+$|sluice\.log$|\.bin$/.test(path));
  return Object.fromEntries(counted.map((path) => [path, createHash('sha256').update(readFileSync(path)).digest('hex')]));
}

/** Runs the lines of docs/upgrade.md in a shell, for these folders. */
async function rollBackAsDocumented(): Promise<void> {
  const [, block = ''] = /## Restore the journal\n[^]*?```\n([^]*?)```/.exec(guide) ?? [];
  const told = block.split('\n').flatMap((line) => (line === '' ? [] : [line.split(/ {2,}/)[0] ?? '']));
  assert.equal(
    told.map((line) => line.split(' ')[0]),
    ['sluice', 'cd', 'mkdir', 'cp', 'sluice'],
  );
  const [stop = '', cd = '', ...others] = told;
  const script = [
    `sluice() { "$PROGRAM" "$@" -c "$CONFIG"; }`,
    stop,
    'set -e',
    cd.replace(/ .*/, ' "$STATE"'),
    ...others.map((line) => line.replace(/before-v\d+/, `before-v${newer.journalVersion}`)),
  ];
  const env = { ...environment(), PROGRAM: programs.older, CONFIG: config(), STATE: state() };
  const { code, stderr } = await runBare('sh', ['-c', script.join('\n')], { cwd: folder, env });
  assert.is(code, 0, stderr);
}

test('a journal that the newer version changed: saved, refused by the older version, restored; nothing is lost or copied twice', async () => {
  assert.is((await run('newer', '--version')).stdout, `sluice ${newer.version}\n`);
  await makeFile(join(folder, 'source/before.bin'), 100_000);
  await does('older', 'start');
  await copied('before.bin');
  const before = await journaled('older', 'before.bin');
  assert.not(existsSync(state(saved)));

  // Not before, because the older one would have had time to copy it while it was being ended.
  await does('newer', 'restart', '--drain');
  await makeFile(join(folder, 'source/since.bin'), 100_000);
  await copied('since.bin');
  assert.ok(existsSync(state(saved)));
  assert.equal(await journaled('newer', 'before.bin'), before);
  const arrived = statSync(destination('since.bin'));

  await refuses('restart', '--drain', '-c', config());
  assert.is(await pidOn(state()), null);
  const left = untouched();
  await refuses('start', '-c', config());
  await refuses('run', '-c', config(), '--until-idle');
  await refuses('files', '--all', '--state', state());
  const status = await run('older', 'status', '--state', state());
  assert.is(status.code, 3);
  assert.match(status.stdout, /none can start: the journal .* was written by a newer Sluice/);
  assert.equal(untouched(), left);

  if (process.platform === 'win32') return;
  await rollBackAsDocumented();
  await copied('since.bin');
  assert.equal(await journaled('older', 'before.bin'), before);
  const since = await journaled('older', 'since.bin');
  assert.is(since.timeline.at(-1)?.event, 'already_there');
  const { ino, mtimeMs } = statSync(destination('since.bin'));
  assert.equal([ino, mtimeMs], [arrived.ino, arrived.mtimeMs]);
  assert.equal(visible(), ['before.bin', 'since.bin']);
});

test('a newer version that was killed during a copy: its journal keeps its records, and the older version copies the file again', async () => {
  if (process.platform === 'win32') return;
  await makeFile(join(folder, 'source/before.bin'), 100_000);
  await does('older', 'run', '--until-idle');
  const before = await journaled('older', 'before.bin');

  await makeFile(join(folder, 'source/half.bin'), 20_000_000);
  await does('newer', 'start', '--max-rate', '2MB');
  await until(
    async () => (await filesOn(state())).some(({ status, copiedBytes }) => status === 'COPYING' && (copiedBytes ?? 0) > 0),
    20_000,
  );
  await killed((await pidOn(state())) ?? 0);
  const half = await journaled('newer', 'half.bin');
  await refuses('start', '-c', config());
  await refuses('files', '--all', '--state', state());
  assert.equal(await journaled('newer', 'half.bin'), half);

  await rollBackAsDocumented();
  await copied('half.bin');
  assert.equal(await journaled('older', 'before.bin'), before);
  assert.equal(visible(), ['before.bin', 'half.bin']);
  assert.ok(readFileSync(destination('half.bin')).equals(readFileSync(join(folder, 'source/half.bin'))));
});

function visible(): string[] {
  return readdirSync(destination()).filter((name) => !name.startsWith('.'));
}

test.run();
