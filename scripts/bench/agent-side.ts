import { setTimeout as sleep } from 'node:timers/promises';
import { readerOf, type WritableJournal } from '@sluice/persistence';
import { everything } from '@sluice/testkit';
import { makeSystemTimer, systemClock } from '../../packages/agent/src/clock.ts';
import { createScreens } from '../../packages/agent/src/serve/screen/screens.ts';
import type { ScreenWindow } from '../../packages/control/src/protocol/screen-frame.ts';
import { filledJournal, manyFiles, moveCopies } from './agent-state.ts';
import type { Figure } from './figure.ts';
import { threadMs } from './processor.ts';
import { tenWindows } from './windows.ts';

/** The goal for the longest time that one event-loop turn of the agent takes. */
export const loopLagMs = 20;
const moving = 16;
const settledMs = 600;
const idleMs = 5_000;
const moves = 20;
const moveEveryMs = 250;

/** Measures what screens cost the agent in each event-loop turn, with 100,000 files in core and as many more in the journal. */
export async function measureAgentSide(): Promise<Figure[]> {
  const { journal, end } = filledJournal(null);
  try {
    return [...(await measure('one screen', journal, [everything])), ...(await measure('ten screens, ten orders', journal, tenWindows))];
  } finally {
    end();
  }
}

async function measure(who: string, journal: WritableJournal, windows: readonly ScreenWindow[]): Promise<Figure[]> {
  const state = manyFiles();
  const held: number[] = [];
  const hold = (work: () => void): void => {
    const began = threadMs();
    work();
    held.push(threadMs() - began);
  };
  const deltaBytes: number[] = [];
  let workedAt = 0;
  const screens = createScreens({
    state,
    reader: readerOf(journal.database),
    self: { pid: 1, version: '0', startedAt: '', stateDir: '/' },
    clock: systemClock,
    isStalled: () => false,
    conditions: () => [],
    refusedReload: () => null,
    makeTimer: (fire) => makeSystemTimer(() => hold(fire)),
    defer: (work) => void setImmediate(() => hold(work)),
    onTrouble: (message) => {
      throw new Error(message);
    },
    onTurn: (units) => {
      if (units > 0) workedAt = performance.now();
    },
  });
  const figures: Figure[] = [];
  const tell = (what: string, unit: Figure['unit'], goal: number | null, readings: readonly number[], judged: Figure['judged']): void =>
    void figures.push({ what: `agent, ${who}: ${what}`, unit, goal, readings, judged });
  const tellHolds = (phase: string): void => tell(`a turn of the loop, ${phase}`, 'ms', loopLagMs, held.splice(0), 'p99');
  const watchers = windows.map((window) => {
    const send = (delta: object): void => void deltaBytes.push(JSON.stringify(delta).length);
    return { window, watcher: screens.attach({ hasRead: () => true, close: () => undefined, send }) };
  });
  const began = performance.now();
  const frames = await Promise.all(watchers.map(({ watcher, window }) => watcher.watch(window)));
  tell('first frames, after', 'ms', null, [performance.now() - began], 'max');
  tell(
    'a first frame of 200 rows',
    'B',
    null,
    frames.map((frame) => JSON.stringify(frame).length),
    'max',
  );
  tellHolds('first frames');
  while (performance.now() - workedAt < settledMs) await sleep(50);
  tell('all orders complete, after', 'ms', null, [workedAt - began], 'max');
  tellHolds('until all is in order');
  tell('idle, of a core', '%', windows.length === 1 ? 1 : null, [await shareOf(() => sleep(idleMs))], 'max');
  tellHolds('idle');
  deltaBytes.length = 0;
  const busy = await shareOf(async () => {
    for (let turn = 0; turn < moves; turn += 1) {
      moveCopies(state, moving);
      screens.committed([]);
      await sleep(moveEveryMs);
    }
  });
  tell(`${moving} copies move, of a core`, '%', null, [busy], 'max');
  tell(`${moving} copies move, a delta`, 'B', null, deltaBytes, 'max');
  tellHolds(`${moving} copies move`);
  const asked = performance.now();
  await watchers[0]?.watcher.watch({ ...everything, filter: 'clip7 state:r', sort: 'name' });
  tell('another filter, answered after', 'ms', null, [performance.now() - asked], 'max');
  tellHolds('another filter');
  screens.end();
  return figures;
}

async function shareOf(work: () => Promise<unknown>): Promise<number> {
  const before = threadMs();
  const began = performance.now();
  await work();
  return ((threadMs() - before) / (performance.now() - began)) * 100;
}
