// group: storage
import { chmodSync } from 'node:fs';
import process from 'node:process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { connectControl } from '../src/client/client.ts';
import { Refused } from '../src/protocol/errors.ts';
import { rejection, serve } from './support.ts';

const deadlineMs = 5000;

test('connectControl: names the owner of an agent that refuses, and how to get access', async () => {
  if (process.geteuid?.() !== 0) return void process.stdout.write('\nskipped: whose agent refuses: only root can act as another user\n');
  const { server, stateDir } = await serve();
  process.seteuid?.(12_345);
  const error = await rejection(connectControl({ stateDir, deadlineMs })).finally(() => process.seteuid?.(0));
  assert.instance(error, Refused);
  assert.match((error as Error).message, /belongs to root.*run the command as root.*socket_group/);
  chmodSync(stateDir, 0o755);
  process.seteuid?.(12_345);
  const socketOnly = await rejection(connectControl({ stateDir, deadlineMs })).finally(() => process.seteuid?.(0));
  assert.instance(socketOnly, Refused);
  await server.close();
});

test.run();
