// real: it makes a FIFO with a program of the system
import { execFileSync } from 'node:child_process';
import { chmodSync, linkSync, lstatSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { temporaryFolder } from '@sluice/testkit';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { acquireAgentLock } from '../src/agent.ts';
import { StateFolderError } from '../src/error.ts';
import { agentLockPath } from '../src/facts.ts';
import { lockFile } from '../src/file.ts';
import { agentFactsOf } from '../src/group-facts.ts';
import { prepareStateFolder } from '../src/state-folder.ts';

const about = { version: '1.2.3', startedAt: '2026-01-02T03:04:05.000Z' };
const modeOf = (file: string) => (statSync(file).mode & 0o7777).toString(8);
const isPosix = process.platform !== 'win32';

function refusal(stateDir: string): string {
  try {
    acquireAgentLock({ stateDir, ...about }).release();
  } catch (error) {
    assert.instance(error, StateFolderError);
    return (error as Error).message;
  }
  throw new Error('it was accepted');
}

/** A folder with a file that an attack aims at, and a state folder with a file of an earlier run. */
function bed(): { victim: string; stateDir: string } {
  const folder = temporaryFolder('hostile');
  const victim = path.join(folder, 'passwd');
  writeFileSync(victim, 'root:x:0:0\n', { mode: 0o644 });
  const stateDir = path.join(folder, 'state');
  mkdirSync(stateDir, { mode: 0o700 });
  writeFileSync(path.join(stateDir, 'sluice.log'), '');
  return { victim, stateDir };
}

function assertUntouched(victim: string): void {
  assert.is(readFileSync(victim, 'utf8'), 'root:x:0:0\n');
  assert.is(modeOf(victim), '644');
}

test('acquireAgentLock: refuses a folder that others may write to, and changes neither it nor the target of a link', () => {
  if (!isPosix) return;
  for (const mode of [0o1777, 0o777, 0o775]) {
    const { victim, stateDir } = bed();
    symlinkSync(victim, agentLockPath(stateDir));
    chmodSync(stateDir, mode);
    assert.match(refusal(stateDir), /other users may write to it \(mode [01]77[57]\).*--state DIR/u);
    assert.is(modeOf(stateDir), mode.toString(8));
    assertUntouched(victim);
  }
});

const traps: Readonly<Record<string, (victim: string, entry: string) => void>> = {
  'a link': (victim, entry) => symlinkSync(victim, entry),
  'a hard link': (victim, entry) => linkSync(victim, entry),
  'a FIFO': (_, entry) => void execFileSync('mkfifo', [entry]),
  'a folder': (_, entry) => mkdirSync(entry),
};
for (const [what, set] of Object.entries(traps)) {
  test(`acquireAgentLock: ${what} in place of a file of the state folder is refused and not touched`, () => {
    if (!isPosix) return;
    for (const name of ['agent.lock', 'journal.db', 'journal.db-wal', 'sluice.log.1', 'agent.json']) {
      const { victim, stateDir } = bed();
      set(victim, path.join(stateDir, name));
      assert.match(refusal(stateDir), new RegExp(`cannot use the state folder .*/${name} (?:is|has) .*move it away`, 'u'));
      assertUntouched(victim);
      assert.ok(lstatSync(path.join(stateDir, name)));
    }
  });
}

test('acquireAgentLock: refuses a native folder that is a link, or that others may write to', () => {
  if (!isPosix) return;
  const linked = bed();
  symlinkSync(path.dirname(linked.victim), path.join(linked.stateDir, 'native'));
  assert.match(refusal(linked.stateDir), /native is not a folder/u);
  const open = bed();
  mkdirSync(path.join(open.stateDir, 'native'));
  chmodSync(path.join(open.stateDir, 'native'), 0o777);
  assert.match(refusal(open.stateDir), /native may be written to by other users/u);
});

test('lockFile: never empties the target of a link, whatever its content', () => {
  if (!isPosix) return;
  const { victim, stateDir } = bed();
  const file = path.join(stateDir, 'route.lock');
  symlinkSync(victim, file);
  assert.throws(() => lockFile(file, { pid: 1, ...about, socketPath: null }), /is a link, not a file/u);
  assertUntouched(victim);
});

test('prepareStateFolder: a home or a shared folder keeps its mode, even if it contains a journal', () => {
  if (!isPosix) return;
  const { stateDir } = bed();
  for (const name of ['journal.db', 'agent.lock']) writeFileSync(path.join(stateDir, name), '');
  mkdirSync(path.join(stateDir, 'Documents'));
  chmodSync(stateDir, 0o755);
  prepareStateFolder(stateDir);
  assert.is(modeOf(stateDir), '755');
});

test('prepareStateFolder: a folder stays private although a killed agent left its sockets there', () => {
  if (!isPosix) return;
  const { stateDir } = bed();
  for (const name of ['agent.sock', 'owner.sock']) writeFileSync(path.join(stateDir, name), '');
  chmodSync(stateDir, 0o755);
  prepareStateFolder(stateDir);
  assert.is(modeOf(stateDir), '700');
});

test('agentFactsOf: does not wait for a FIFO in place of agent.lock', () => {
  if (!isPosix) return;
  const { stateDir } = bed();
  execFileSync('mkfifo', [agentLockPath(stateDir)]);
  assert.is(agentFactsOf(stateDir), null);
});

test('acquireAgentLock: the group reads a separate file, and cannot open the locked one', () => {
  if (!isPosix) return;
  const { stateDir } = bed();
  const lock = acquireAgentLock({ stateDir, ...about, groupId: process.getgid?.() ?? 0 });
  lock.nameSocket('/run/x.sock');
  assert.is(modeOf(agentLockPath(stateDir)), '600');
  assert.is(modeOf(path.join(stateDir, 'agent.json')), '640');
  lock.release();
  assert.not.ok(lstatSync(path.join(stateDir, 'agent.json'), { throwIfNoEntry: false }));
});

test.run();
