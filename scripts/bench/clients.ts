import { once } from 'node:events';
import net, { type Socket } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ControlClient, connectControl, controlLimits, type ScreenDelta, type ScreenWindow } from '@sluice/control';
import { everything } from '@sluice/testkit';
import { encodeFrame } from '../../packages/control/src/protocol/frames.ts';
import { loopLagMs } from './agent-side.ts';
import { fileCount } from './agent-state.ts';
import type { Figure } from './figure.ts';
import { type Serving, type ServingWord, startServing } from './serving.ts';
import { tenWindows } from './windows.ts';

const deadlineMs = 20_000;
const runs = 3;
const copies = 16;
const phaseMs = 8_000;
const scrollEveryMs = 300;
const linesAtOnce = 200;
const maxLines = 40_000;

/** Measures ten clients on the real socket of an agent's process, together with one that never reads; several times. */
export async function measureClients(): Promise<Figure[]> {
  const figures = new Map<string, Figure>();
  for (let turn = 0; turn < runs; turn += 1) {
    for (const figure of [...(await measureOnce(alike)), ...(await measureOnce(different))]) {
      const before = figures.get(figure.what)?.readings ?? [];
      figures.set(figure.what, { ...figure, readings: [...before, ...figure.readings] });
    }
  }
  return [...figures.values()];
}

/** What ten people watch, and whether a client that never reads is added. */
interface Crowd {
  readonly name: string;
  readonly windows: readonly ScreenWindow[];
  readonly hasStalled: boolean;
}

/** Like screens when they start: one order, different parts of it. */
const alike: Crowd = {
  name: 'ten clients, one order',
  windows: Array.from({ length: 10 }, (_, index) => ({ ...everything, offset: index * 5_000 })),
  hasStalled: false,
};
/** The most expensive case. */
const different: Crowd = { name: 'ten clients, ten orders', windows: tenWindows, hasStalled: true };

async function measureOnce({ name, windows, hasStalled }: Crowd): Promise<Figure[]> {
  const serving = await startServing();
  const clients: ControlClient[] = [];
  try {
    await serving.order({ do: 'move', copies });
    await serving.order({ do: 'watch_lag' });
    const began = performance.now();
    const seen = createSeen();
    for (const window of windows) clients.push(await join(serving, window, seen));
    const firstMs = performance.now() - began;
    const first = await serving.order({ do: 'watch_lag' });
    await sleep(phaseMs);
    const filling = await serving.order({ do: 'watch_lag' });
    await scroll(clients, windows, seen);
    const scrolling = await serving.order({ do: 'report' });
    return [
      { what: `${name}: all have their first frame, after`, unit: 'ms', goal: null, readings: [firstMs], judged: 'max' },
      ...holdsOf(name, 'first frames', first),
      ...holdsOf(name, `orders are made, ${copies} copies move`, filling),
      ...holdsOf(name, 'all of them scroll', scrolling),
      { what: `${name}: rows in one message`, unit: 'rows', goal: everything.limit, readings: seen.rows, judged: 'max' },
      { what: `${name}: a delta`, unit: 'B', goal: null, readings: seen.deltaBytes, judged: 'max' },
      { what: `${name}: a whole frame`, unit: 'B', goal: null, readings: seen.frameBytes, judged: 'max' },
      ...(hasStalled ? await stall(serving, clients, seen) : []),
    ];
  } finally {
    for (const client of clients) client.close();
    await serving.end();
  }
}

async function join(serving: Serving, window: ScreenWindow, seen: Seen): Promise<ControlClient> {
  const client = await connectControl({ stateDir: serving.stateDir, deadlineMs });
  client.onScreen((delta) => seen.delta(delta));
  await client.watch({ topics: ['log'] }, () => seen.line());
  const frame = await client.request('screen', window);
  seen.whole(frame.rows.rows.length, JSON.stringify(frame).length);
  return client;
}

/** Returns the longest block of each run: on a shared machine, one of many runs is interrupted from outside. */
function holdsOf(name: string, phase: string, { lagMs }: ServingWord): Figure[] {
  const what = `${name}: the agent's loop held, ${phase}`;
  return [
    { what, unit: 'ms', goal: loopLagMs, readings: lagMs, judged: 'p99' },
    { what: `${what}, longest`, unit: 'ms', goal: loopLagMs, readings: [Math.max(...lagMs)], judged: 'median' },
  ];
}

interface Seen {
  readonly rows: number[];
  readonly deltaBytes: number[];
  readonly frameBytes: number[];
  lines(): number;
  line(): void;
  delta(delta: ScreenDelta): void;
  whole(rows: number, bytes: number): void;
}

function createSeen(): Seen {
  const seen = { rows: [] as number[], deltaBytes: [] as number[], frameBytes: [] as number[] };
  let lines = 0;
  return {
    ...seen,
    lines: () => lines,
    line: () => void (lines += 1),
    delta: (delta) => {
      seen.rows.push(delta.rows?.changed.length ?? 0);
      seen.deltaBytes.push(JSON.stringify(delta).length);
    },
    whole: (rows, bytes) => {
      seen.rows.push(rows);
      seen.frameBytes.push(bytes);
    },
  };
}

async function scroll(clients: readonly ControlClient[], windows: readonly ScreenWindow[], seen: Seen): Promise<void> {
  for (let turn = 0; turn * scrollEveryMs < phaseMs; turn += 1) {
    const asked = clients.map((client, index) => {
      const window = windows[index] ?? everything;
      return client.request('screen', { ...window, offset: (turn * 997 + index * 4_001) % fileCount }, { deadlineMs });
    });
    for (const frame of await Promise.all(asked)) seen.whole(frame.rows.rows.length, JSON.stringify(frame).length);
    await sleep(scrollEveryMs);
  }
}

/** Adds a client that reads its answers and then nothing, while much is reported. */
async function stall(serving: Serving, clients: readonly ControlClient[], seen: Seen): Promise<Figure[]> {
  const socket = await stalledClient(path.join(serving.stateDir, 'agent.sock'));
  const before = { lines: seen.lines(), ...(await serving.order({ do: 'report' })) };
  let told = 0;
  let { clients: left } = before;
  while (left >= before.clients && told < maxLines) {
    told += linesAtOnce;
    left = (await serving.order({ do: 'tell', lines: linesAtOnce })).clients;
  }
  // Their answers come after everything that was reported.
  await Promise.all(clients.map((client) => client.request('ping', {}, { deadlineMs })));
  const missing = clients.length * told - (seen.lines() - before.lines);
  socket.destroy();
  return [
    {
      what: 'a client that never reads: lines of a kB until it is dropped',
      unit: 'rows',
      goal: controlLimits.waitingBytes / 1_000,
      readings: [told],
      judged: 'max',
    },
    {
      what: 'a client that never reads: others that went with it',
      unit: 'rows',
      goal: 0,
      readings: [before.clients - 1 - left],
      judged: 'max',
    },
    { what: 'a client that never reads: lines that others missed', unit: 'rows', goal: 0, readings: [missing], judged: 'max' },
  ];
}

async function stalledClient(address: string): Promise<Socket> {
  const socket = net.connect({ path: address });
  socket.on('error', () => undefined);
  const asked = [
    ['watch', { topics: ['log'] }],
    ['screen', everything],
  ] as const;
  for (const [id, [method, params]] of asked.entries()) socket.write(encodeFrame({ jsonrpc: '2.0', id, method, params }));
  let answers = '';
  while (!answers.includes('"id":1')) answers += String((await once(socket, 'data'))[0]);
  socket.pause();
  return socket;
}
