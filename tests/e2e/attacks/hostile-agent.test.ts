// group: package
// timeout: 300s
import { mkdir } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Folders, makeFolders } from '../../bed/folders.ts';
import { sluice } from '../../bed/sluice.ts';

// The program that listens on the control socket is not an agent, and answers anything.

const test = suite<{ folders: Folders; server: Server; answer: (method: string) => object }>('a hostile agent');

test.before.each(async (context) => {
  const folders = await makeFolders();
  await mkdir(folders.stateDir, { mode: 0o700 });
  const server = createServer((socket) => {
    let received = '';
    socket.on('error', () => undefined).setEncoding('utf8');
    socket.on('data', (text) => {
      received += String(text);
      for (let found = message.exec(received); found !== null; found = message.exec(received)) {
        const end = found[0].length + Number(found[1]);
        if (received.length < end) return;
        const { id, method } = JSON.parse(received.slice(found[0].length, end)) as { readonly id: number; readonly method: string };
        received = received.slice(end);
        const body = JSON.stringify({ jsonrpc: '2.0', id, ...context.answer(method) });
        socket.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(join(folders.stateDir, 'agent.sock'), resolve));
  Object.assign(context, { folders, server });
});
test.after.each(async ({ folders, server }) => {
  server.close();
  await folders.remove();
});

const message = /^Content-Length: (\d+)\r\n\r\n/;
const hello = { v: 1, protocol: 1, pid: 1, version: '1', startedAt: '2026-01-01T00:00:00.000Z', stateDir: '/' };
const commands = [
  ['status'],
  ['files'],
  ['show', 'x'],
  ['history'],
  ['history', '--outages'],
  ['retry', 'x'],
  ['hold', 'ingest'],
  ['adopt', 'ingest'],
];
const rows = { routes: [{}], files: [{}], results: [{}], notes: [null], outages: [null], next: null };
const replies: Readonly<Record<string, unknown>> = { null: null, 'rows of nothing': { v: 1, verdict: {}, agent: {}, ...rows } };

for (const [name, reply] of Object.entries(replies)) {
  test(`every command: an answer that is ${name} gives one clear error`, async (context) => {
    context.answer = (method) => ({ result: method === 'ping' ? hello : reply });
    for (const command of commands) {
      const { code, stdout, stderr } = await sluice([...command, '--state', context.folders.stateDir], { deadlineMs: 30_000 });
      assert.match(
        stderr,
        /^sluice: this program does not understand the agent on [^\n]*, which may be another version: the answer to "[a-z]+" is wrong at [^\n]*\n$/u,
      );
      assert.equal([code, stdout], [3, ''], command.join(' '));
    }
  });
}

test('status: an invalid answer, and errors of every shape, give one clear error', async (context) => {
  const status = () => sluice(['status', '--state', context.folders.stateDir], { deadlineMs: 30_000 });
  context.answer = () => ({ result: null });
  assert.match(
    (await status()).stderr,
    /^sluice: this program does not understand the agent on [^\n]* the answer to "status" is wrong at [^\n]*\n$/u,
  );
  const errors = [
    null,
    5,
    {},
    { code: 'x', message: 5 },
    { code: 1, message: {}, data: { kind: 'not_possible' } },
    { code: 1, message: 'x', data: { kind: 7 } },
  ];
  for (const error of errors) {
    context.answer = (method) => (method === 'ping' ? { result: hello } : { error });
    const { code, stderr } = await status();
    assert.match(stderr, /^sluice: [^\n]*\n$/u, JSON.stringify(error));
    assert.not.match(stderr, /fault of the program|TypeError/u, JSON.stringify(error));
    assert.ok(code === 1 || code === 3, `${code}`);
  }
});

test('files: pages that never end give one clear error', async (context) => {
  context.answer = (method) => ({ result: method === 'ping' ? hello : { v: 1, files: [], next: 7 } });
  const { code, stderr } = await sluice(['files', '--state', context.folders.stateDir], { deadlineMs: 30_000 });
  assert.match(stderr, /the answer to "files" is wrong at next: a page that was there already/u);
  assert.is(code, 3);
});

test.run();
