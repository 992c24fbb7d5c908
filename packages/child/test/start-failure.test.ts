// real: it starts a process that is not there

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { startFailure } from '../src/start-child.ts';

test('startFailure: a program that was removed is named, with what to do', async () => {
  const command = '/no/such/folder/sluice';
  const [error] = (await once(spawn(command), 'error')) as [Error];
  assert.is(
    startFailure(error, command),
    '/no/such/folder/sluice no longer exists (ENOENT): put the program back, or restart the agent with the program that is installed now',
  );
});

for (const [code, text] of [
  ['EACCES', '/opt/sluice can no longer be executed (EACCES)'],
  ['EAGAIN', 'the system refuses to start more processes (EAGAIN)'],
  ['E2BIG', 'spawn E2BIG'],
] as const) {
  test(`startFailure: ${code}: ${text}`, () => {
    assert.is(startFailure(Object.assign(new Error(`spawn ${code}`), { code }), '/opt/sluice'), text);
  });
}

test.run();
