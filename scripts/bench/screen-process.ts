import { execPath } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pty } from '../../packages/tui/test/blessed/pty.ts';
import type { Figure } from './figure.ts';
import { processMs, residentBytes } from './processor.ts';
import { programs } from './program.ts';
import { type Serving, startServing } from './serving.ts';
import { type Shown, showScreen } from './shown.ts';

const starts = 7;
const windows = 5;
const windowMs = 4_000;
const settleMs = 1_500;
const settledShare = 0.1;
const settleTries = 40;
const busyCopies = 8;
/** A tick is drawn at once. A picture shortly before it delays it by at most a quarter of a second. */
const drawnByMs = 400;
const keyEveryMs = 400;
const keys = ['j', 'j', '\x1b[6~', '\x1b[6~', 's', '\x1b[F', 'k', 'S', '\x1b[H', '\x1b[6~', 's', 's', '\x1b[5~', '\x1b[H'];

/** Measures the program on its own terminal from outside, next to an agent with 100,000 files. */
export async function measureScreenProcess(): Promise<Figure[]> {
  const serving = await startServing();
  try {
    const figures: Figure[] = [];
    for (const program of programs()) figures.push(...(await measureStart(serving.stateDir, program, starts)));
    for (const program of programs().slice(0, 1)) figures.push(...(await measureLife(serving, program)));
    return figures;
  } finally {
    await serving.end();
  }
}

/** A way to start the screen, and its name in the figures. */
interface Started {
  readonly what: string;
  readonly command: readonly string[];
}

/** Measures the first picture next to a running agent, with a bare Node before each start. */
export async function measureStart(stateDir: string, { what, command }: Started, times: number): Promise<Figure[]> {
  const bare: number[] = [];
  const shownMs: number[] = [];
  const processorMs: number[] = [];
  for (let turn = 0; turn < times; turn += 1) {
    bare.push(await bareNode());
    const screen = await showScreen(command, stateDir);
    shownMs.push(screen.shownAfterMs);
    processorMs.push(processMs(screen.pid));
    await screen.end();
  }
  const ratios = shownMs.map((ms, turn) => ms / (bare[turn] ?? Number.NaN));
  const start = `start ${what}:`;
  return [
    { what: `${start} to the first whole picture`, unit: 'ms', goal: 300, readings: shownMs, judged: 'median' },
    { what: `${start} time of the processor until then`, unit: 'ms', goal: 300, readings: processorMs, judged: 'median' },
    { what: 'start: node -e 0 next to it, to its end', unit: 'ms', goal: null, readings: bare, judged: 'median' },
    { what: `${start} times node -e 0`, unit: 'x', goal: null, readings: ratios, judged: 'median' },
  ];
}

async function bareNode(): Promise<number> {
  const began = performance.now();
  await new Pty([execPath, '-e', '0']).ended;
  return performance.now() - began;
}

async function measureLife(serving: Serving, { command }: Started): Promise<Figure[]> {
  const screen = await showScreen(command, serving.stateDir);
  try {
    await serving.order({ do: 'move', copies: busyCopies });
    await settled(serving);
    const busy = await measureWindows(serving, screen);
    await serving.order({ do: 'move', copies: 0 });
    await settled(serving);
    const idle = await measureWindows(serving, screen);
    const keyMs = await measureKeys(screen);
    const memory = residentBytes(screen.pid) / 1_048_576;
    const what = `${busyCopies} copies move:`;
    return [
      { what: 'idle: the screen, of a core', unit: '%', goal: 1, readings: idle.screen, judged: 'median' },
      { what: 'idle: the agent for it, of a core', unit: '%', goal: 1, readings: idle.agent, judged: 'median' },
      { what: 'idle: bytes a second, all of them the clock', unit: 'B/s', goal: null, readings: idle.bytes, judged: 'max' },
      { what: 'idle: bytes between two ticks', unit: 'B', goal: 0, readings: idle.between, judged: 'max' },
      { what: `${what} bytes a second`, unit: 'B/s', goal: 4_096, readings: busy.bytes, judged: 'max' },
      { what: `${what} the screen, of a core`, unit: '%', goal: null, readings: busy.screen, judged: 'median' },
      { what: `${what} the agent for it, of a core`, unit: '%', goal: null, readings: busy.agent, judged: 'median' },
      { what: 'a key, to its first byte', unit: 'ms', goal: null, readings: keyMs, judged: 'median' },
      { what: 'memory: resident, after all of this', unit: 'MB', goal: 150, readings: [memory], judged: 'max' },
      { what: 'memory: heap in use', unit: 'MB', goal: 150, readings: await screen.heapMegabytes(), judged: 'max' },
    ];
  } finally {
    await screen.end();
  }
}

/** Waits until the agent has put all its files in order. */
async function settled(serving: Serving): Promise<void> {
  for (let turn = 0; turn < settleTries; turn += 1) {
    const before = processMs(serving.pid);
    await sleep(settleMs);
    if (processMs(serving.pid) - before < settleMs * settledShare) return;
  }
}

interface Windows {
  /** Percent of a processor core. */
  readonly screen: number[];
  readonly agent: number[];
  /** In each second. */
  readonly bytes: number[];
  /** Delays of the pictures that do not answer a tick of the clock. */
  readonly between: number[];
}

async function measureWindows(serving: Serving, screen: Shown): Promise<Windows> {
  const measured: Windows = { screen: [], agent: [], bytes: [], between: [] };
  for (let turn = 0; turn < windows; turn += 1) {
    const began = performance.now();
    const before = { screen: processMs(screen.pid), agent: processMs(serving.pid) };
    screen.chunks.length = 0;
    await sleep(windowMs);
    const ms = performance.now() - began;
    measured.screen.push(((processMs(screen.pid) - before.screen) / ms) * 100);
    measured.agent.push(((processMs(serving.pid) - before.agent) / ms) * 100);
    const chunks = [...screen.chunks];
    measured.bytes.push((sum(chunks) / ms) * 1_000);
    measured.between.push(sum(chunks.filter(({ at }) => at % 1_000 > drawnByMs)));
  }
  return measured;
}

function sum(chunks: Shown['chunks']): number {
  return chunks.reduce((total, { bytes }) => total + bytes, 0);
}

/** Each key changes the picture. */
async function measureKeys(screen: Shown): Promise<number[]> {
  const readings: number[] = [];
  for (const key of keys) {
    // Keys are sent well away from the tick.
    await sleep(keyEveryMs + 1_500 - (Date.now() % 1_000));
    screen.chunks.length = 0;
    const at = Date.now();
    screen.type(key);
    await sleep(keyEveryMs);
    const [first] = screen.chunks;
    if (first !== undefined) readings.push(first.at - at);
  }
  return readings;
}
