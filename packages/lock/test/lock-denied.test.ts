// group: storage
import { chmodSync, chownSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { temporaryFolder } from '@sluice/testkit';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { acquireAgentLock } from '../src/agent.ts';
import { agentLockPath } from '../src/facts.ts';
import { agentFactsOf } from '../src/group-facts.ts';
import { prepareStateFolder } from '../src/state-folder.ts';

function messageOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('it was accepted');
}

test("prepareStateFolder refuses another user's folder", () => {
  if (process.geteuid?.() !== 0) return void process.stdout.write("\nskipped: another user's folder: only root can act as another user\n");
  const stateDir = temporaryFolder('lock');
  process.seteuid?.(12_345);
  try {
    assert.match(
      messageOf(() => prepareStateFolder(stateDir)),
      /belongs to user 0, and this is user 12345/,
    );
    assert.match(
      messageOf(() => prepareStateFolder(path.join(stateDir, 'x'))),
      /cannot be created \(EACCES\)/,
    );
  } finally {
    process.seteuid?.(0);
  }
});

test('agentFactsOf: a member of the group knows the socket, but cannot open the lock; other users know nothing', () => {
  if (process.geteuid?.() !== 0) return void process.stdout.write("\nskipped: a group's facts: only root can act as another user\n");
  const stateDir = temporaryFolder('lock');
  const lock = acquireAgentLock({ stateDir, version: '1', startedAt: '2026-01-02T03:04:05.000Z', groupId: 54_321 });
  lock.nameSocket('/run/x.sock');
  chmodSync(path.dirname(stateDir), 0o755);
  const asUser = (groupId: number): string => {
    process.setegid?.(groupId);
    process.seteuid?.(12_345);
    try {
      assert.match(
        messageOf(() => readFileSync(agentLockPath(stateDir))),
        /EACCES/u,
      );
      return agentFactsOf(stateDir)?.socketPath ?? 'none';
    } catch (error) {
      return (error as Error).message;
    } finally {
      process.seteuid?.(0);
      process.setegid?.(0);
    }
  };
  assert.is(asUser(54_321), '/run/x.sock');
  assert.match(asUser(12_345), /EACCES/u);
  lock.release();
});

test('prepareStateFolder: refuses and names a file of another user', () => {
  if (process.geteuid?.() !== 0) return void process.stdout.write("\nskipped: another user's file: only root can act as another user\n");
  const stateDir = temporaryFolder('lock');
  writeFileSync(agentLockPath(stateDir), '');
  chownSync(agentLockPath(stateDir), 61_234, 61_234);
  assert.match(
    messageOf(() => prepareStateFolder(stateDir)),
    /agent\.lock belongs to user 61234, and this is user 0: move it away/u,
  );
});

test.run();
