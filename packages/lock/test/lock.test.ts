// real: starts processes that hold locks, and kills them
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { privateRuntimeFolder } from '@sluice/platform';
import { temporaryFolder } from '@sluice/testkit';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { acquireAgentLock } from '../src/agent.ts';
import { AlreadyRunning, RouteTaken, StateFolderError } from '../src/error.ts';
import { agentLockPath, readAgentFacts } from '../src/facts.ts';
import { lockFile } from '../src/file.ts';
import { claimRoute } from '../src/route.ts';
import { prepareStateFolder } from '../src/state-folder.ts';

const about = { version: '1.2.3', startedAt: '2026-01-02T03:04:05.000Z' };
const freshFolder = () => temporaryFolder('lock');
const modeOf = (file: string) => (statSync(file).mode & 0o777).toString(8);

/** @returns the process and the first line of its output */
async function holder(...args: string[]): Promise<{ child: ChildProcess; said: string }> {
  const deno = 'Deno' in globalThis ? ['run', '-A'] : [];
  const child = spawn(process.execPath, [...deno, path.join(import.meta.dirname, 'holder-main.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [chunk] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, said: String(chunk).trim() };
}

async function kill(child: ChildProcess): Promise<void> {
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}

function thrown(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error('it was accepted');
}

test('acquireAgentLock: creates a private folder and records who holds it', () => {
  const stateDir = path.join(freshFolder(), 'new/state');
  const lock = acquireAgentLock({ stateDir, ...about });
  assert.is(modeOf(stateDir), '700');
  assert.is(modeOf(agentLockPath(stateDir)), '600');
  assert.equal(readAgentFacts(agentLockPath(stateDir)), { pid: process.pid, ...about, socketPath: null });
  lock.nameSocket('/run/x.sock');
  assert.is(readAgentFacts(agentLockPath(stateDir))?.socketPath, '/run/x.sock');
  assert.equal(readdirSync(stateDir), ['agent.lock']);
  lock.release();
  lock.release();
  assert.is(readAgentFacts(agentLockPath(stateDir)), null);
  acquireAgentLock({ stateDir, ...about }).release();
});

test('acquireAgentLock: refuses a second agent in the same process', () => {
  const stateDir = freshFolder();
  const lock = acquireAgentLock({ stateDir, ...about });
  const error = thrown(() => acquireAgentLock({ stateDir, ...about }));
  assert.instance(error, AlreadyRunning);
  assert.is((error as AlreadyRunning).pid, process.pid);
  assert.is((error as AlreadyRunning).exitCode, 5);
  lock.release();
});

test('acquireAgentLock: refuses a second process, names the first, and locks the folder when that is killed', async () => {
  const stateDir = freshFolder();
  const { child, said } = await holder('agent', stateDir);
  assert.is(said, 'held');
  const error = thrown(() => acquireAgentLock({ stateDir, ...about }));
  assert.instance(error, AlreadyRunning);
  assert.is((error as AlreadyRunning).pid, child.pid);
  assert.match((error as Error).message, new RegExp(`an agent already runs on ${stateDir} \\(pid ${child.pid}\\)`));
  assert.is(readAgentFacts(agentLockPath(stateDir))?.socketPath, '/somewhere/agent.sock');
  await kill(child);
  const lock = acquireAgentLock({ stateDir, ...about });
  assert.is(readAgentFacts(agentLockPath(stateDir))?.pid, process.pid);
  lock.release();
});

test('a lock survives reads by its own process, and a refused attempt', async () => {
  const stateDir = freshFolder();
  const lock = acquireAgentLock({ stateDir, ...about });
  readAgentFacts(agentLockPath(stateDir));
  thrown(() => acquireAgentLock({ stateDir, ...about }));
  lock.nameSocket('/x');
  const { child, said } = await holder('agent', stateDir);
  assert.match(said, new RegExp(`^AlreadyRunning: .*pid ${process.pid}`));
  if (child.exitCode === null) await once(child, 'exit');
  assert.is(child.exitCode, 5);
  lock.release();
});

const torn: readonly [string, (file: string) => void][] = [
  ['empty', (file) => writeFileSync(file, '')],
  ['garbage', (file) => writeFileSync(file, 'garbage'.repeat(1000))],
  ['zeroes', (file) => writeFileSync(file, Buffer.alloc(8192))],
  ['half a database', (file) => truncateSync(file, 4096)],
];
const abandoned = torn.map(() => freshFolder());
test.before(async () => {
  const { child, said } = await holder('agent', ...abandoned);
  assert.is(said, 'held');
  await kill(child);
});
for (const [index, [name, tear]] of torn.entries()) {
  test(`acquireAgentLock: locks a file that is ${name} after a power cut`, () => {
    const stateDir = abandoned[index] ?? '';
    tear(agentLockPath(stateDir));
    const lock = acquireAgentLock({ stateDir, ...about });
    assert.instance(
      thrown(() => acquireAgentLock({ stateDir, ...about })),
      AlreadyRunning,
    );
    assert.ok(readFileSync(agentLockPath(path.join(stateDir, '.'))).length > 0);
    lock.release();
  });
}

test('prepareStateFolder: makes its own folder private and leaves others as they are', () => {
  const folder = freshFolder();
  const empty = path.join(folder, 'empty');
  mkdirSync(empty, { mode: 0o755 });
  prepareStateFolder(empty);
  assert.is(modeOf(empty), '700');
  const home = path.join(folder, 'home');
  mkdirSync(path.join(home, 'Documents'), { recursive: true });
  chmodSync(home, 0o755);
  prepareStateFolder(home);
  assert.is(modeOf(home), '755');
  prepareStateFolder(empty, process.getgid?.() ?? null);
  assert.is(modeOf(empty), '710');
});

test('prepareStateFolder: refuses a file in place of the folder', () => {
  const file = path.join(freshFolder(), 'file');
  writeFileSync(file, '');
  for (const stateDir of [file, path.join(file, 'below')]) {
    const error = thrown(() => prepareStateFolder(stateDir));
    assert.instance(error, StateFolderError);
    assert.match((error as Error).message, /cannot use the state folder .*--state DIR/);
  }
});

test('claimRoute: refuses the same source and destination in another process, whatever the state folder', async () => {
  const folder = freshFolder();
  const mine = { ...about, route: 'mine', source: path.join(folder, 's'), destination: path.join(folder, 'd'), stateDir: '/st/mine' };
  const { child, said } = await holder('route', '/st/theirs', mine.source, mine.destination);
  assert.is(said, 'held');
  const error = await claimRoute(mine).catch((reason: unknown) => reason);
  assert.instance(error, RouteTaken);
  assert.is((error as RouteTaken).pid, child.pid);
  assert.match((error as Error).message, /route "mine" is taken: the agent with pid \d+ and state folder \/st\/theirs/);
  const other = await claimRoute({ ...mine, destination: path.join(folder, 'e') });
  other.release();
  await kill(child);
  (await claimRoute(mine)).release();
});

if (!('Deno' in globalThis)) {
  test('lockFile: a lock that nothing refers to stays', () => {
    const main = path.join(import.meta.dirname, 'collected-main.ts');
    const { stdout } = spawnSync(process.execPath, ['--expose-gc', main, path.join(freshFolder(), 'a.lock')], { encoding: 'utf8' });
    assert.is(stdout, 'locked\n');
  });
}

test('lockFile: returns null to the second process', () => {
  const file = path.join(freshFolder(), 'route.lock');
  const facts = { pid: 1, ...about, socketPath: null };
  const first = lockFile(file, facts);
  assert.is(lockFile(file, facts), null);
  first?.release();
  lockFile(file, facts)?.release();
});

test('privateRuntimeFolder: is private, stable, and not a folder that another user prepared', () => {
  const runtime = freshFolder();
  const folder = privateRuntimeFolder('t', { XDG_RUNTIME_DIR: runtime });
  assert.is(folder, path.join(runtime, 'sluice-t'));
  assert.is(modeOf(folder), '700');
  assert.is(privateRuntimeFolder('t', { XDG_RUNTIME_DIR: runtime }), folder);
  chmodSync(folder, 0o777);
  const other = privateRuntimeFolder('t', { XDG_RUNTIME_DIR: runtime });
  assert.is.not(other, folder);
  assert.is(modeOf(other), '700');
  rmSync(other, { recursive: true });
});

test.run();
