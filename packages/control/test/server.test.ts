// real: talks over sockets, and some tests wait for a deadline
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import process from 'node:process';
import { acquireAgentLock } from '@sluice/lock';
import { closed, frame, rawClient } from '@sluice/testkit';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { connectControl } from '../src/client/client.ts';
import { ControlError, Disconnected, NotRunning, TimedOut } from '../src/protocol/errors.ts';
import { refusalLength } from '../src/protocol/limits.ts';
import { type Method, requests } from '../src/protocol/protocol.ts';
import { file, freshFolder, handlers, hello, rejection, serve, status } from './support.ts';

const modeOf = (name: string) => (statSync(name).mode & 0o777).toString(8);
const deadlineMs = 5000;

test('a client gets replies, and a refusal of the agent as an error', async () => {
  const asked: unknown[] = [];
  const { server, stateDir, troubles } = await serve({
    handlers: handlers({
      files: (params) => {
        asked.push(params);
        return { v: 1, files: [file], next: null };
      },
      show: ({ file: name }) => {
        throw new ControlError('not_found', `no file "${name}"`);
      },
    }),
  });
  const client = await connectControl({ stateDir, deadlineMs });
  assert.equal(client.hello, hello);
  assert.is((await client.request('files', { statuses: ['READY'] })).next, null);
  assert.equal(asked, [{ statuses: ['READY'], route: null, all: false, limit: 1000, before: null }]);
  const refused = await rejection(client.request('show', { file: 'x' }));
  assert.instance(refused, ControlError);
  assert.is((refused as ControlError).kind, 'not_found');
  assert.is((refused as Error).message, 'no file "x"');
  const wrong = await rejection(client.request('files', { limit: 10 ** 9 }));
  assert.match((wrong as Error).message, /"files" is wrong at "limit"/);
  assert.is((wrong as ControlError).exitCode, 2);
  const unknown = await rejection(client.request('no_such_request' as 'ping', {}));
  assert.is((unknown as ControlError).kind, 'unknown_method');
  assert.is(((await rejection(client.request('constructor' as 'ping', {}))) as ControlError).kind, 'unknown_method');
  const broken = await rejection(client.request('status', {}));
  assert.is((broken as ControlError).kind, 'internal');
  assert.equal(troubles, ['the request "status" failed: Error: not in this test']);
  const long = await rejection(client.request('watch', { topics: ['x'.repeat(500_000) as 'log'] }));
  assert.match((long as Error).message, /^the request "watch" is wrong at "topics\.0": /);
  assert.ok((long as Error).message.length <= refusalLength + 1);
  client.close();
  await server.close();
});

test('a subscriber gets the events of its topics and route, others do not', async () => {
  const { server, stateDir } = await serve();
  const all = await connectControl({ stateDir, deadlineMs });
  const one = await connectControl({ stateDir, deadlineMs });
  const heard: string[] = [];
  await all.watch({}, (topic, note) => heard.push(`all ${topic} ${'event' in note ? note.event : note.text}`));
  await one.watch({ topics: ['gate'], route: 'b' }, (topic) => heard.push(`one ${topic}`));
  const transition = { v: 1, at: 'now', event: 'transition', file, from: null, to: 'DISCOVERED' } as const;
  const sample = { state: 'open', cause: null, code: null, operator: '', technical: '' } as const;
  const gate = { v: 1, at: 'now', event: 'gate', route: 'b', gate: { ...sample, since: 'now' } } as const;
  server.publish('transition', 'b', () => transition);
  server.publish('gate', 'a', () => gate);
  server.publish('gate', 'b', () => gate);
  await all.request('ping', {});
  await one.request('ping', {});
  assert.equal(heard.toSorted(), ['all gate gate', 'all gate gate', 'all transition transition', 'one gate']);
  await all.request('unwatch', {});
  server.publish('gate', 'b', () => gate);
  server.publish('transition', 'b', () => {
    throw new Error('nobody watches it');
  });
  await all.request('ping', {});
  await one.request('ping', {});
  assert.is(heard.length, 5);
  all.close();
  one.close();
  await server.close();
});

test('the socket is private, is removed by close, and a stale one is replaced without a warning', async () => {
  const { server, stateDir } = await serve();
  assert.is(server.path, path.join(stateDir, 'agent.sock'));
  assert.is(modeOf(server.path), '600');
  await server.close();
  assert.not.ok(existsSync(server.path));
  const script = `require('node:net').createServer().listen(${JSON.stringify(server.path)}, () => process.send('up'))`;
  const dying = spawn('Deno' in globalThis ? 'node' : process.execPath, ['-e', script], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  await once(dying, 'message');
  dying.kill('SIGKILL');
  await once(dying, 'exit');
  assert.ok(existsSync(server.path));
  const troubles: string[] = [];
  const again = await serve({ stateDir, onTrouble: (text) => troubles.push(text) });
  assert.is(again.server.path, server.path);
  assert.equal(troubles, []);
  (await connectControl({ stateDir, deadlineMs })).close();
  await again.server.close();
});

test('socket_group opens the socket to the group', async () => {
  const { server } = await serve({ groupId: process.getgid?.() ?? null });
  assert.is(modeOf(server.path), '660');
  await server.close();
});

test('a socket that answers, and a file that is not a socket, are left alone, and the socket is in a private folder that agent.lock names', async () => {
  const long = path.join(freshFolder(), 'x'.repeat(100));
  mkdirSync(long);
  const taken = freshFolder();
  const other = net.createServer().listen(path.join(taken, 'agent.sock'));
  await once(other, 'listening');
  const plain = freshFolder();
  writeFileSync(path.join(plain, 'agent.sock'), 'mine');
  for (const stateDir of [long, taken, plain]) {
    const runtime = freshFolder();
    const lock = acquireAgentLock({ stateDir, version: '1', startedAt: 'now' });
    const { server } = await serve({ stateDir, env: { XDG_RUNTIME_DIR: runtime } });
    assert.ok(server.path.startsWith(runtime));
    assert.is(modeOf(path.dirname(server.path)), '700');
    lock.nameSocket(server.path);
    if (stateDir !== taken) (await connectControl({ stateDir, deadlineMs })).close();
    await server.close();
    lock.release();
  }
  other.close();
});

test('connectControl reports that no agent runs', async () => {
  const empty = freshFolder();
  for (const stateDir of [path.join(empty, 'none'), empty]) {
    const error = await rejection(connectControl({ stateDir, deadlineMs }));
    assert.instance(error, NotRunning);
    assert.is((error as NotRunning).exitCode, 3);
  }
  const lock = acquireAgentLock({ stateDir: empty, version: '1', startedAt: 'now' });
  lock.nameSocket('/nonexistent/agent.sock');
  assert.instance(await rejection(connectControl({ stateDir: empty, deadlineMs })), NotRunning);
  lock.release();
});

test('connectControl and request end at their deadline', async () => {
  const stateDir = freshFolder();
  const silent = net.createServer(() => undefined).listen(path.join(stateDir, 'agent.sock'));
  await once(silent, 'listening');
  assert.instance(await rejection(connectControl({ stateDir, deadlineMs: 50 })), TimedOut);
  silent.close();
  const { server, stateDir: other } = await serve({ handlers: handlers({ status: () => new Promise(() => undefined) }) });
  const client = await connectControl({ stateDir: other, deadlineMs });
  assert.instance(await rejection(client.request('status', {}, { deadlineMs: 20 })), TimedOut);
  const abort = new AbortController();
  const aborted = rejection(client.request('status', {}, { signal: abort.signal }));
  abort.abort(new Error('enough'));
  assert.is(((await aborted) as Error).message, 'enough');
  const waiting = rejection(client.request('status', {}));
  await server.close();
  assert.instance(await waiting, Disconnected);
  assert.match(((await waiting) as Error).message, /the agent is stopping/);
  assert.match(((await rejection(client.request('ping', {}))) as Error).message, /the agent is stopping/);
});

const hostile: readonly [string, string | Buffer][] = [
  ['garbage', Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 7919) % 256))],
  ['a huge Content-Length', 'Content-Length: 999999999999\r\n\r\n{}'],
  ['a negative Content-Length', 'Content-Length: -1\r\n\r\n{}'],
  ['no JSON', frame('{"jsonrpc"')],
  ['null', frame('null')],
  ['a batch', frame('[{"jsonrpc":"2.0","id":1,"method":"ping"}]')],
  ['a notification', frame('{"jsonrpc":"2.0","method":"$/cancelRequest","params":null}')],
  ['a response', frame('{"jsonrpc":"2.0","id":1,"result":1}')],
  ['an id that is an object', frame('{"jsonrpc":"2.0","id":{},"method":"ping"}')],
  ['the same id twice', frame('{"jsonrpc":"2.0","id":1,"method":"status"}').repeat(2)],
  ['nested brackets', frame(`{"jsonrpc":"2.0","method":"ping","params":${'['.repeat(100_000)}${']'.repeat(100_000)}}`)],
];
for (const [name, bytes] of hostile) {
  test(`a client that sends ${name} is dropped, and no other`, async () => {
    const { server, stateDir, troubles } = await serve({ handlers: handlers({ status: () => new Promise(() => undefined) }) });
    const good = await connectControl({ stateDir, deadlineMs });
    const bad = await rawClient(server.path);
    bad.write(bytes);
    await closed(bad);
    assert.is(troubles.length, 1);
    assert.match(troubles[0] ?? '', /a client of the control socket was dropped/);
    assert.equal(await good.request('ping', {}), hello);
    assert.is(server.clientCount(), 1);
    good.close();
    await server.close();
  });
}

test('parameters of any shape cause an error reply and nothing else', async () => {
  const { server } = await serve();
  const socket = await rawClient(server.path);
  let received = '';
  socket.on('data', (chunk: Buffer) => {
    received += String(chunk);
  });
  const shapes = [
    '[]',
    '[1,2]',
    'null',
    '5',
    '"x"',
    '{"limit":-1}',
    '{"statuses":["NO"]}',
    '{"statuses":{"length":1e9}}',
    '{"__proto__":{"limit":0}}',
  ];
  shapes.forEach((params, id) => socket.write(frame(`{"jsonrpc":"2.0","id":${id},"method":"files","params":${params}}`)));
  while (received.split('"id":').length <= shapes.length) await once(socket, 'data');
  assert.ok(received.split('-32602').length - 1 === 7);
  socket.destroy();
  await server.close();
});

test('half a message, and half a header, are waited for only until the deadline', async () => {
  for (const bytes of ['Content-Length: 500\r\n\r\n{"json', 'Content-Len']) {
    const { server, troubles } = await serve({ limits: { messageDeadlineMs: 30 } });
    const socket = await rawClient(server.path);
    socket.write(bytes);
    await closed(socket);
    assert.match(troubles.join(), /half a message/);
    await server.close();
  }
});

test('too many open requests end their client', async () => {
  const { server, troubles } = await serve({
    handlers: handlers({ status: () => new Promise(() => undefined) }),
    limits: { openRequests: 5 },
  });
  const socket = await rawClient(server.path);
  for (let id = 0; id < 6; id += 1) socket.write(frame(`{"jsonrpc":"2.0","id":${id},"method":"status"}`));
  await closed(socket);
  assert.match(troubles.join(), /more than 5 requests at once/);
  await server.close();
});

test('a client that does not read is dropped when too much waits for it, and others get everything', async () => {
  const { server, stateDir, troubles } = await serve({ limits: { waitingBytes: 1_000_000 } });
  const lazy = await rawClient(server.path);
  lazy.pause();
  lazy.write(frame('{"jsonrpc":"2.0","id":1,"method":"watch"}'));
  const good = await connectControl({ stateDir, deadlineMs });
  let heard = 0;
  await good.watch({}, () => {
    heard += 1;
  });
  const note = { v: 1, at: 'x'.repeat(10_000), event: 'transition', file, from: null, to: 'READY' } as const;
  for (let round = 0; round < 300; round += 1) {
    server.publish('transition', 'a', () => note);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await good.request('ping', {});
  assert.is(heard, 300);
  assert.match(troubles.join(), /does not read what is sent to it/);
  assert.is(server.clientCount(), 1);
  lazy.destroy();
  good.close();
  await server.close();
});

test('a reply that is larger than the bound of waiting bytes is still sent', async () => {
  const text = 'x'.repeat(100_000);
  const { server, stateDir } = await serve({
    limits: { waitingBytes: 10_000 },
    handlers: handlers({ status: () => ({ ...status, verdict: { ok: true, text } }) }),
  });
  const client = await connectControl({ stateDir, deadlineMs });
  assert.equal(await client.request('status', {}), { ...status, verdict: { ok: true, text } });
  client.close();
  await server.close();
});

test('clients beyond the bound are refused with a reason, and a freed place is given to the next', async () => {
  const { server, stateDir } = await serve({ limits: { clients: 2 } });
  const first = await connectControl({ stateDir, deadlineMs });
  const second = await connectControl({ stateDir, deadlineMs });
  for (const client of [first, second]) await client.watch({}, () => undefined);
  const error = await rejection(connectControl({ stateDir, deadlineMs }));
  assert.instance(error, Disconnected);
  assert.match((error as Error).message, /2 clients are connected already/);
  const gone = new Promise((resolve) => first.onClose(resolve));
  first.close();
  await gone;
  while (server.clientCount() > 1) await new Promise((resolve) => setImmediate(resolve));
  (await connectControl({ stateDir, deadlineMs })).close();
  second.close();
  await server.close();
});

test('a connection that sends nothing is ended in time, and one that has sent a request stays', async () => {
  const { server, stateDir } = await serve({ limits: { firstMessageMs: 50 } });
  const client = await connectControl({ stateDir, deadlineMs });
  const silent = await rawClient(server.path);
  let said = '';
  silent.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await closed(silent);
  assert.match(said, /it has sent no request for 0\.05 s/);
  assert.equal(await client.request('ping', {}), hello);
  client.close();
  await server.close();
});

test('when all places are taken, the client that was idle longest is disconnected; those that watch or wait are not', async () => {
  const { server, stateDir } = await serve({
    limits: { clients: 3 },
    handlers: handlers({ status: () => new Promise(() => undefined) }),
  });
  const watching = await connectControl({ stateDir, deadlineMs });
  await watching.watch({}, () => undefined);
  const waiting = await connectControl({ stateDir, deadlineMs });
  waiting.request('status', {}).catch(() => undefined);
  const silent = await rawClient(server.path);
  const newest = await connectControl({ stateDir, deadlineMs });
  await closed(silent);
  for (const client of [watching, newest]) assert.equal(await client.request('ping', {}), hello);
  assert.is(server.clientCount(), 3);
  for (const client of [watching, waiting, newest]) client.close();
  await server.close();
});

test("socket_group: the agent's own user is always admitted, with a verified name; a member's name is marked as not verified", async () => {
  const signed: string[] = [];
  const { server, stateDir } = await serve({
    groupId: process.getgid?.() ?? null,
    limits: { clients: 1 },
    handlers: handlers({
      stop: ({ who }) => {
        signed.push(who.user);
        return { v: 1, accepted: true };
      },
    }),
  });
  const who = { user: 'root', origin: null, reason: null };
  const member = await rawClient(server.path);
  member.write(frame(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'stop', params: { mode: 'now', who } })));
  await once(member, 'data');
  const hiding = { ...who, user: `root${' '.repeat(200)}\u202e\n.` };
  member.write(frame(JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'stop', params: { mode: 'now', who: hiding } })));
  await once(member, 'data');
  member.write(frame('{"jsonrpc":"2.0","id":3,"method":"watch"}'));
  await once(member, 'data');
  const turnedAway = await rawClient(server.path);
  await closed(turnedAway);
  const owner = path.join(path.dirname(server.path), 'owner.sock');
  assert.is(modeOf(owner), '600');
  const client = await connectControl({ stateDir, deadlineMs });
  await client.request('stop', { mode: 'now', who });
  assert.equal(signed, ['root (not verified)', 'root . (not verified)', 'root']);
  client.close();
  member.destroy();
  await server.close();
  assert.not.ok(existsSync(owner));
});

test('socket_group: every request that says who asks is marked for a member', async () => {
  const asking = (Object.keys(requests) as Method[]).filter((method) => 'who' in requests[method].entries);
  const signed: string[] = [];
  const sign = (method: string) => (params: object) => {
    signed.push(`${method} ${(params as { readonly who: { readonly user: string } }).who.user}`);
    throw new ControlError('not_possible', 'only who asks matters here');
  };
  const { server } = await serve({
    groupId: process.getgid?.() ?? null,
    handlers: handlers(Object.fromEntries(asking.map((method) => [method, sign(method)]))),
  });
  const who = { user: 'root', origin: null, reason: null };
  const parameters = { mode: 'now', do: 'hold', files: ['a'], before: '2026-01-01T00:00:00Z', route: 'a', dryRun: true, name: 'a', who };
  const member = await rawClient(server.path);
  for (const [index, method] of asking.entries()) {
    const params = { ...parameters, ...(method === 'act' ? { do: 'retry' } : {}) };
    member.write(frame(JSON.stringify({ jsonrpc: '2.0', id: index + 1, method, params })));
    await once(member, 'data');
  }
  assert.equal(
    signed,
    asking.map((method) => `${method} root (not verified)`),
  );
  assert.ok(asking.length >= 6, asking.join(' '));
  member.destroy();
  await server.close();
});

test("a member with too many requests is read no further and still gets every reply; the agent's own user is served meanwhile", async () => {
  const asked: PromiseWithResolvers<void>[] = [];
  const { server, stateDir } = await serve({
    groupId: process.getgid?.() ?? null,
    limits: { memberRequests: 3, openRequests: 3 },
    handlers: handlers({
      status: async () => {
        const waiting = Promise.withResolvers<void>();
        asked.push(waiting);
        await waiting.promise;
        return { v: 1 } as never;
      },
    }),
  });
  const member = await rawClient(server.path);
  let answers = 0;
  member.on('data', (chunk: Buffer) => (answers += chunk.toString().split('Content-Length').length - 1));
  for (let id = 0; id < 20; id += 1) member.write(frame(`{"jsonrpc":"2.0","id":${id},"method":"status"}`));
  while (asked.length < 3) await new Promise((resolve) => setImmediate(resolve));
  const client = await connectControl({ stateDir, deadlineMs });
  for (let count = 0; count < 50; count += 1) await client.request('ping', {});
  assert.is(asked.length, 3);
  while (answers < 20) {
    for (const { resolve } of asked.splice(0)) resolve();
    await new Promise((resolve) => setImmediate(resolve));
  }
  client.close();
  member.destroy();
  await server.close();
});

test("without a group only the agent's own user and root reach the socket, with verified names", async () => {
  const signed: string[] = [];
  const { server, stateDir } = await serve({
    handlers: handlers({
      stop: ({ who }) => {
        signed.push(who.user);
        return { v: 1, accepted: true };
      },
    }),
  });
  const client = await connectControl({ stateDir, deadlineMs });
  await client.request('stop', { mode: 'now', who: { user: 'ann', origin: null, reason: null } });
  assert.equal(signed, ['ann']);
  assert.not.ok(existsSync(path.join(stateDir, 'owner.sock')));
  client.close();
  await server.close();
});

test('a thousand broken connections make two lines', async () => {
  const { server, troubles } = await serve();
  for (let count = 0; count < 1_000; count += 1) {
    const socket = await rawClient(server.path);
    socket.write('GET / HTTP/1.1\r\n\r\n');
    await closed(socket);
  }
  await server.close();
  assert.is(troubles.length, 2);
  assert.match(troubles[0] ?? '', /a client of the control socket was dropped: a header without one Content-Length/);
  assert.match(troubles[1] ?? '', /; and 998 more since the last line of this kind$/);
});

test.run();
