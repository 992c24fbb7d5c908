import { readerOf, type WritableJournal } from '@sluice/persistence';
import { createScreens } from '../../packages/agent/src/serve/screen/screens.ts';
import type { ScreenDelta, ScreenFrame, ScreenWindow } from '../../packages/control/src/protocol/screen-frame.ts';
import { manyFiles, touchRows } from './agent-state.ts';

/** The agent's side of one screen, on a clock that the benchmark advances. It sends frames and deltas like a real agent. */
export interface CrankedAgent {
  watch(window: ScreenWindow): Promise<ScreenFrame>;
  /** Changes each of these rows. @returns the deltas that are sent, as text */
  change(rows: ScreenFrame['rows']['rows']): readonly string[];
}

const stepMs = 250;
/** Enough steps to complete lists of any length. */
const settleSteps = 40;

/** Returns an agent's side whose journal is this one. */
export function crankedAgent(journal: WritableJournal): CrankedAgent {
  const state = manyFiles();
  const startedAt = Date.now();
  let nowMs = 0;
  let sent: string[] = [];
  const deferred: (() => void)[] = [];
  const timers = new Map<() => void, number>();
  const screens = createScreens({
    state,
    reader: readerOf(journal.database),
    self: { pid: 1, version: '0.1.0', startedAt: new Date(startedAt).toISOString(), stateDir: '/' },
    clock: { monotonic: () => nowMs, wall: () => startedAt + nowMs },
    isStalled: () => false,
    conditions: () => [],
    refusedReload: () => null,
    makeTimer: (fire) => ({ set: (at) => void timers.set(fire, at), clear: () => void timers.delete(fire) }),
    defer: (work) => void deferred.push(work),
    onTrouble: (message) => {
      throw new Error(message);
    },
  });
  const watcher = screens.attach({
    hasRead: () => true,
    close: () => undefined,
    send: (delta: ScreenDelta) => void sent.push(JSON.stringify(delta)),
  });
  const crank = (): void => {
    nowMs += stepMs;
    for (const [fire, at] of [...timers]) {
      if (at > nowMs) continue;
      timers.delete(fire);
      fire();
    }
    for (let work = deferred.shift(); work !== undefined; work = deferred.shift()) work();
  };
  return {
    async watch(window) {
      const asked = watcher.watch(window);
      for (let step = 0; step < settleSteps; step += 1) crank();
      await asked;
      // The order is complete now, so the files may be at other positions.
      const again = watcher.watch(window);
      crank();
      const frame = await again;
      sent = [];
      return frame;
    },
    change(rows) {
      sent = [];
      screens.committed(
        touchRows(
          state,
          rows.map(({ file }) => file.id),
        ),
      );
      crank();
      crank();
      return sent;
    },
  };
}
