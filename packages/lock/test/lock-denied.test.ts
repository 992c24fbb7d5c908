// group: storage
import path from 'node:path';
import process from 'node:process';
import { temporaryFolder } from '@sluice/testkit';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
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
      /cannot be made \(EACCES\)/,
    );
  } finally {
    process.seteuid?.(0);
  }
});

test.run();
