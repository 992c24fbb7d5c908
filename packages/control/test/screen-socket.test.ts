// real: talks over sockets
import { once } from 'node:events';
import { closed, frame as framed, rawClient, everything as window } from '@sluice/testkit';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { connectControl } from '../src/client/client.ts';
import { ControlError } from '../src/protocol/errors.ts';
import type { LogNote } from '../src/protocol/replies.ts';
import type { ScreenDelta, ScreenWindow } from '../src/protocol/screen-frame.ts';
import type { ScreenOutlet, Screens } from '../src/server/client-session.ts';
import { screenFrame, serve } from './support.ts';

const deadlineMs = 5_000;

const deltaOf = (seq: number, at = ''): ScreenDelta => ({ v: 1, at, seq, parts: {}, rows: null });

/** A watcher of the agent, driven by the test. */
interface Seat {
  readonly outlet: ScreenOutlet;
  readonly windows: ScreenWindow[];
  isOver: boolean;
}

/** The agent's side, which numbers its answers to windows. */
function fakeScreens(): { readonly screens: Screens; readonly seats: Seat[] } {
  const seats: Seat[] = [];
  const attach = (outlet: ScreenOutlet) => {
    const seat: Seat = { outlet, windows: [], isOver: false };
    seats.push(seat);
    return {
      watch: (asked: ScreenWindow) => {
        seat.windows.push(asked);
        return asked.filter === 'refused'
          ? Promise.reject(new ControlError('not_possible', 'not now'))
          : Promise.resolve(screenFrame(seat.windows.length));
      },
      end: () => {
        seat.isOver = true;
      },
    };
  };
  return { screens: { attach }, seats };
}

const refusal = (promise: Promise<unknown>): Promise<ControlError> =>
  promise.then(
    () => Promise.reject(new Error('it was accepted')),
    (error: ControlError) => error,
  );

test('screen: makes the connection a watcher; a second request gives the same watcher another window', async () => {
  const { screens, seats } = fakeScreens();
  const { server, stateDir } = await serve({ screens });
  const client = await connectControl({ stateDir, deadlineMs });
  assert.equal(await client.request('screen', window), screenFrame(1));
  assert.equal(await client.request('screen', { ...window, tab: 'done', anchor: 'x' }), screenFrame(2));
  assert.equal(seats.length, 1);
  assert.equal(seats[0]?.windows, [window, { ...window, tab: 'done', anchor: 'x' }]);
  const other = await connectControl({ stateDir, deadlineMs });
  assert.equal(await other.request('screen', window), screenFrame(1));
  assert.equal(seats.length, 2);
  client.close();
  other.close();
  await server.close();
});

test('screen: a window is checked before anything is read', async () => {
  const { screens, seats } = fakeScreens();
  const { server, stateDir } = await serve({ screens });
  const client = await connectControl({ stateDir, deadlineMs });
  const wrong: readonly (readonly [string, object])[] = [
    ['limit', { limit: 201 }],
    ['limit', { limit: -1 }],
    ['limit', { limit: 1.5 }],
    ['offset', { offset: -1 }],
    ['offset', { offset: 1e300 }],
    ['sort', { sort: 'luck' }],
    ['tab', { tab: 'history' }],
    ['filter', { filter: 'x'.repeat(257) }],
    ['anchor', { anchor: 'x'.repeat(65) }],
    ['anchor', { anchor: 7 }],
  ];
  for (const [at, change] of wrong) {
    const error = await refusal(client.request('screen', { ...window, ...change }));
    assert.is(error.kind, 'invalid');
    assert.match(error.message, `"screen" is wrong at "${at}"`);
  }
  assert.equal(seats, []);
  assert.is((await refusal(client.request('screen', { ...window, filter: 'refused' }))).message, 'not now');
  client.close();
  await server.close();
});

test('screen: is an unknown method if the agent shows no windows', async () => {
  const { server, stateDir } = await serve();
  const client = await connectControl({ stateDir, deadlineMs });
  assert.is((await refusal(client.request('screen', window))).kind, 'unknown_method');
  client.close();
  await server.close();
});

test('screen: changes come as separate notes, and only to the watcher', async () => {
  const { screens, seats } = fakeScreens();
  const { server, stateDir } = await serve({ screens });
  const client = await connectControl({ stateDir, deadlineMs });
  const other = await connectControl({ stateDir, deadlineMs });
  const received: string[] = [];
  client.onScreen(({ seq }) => void received.push(`screen ${seq}`));
  other.onScreen(({ seq }) => void received.push(`other ${seq}`));
  await client.watch({ topics: ['log'] }, (topic) => void received.push(topic));
  await client.request('screen', window);
  await other.request('screen', window);
  seats[0]?.outlet.send(deltaOf(2));
  server.publish('log', 'a', () => ({ v: 1, at: '', level: 'info', route: 'a', text: 't' }));
  seats[0]?.outlet.send(deltaOf(3));
  await client.request('ping', {});
  await other.request('ping', {});
  assert.equal(received, ['screen 2', 'log', 'screen 3']);
  client.close();
  other.close();
  await server.close();
});

test('screen: unwatch ends it, and so does a lost connection; a further request starts it again', async () => {
  const { screens, seats } = fakeScreens();
  const { server, stateDir } = await serve({ screens });
  const client = await connectControl({ stateDir, deadlineMs });
  await client.request('screen', window);
  await client.request('unwatch', {});
  assert.ok(seats[0]?.isOver);
  await client.request('screen', window);
  assert.is(seats.length, 2);
  const gone = new Promise((resolve) => client.onClose(resolve));
  client.close();
  await gone;
  await server.close();
  assert.ok(seats[1]?.isOver);
});

test('screen: when the agent cannot show a window any more, it says so and closes the connection', async () => {
  const { screens, seats } = fakeScreens();
  const { server, stateDir } = await serve({ screens });
  const client = await connectControl({ stateDir, deadlineMs });
  await client.request('screen', window);
  const why = new Promise<string>((resolve) => client.onClose(resolve));
  seats[0]?.outlet.close('its log says why');
  assert.is(await why, 'its log says why');
  await server.close();
});

test('screen: a client that never reads is detected, makes nothing pile up, and is dropped when its other messages wait too long', async () => {
  const { screens, seats } = fakeScreens();
  const waitingBytes = 1_000_000;
  const { server, troubles } = await serve({ screens, limits: { waitingBytes } });
  const socket = await rawClient(server.path);
  for (const [id, method, params] of [
    [1, 'watch', { topics: ['log'] }],
    [2, 'screen', window],
  ] as const) {
    socket.write(framed(JSON.stringify({ jsonrpc: '2.0', id, method, params })));
  }
  // Reads both answers, and nothing afterwards.
  let answers = '';
  while (!answers.includes('"id":2')) answers += String((await once(socket, 'data'))[0]);
  socket.pause();
  const [seat] = seats;
  if (seat === undefined) throw new Error('nobody is watched');
  assert.ok(seat.outlet.hasRead());
  let sent = 0;
  // As the agent does it: a client that has not read the last delta gets no further one.
  while (seat.outlet.hasRead() && sent < 1_000) {
    seat.outlet.send(deltaOf(sent, 'x'.repeat(50_000)));
    sent += 1;
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.ok(sent < 100, `${sent} deltas of 50 kB went to a client that does not read`);
  assert.is(server.clientCount(), 1);
  const note: LogNote = { v: 1, at: '', level: 'info', route: 'a', text: 'x'.repeat(10_000) };
  for (let times = 0; times < 200 && server.clientCount() > 0; times += 1) {
    server.publish('log', 'a', () => note);
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.is(server.clientCount(), 0);
  assert.ok(seat.isOver);
  assert.match(troubles.join(), /it does not read what is sent to it/);
  await closed(socket);
  await server.close();
});

test('screen: of ten clients the one that never reads is dropped, and the others get everything', async () => {
  const { screens, seats } = fakeScreens();
  const { server, stateDir, troubles } = await serve({ screens, limits: { waitingBytes: 1_000_000 } });
  const received = Array.from({ length: 9 }, () => ({ lines: 0, seqs: [] as number[], isClosed: false }));
  const clients = await Promise.all(
    received.map(async (heard) => {
      const client = await connectControl({ stateDir, deadlineMs });
      client.onScreen(({ seq }) => void heard.seqs.push(seq));
      client.onClose(() => {
        heard.isClosed = true;
      });
      await client.watch({ topics: ['log'] }, () => void (heard.lines += 1));
      await client.request('screen', window);
      return client;
    }),
  );
  const stalled = await rawClient(server.path);
  stalled.write(framed(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'watch', params: { topics: ['log'] } })));
  await once(stalled, 'data');
  stalled.pause();
  assert.is(server.clientCount(), 10);
  const note: LogNote = { v: 1, at: '', level: 'info', route: 'a', text: 'x'.repeat(10_000) };
  let lines = 0;
  for (; lines < 1_000 && server.clientCount() === 10; lines += 1) {
    server.publish('log', 'a', () => note);
    for (const seat of seats) seat.outlet.send(deltaOf(lines));
    // Every reading client has received the delta before more is sent, so that none of them can fall behind.
    for (const client of clients) await client.request('ping', {});
  }
  assert.is(server.clientCount(), 9);
  assert.is(troubles.length, 1);
  assert.match(troubles.join(), /it does not read what is sent to it/);
  const seqs = Array.from({ length: lines }, (_, seq) => seq);
  for (const heard of received) assert.equal(heard, { lines, seqs, isClosed: false });
  for (const client of clients) client.close();
  await closed(stalled);
  await server.close();
});

test.run();
