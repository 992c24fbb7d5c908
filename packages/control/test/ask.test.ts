// real: talks over sockets

import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import process from 'node:process';
import type { Surroundings } from '@sluice/config';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { askAgent } from '../src/client/ask.ts';
import { standardAddress } from '../src/protocol/address.ts';
import { ControlError, Disconnected, Misunderstood, NotRunning, TimedOut } from '../src/protocol/errors.ts';
import { encodeFrame } from '../src/protocol/frames.ts';
import { freshFolder, handlers, rejection, serve, status } from './support.ts';

const deadlineMs = 5_000;

/** A machine that has nothing. */
const around: Surroundings = { platform: process.platform, env: {}, cwd: '/', executableDir: null };

/** Asks something that is not an agent and gives these answers. @returns the error */
async function askFalse(answer: (socket: Socket) => void, withinMs = deadlineMs): Promise<unknown> {
  const state = freshFolder();
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined).once('data', () => answer(socket));
  });
  await new Promise<void>((resolve) => server.listen(standardAddress(state), resolve));
  try {
    return await rejection(askAgent('status', { state, around }, withinMs));
  } finally {
    server.close();
    for (const socket of sockets) socket.destroy();
  }
}

test('askAgent: returns the reply of a running agent', async () => {
  const { server, stateDir } = await serve({ handlers: handlers({ status: () => status }) });
  assert.equal(await askAgent('status', { state: stateDir, around }, deadlineMs), status);
  await server.close();
});

test('askAgent: throws the refusal of an agent', async () => {
  const refuse = () => {
    throw new ControlError('not_possible', 'not now');
  };
  const { server, stateDir } = await serve({ handlers: handlers({ metrics: refuse }) });
  const error = await rejection(askAgent('metrics', { state: stateDir, around }, deadlineMs));
  assert.instance(error, ControlError);
  assert.is((error as ControlError).kind, 'not_possible');
  assert.is((error as Error).message, 'not now');
  await server.close();
});

test('askAgent: names the folders on which no agent runs', async () => {
  const state = join(freshFolder(), 'none');
  const error = await rejection(askAgent('status', { state, around }, deadlineMs));
  assert.instance(error, NotRunning);
  assert.equal((error as NotRunning).stateDirs, [state]);
});

test('askAgent: refuses a reply of another shape, and passes over events and the replies to others', async () => {
  const error = await askFalse((socket) => {
    for (const message of [
      { method: 'log', params: {} },
      { id: 7, result: status },
      { id: 1, result: { ...status, routes: 1 } },
    ])
      socket.write(encodeFrame({ jsonrpc: '2.0', ...message }));
  });
  assert.instance(error, Misunderstood);
  assert.match((error as Error).message, /the answer to "status" is wrong at routes/);
});

test('askAgent: says why the connection ended', async () => {
  const goodbye = encodeFrame({ jsonrpc: '2.0', method: 'goodbye', params: { reason: 'too many clients' } });
  const dismissed = await askFalse((socket) => socket.end(goodbye));
  assert.instance(dismissed, Disconnected);
  assert.match((dismissed as Error).message, /too many clients/);
  for (const bytes of ['Content-Length: x\r\n\r\n', 'Content-Length: 2\r\n\r\n[]', 'Content-Length: 2\r\n\r\n{]']) {
    const error = await askFalse((socket) => socket.write(bytes));
    assert.instance(error, Disconnected);
    assert.match((error as Error).message, /without one Content-Length|not a valid message|not JSON/);
  }
});

test('askAgent: waits for the answer only until the deadline', async () => {
  const error = await askFalse((socket) => socket.write('Content-Length: 99\r\n\r\n{'), 200);
  assert.instance(error, TimedOut);
});

test.run();
