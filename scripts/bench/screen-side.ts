import { EventEmitter } from 'node:events';
import { applyDelta, type ScreenDelta, type ScreenFrame } from '@sluice/control';
import { screenSorts } from '@sluice/lists';
import { openTerminal } from '../../packages/tui/src/blessed/open-terminal.ts';
import { initialModel } from '../../packages/tui/src/model/initial-model.ts';
import { windowOf } from '../../packages/tui/src/model/layout.ts';
import type { Message, Model } from '../../packages/tui/src/model/model.ts';
import type { Terminal } from '../../packages/tui/src/terminal.ts';
import { update } from '../../packages/tui/src/update/update.ts';
import { render } from '../../packages/tui/src/views/render.ts';
import type { Figure } from './figure.ts';
import { threadMs } from './processor.ts';
import { type Recording, recordAgent } from './recording.ts';

const frameMs = 16;
const sizes = [
  [120, 40],
  [200, 60],
] as const;
const orders: readonly Partial<Model>[] = [
  ...screenSorts.map((sort) => ({ sort })),
  { filter: { text: 'clip9 state:ready', isEditing: false }, sort: 'size', isReversed: true },
];
const keys = ['j', 'k', '\x1b[6~', '\x1b[5~', 's', 'S', '/', 'c', '\x1b[3~', '\x1b', 'v', '?', '\x1b', '\x1b[F', '\x1b[H'];
const rounds = 5;
const keyRounds = 12;
const theme = { colours: 256, unicode: true, light: false } as const;

/** Measures what a frame costs the screen, from the agent's text to the bytes of the terminal, when every row has changed. */
export async function measureScreenSide(): Promise<Figure[]> {
  const cases = sizes.flatMap(([columns, rows]) => orders.map((order) => ({ columns, rows, order })));
  const recordings = await recordAgent(cases.map(({ columns, rows, order }) => windowOf(createSeat(columns, rows, order).model())));
  return cases.flatMap(({ columns, rows, order }, index) => {
    const recording = recordings[index] as Recording;
    const size = `screen, ${columns}x${rows}:`;
    const isFirst = order === orders[0];
    return [
      measureDeltas(size, createSeat(columns, rows, order), recording),
      ...(isFirst ? measureKeys(size, createSeat(columns, rows, order), recording) : []),
    ];
  });
}

function measureDeltas(size: string, seat: Seat, { frame: first, deltas }: Recording): Figure {
  const readings: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    let frame = first;
    seat.take({ kind: 'frame', frame });
    for (const text of deltas) {
      const began = threadMs();
      frame = applied(frame, text);
      seat.take({ kind: 'frame', frame });
      // The first rounds run code that is not compiled yet, so they do not count.
      if (round > 0) readings.push(threadMs() - began);
    }
  }
  seat.terminal.close();
  const { sort, filter } = seat.model();
  const what = `${size} a frame by ${sort}${filter.text === '' ? '' : ', filtered'}`;
  return { what, unit: 'ms', goal: frameMs, readings, judged: 'p99' };
}

function applied(frame: ScreenFrame, text: string): ScreenFrame {
  const after = applyDelta(frame, JSON.parse(text) as ScreenDelta);
  if (after === null) throw new Error('a delta of another frame');
  return after;
}

function measureKeys(size: string, seat: Seat, { frame }: Recording): Figure[] {
  seat.take({ kind: 'frame', frame });
  const readings: number[] = [];
  for (let round = 0; round < keyRounds; round += 1) {
    for (const key of keys) {
      const began = threadMs();
      seat.type(key);
      if (round > 0) readings.push(threadMs() - began);
    }
  }
  const again = keys.map(() => seat.cost({ kind: 'frame', frame: structuredClone(seat.model().frame) as ScreenFrame }));
  const ticks = keys.map((_, index) => seat.cost({ kind: 'tick', now: seat.model().now + 1_000 * (index + 1) }));
  seat.terminal.close();
  return [
    { what: `${size} a key, to its frame`, unit: 'ms', goal: frameMs, readings, judged: 'p99' },
    { what: `${size} the same picture, made again`, unit: 'B', goal: 0, readings: again, judged: 'max' },
    { what: `${size} a tick of the clock`, unit: 'B', goal: null, readings: ticks, judged: 'max' },
  ];
}

/** A screen without its loop: every message is handled and drawn at once, on a terminal that counts bytes. */
interface Seat {
  readonly terminal: Terminal;
  model(): Model;
  /** Returns the bytes that a message costs. */
  cost(message: Message): number;
  take(message: Message): void;
  type(text: string): void;
}

function createSeat(columns: number, rows: number, order: Partial<Model>): Seat {
  const now = Date.now();
  let model: Model = { ...initialModel({ columns, rows, now, isReadOnly: false }), link: { kind: 'connected' }, ...order };
  let bytes = 0;
  const input = Object.assign(new EventEmitter(), { setRawMode: () => undefined, resume: () => undefined, pause: () => undefined });
  const terminal = openTerminal({
    input,
    output: Object.assign(new EventEmitter(), { columns, rows }),
    write: (chunk) => {
      bytes += chunk.length;
      return chunk.length;
    },
    process: Object.assign(new EventEmitter(), { pid: 1, platform: 'linux', kill: () => undefined }),
    env: { TERM: 'xterm-256color' },
    theme,
  });
  const take = (message: Message): void => {
    model = update(model, message).model;
    terminal.draw(render(model, theme));
  };
  terminal.onMessage(take);
  const cost = (message: Message): number => {
    const before = bytes;
    take(message);
    return bytes - before;
  };
  return { terminal, model: () => model, cost, take, type: (text) => void input.emit('data', Buffer.from(text)) };
}
