import type { ScreenFrame, ScreenOutlet, Screens, ScreenWatcher, ScreenWindow } from '@sluice/control';
import { ControlError, deltaBetween } from '@sluice/control';
import type { CoreState, JournalRecord } from '@sluice/core';
import type { FileList } from '@sluice/lists';
import type { Clock, Timer } from '../../ports.ts';
import type { AgentSelf } from '../views.ts';
import { createScreenFiles, type ScreenFiles } from './files.ts';
import { forgivingJournal, type ScreenJournal } from './journal.ts';
import { screenLimits as limits } from './limits.ts';
import { createScreenMeter } from './meter.ts';
import { partsOf } from './parts.ts';
import { createScreenRows, type ScreenRows } from './rows.ts';

export interface ScreenMeans {
  readonly state: CoreState;
  readonly reader: ScreenJournal;
  readonly self: AgentSelf;
  readonly clock: Clock;
  readonly isStalled: () => boolean;
  readonly makeTimer: (fire: () => void) => Timer;
  /** Runs `work` soon, after what is already on its way. */
  readonly defer: (work: () => void) => void;
  /** An error that is the agent's own. */
  readonly onTrouble: (message: string) => void;
  /** Told of every turn and what it did, for those who measure. */
  readonly onTurn?: (units: number) => void;
}

/** The agent's side of every screen. */
export interface ScreenServing extends Screens {
  /** What was journaled may be seen. */
  committed(records: readonly JournalRecord[]): void;
  end(): void;
}

/** One client that looks. */
interface Watcher {
  readonly outlet: ScreenOutlet;
  window: ScreenWindow | null;
  list: FileList | null;
  /** What it was told last. */
  told: ScreenFrame | null;
  seq: number;
  asking: Asking[];
  /** Monotonic. */
  askedAt: number;
  /** Monotonic: not told before. */
  nextAt: number;
}

type Asking = PromiseWithResolvers<ScreenFrame>;

/** What is kept while anybody looks. */
interface Shown {
  readonly files: ScreenFiles;
  readonly rows: ScreenRows;
}

/**
 * Every turn of the loop does one thing that is bounded: a slice of the orders, a piece of what a frame needs of the journal, or
 * one frame. While nobody looks, nothing is kept but the throughput.
 */
export function createScreens(means: ScreenMeans): ScreenServing {
  const { state, clock, makeTimer, defer, onTrouble, onTurn = () => undefined } = means;
  const reader = forgivingJournal(means.reader, onTrouble);
  const meter = createScreenMeter(state, clock, makeTimer);
  const watchers = new Set<Watcher>();
  let shown: Shown | null = null;
  let isTurnSet = false;
  let turns = 0;
  /** Nothing is known that the orders do not show. */
  let isUpToDate = false;
  let lookAt = Number.NEGATIVE_INFINITY;
  const timer = makeTimer(() => guarded(beat));

  const guarded = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      onTrouble(`the screens could not be served: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      for (const watcher of watchers) watcher.outlet.close('the agent could not show its files; its log says why');
      for (const watcher of [...watchers]) leave(watcher);
    }
  };
  const setTurn = (): void => {
    if (isTurnSet) return;
    isTurnSet = true;
    defer(() => {
      isTurnSet = false;
      guarded(turn);
    });
  };
  /** Something may have changed that nobody told of. */
  const beat = (): void => {
    if (shown === null) return;
    if (clock.monotonic() >= lookAt) {
      lookAt = clock.monotonic() + limits.deltaEveryMs;
      shown.files.look();
      isUpToDate = false;
    }
    setTurn();
  };
  const turn = (): void => {
    if (shown === null) return;
    turns += 1;
    const due = dueWatcher(shown);
    if (due !== null && (isUpToDate || turns % limits.slicesBetweenFrames === 0)) serve(shown, due);
    else work(shown);
    if (!isUpToDate || dueWatcher(shown) !== null) setTurn();
    else setTimer();
  };
  const work = ({ files }: Shown): void => {
    const units = files.work();
    onTurn(units);
    isUpToDate = units === 0;
  };
  const dueWatcher = ({ files }: Shown): Watcher | null => {
    let due: Watcher | null = null;
    for (const watcher of watchers) {
      if (isDue(watcher, files) && (due === null || watcher.nextAt < due.nextAt)) due = watcher;
    }
    return due;
  };
  const isDue = ({ list, told, asking, askedAt, nextAt }: Watcher, files: ScreenFiles): boolean => {
    if (list === null) return false;
    const patienceMs = told === null ? limits.firstAnswerMs : limits.answerMs;
    if (asking.length > 0) return files.isComplete(list) || clock.monotonic() - askedAt >= patienceMs;
    return nextAt <= clock.monotonic();
  };
  const setTimer = (): void => {
    const soonest = Math.min(...[...watchers].map(({ list, nextAt }) => (list === null ? Number.POSITIVE_INFINITY : nextAt)));
    if (Number.isFinite(soonest)) timer.set(soonest);
  };
  const serve = (serving: Shown, watcher: Watcher): void => {
    const { asking, told, outlet } = watcher;
    // One that has not read the last one gets what has changed since when it has.
    const isAway = asking.length === 0 && !outlet.hasRead();
    const frame = isAway ? null : frameOf(serving, watcher);
    // It stays due until all of its window is there.
    if (isAway || frame !== null) watcher.nextAt = clock.monotonic() + limits.deltaEveryMs;
    if (frame === null) return;
    const delta = told === null || asking.length > 0 ? null : deltaBetween(told, frame);
    if (asking.length === 0 && delta === null) return;
    watcher.told = frame;
    watcher.seq = frame.seq;
    watcher.asking = [];
    for (const { resolve } of asking) resolve(frame);
    if (delta !== null) outlet.send(delta);
  };
  /** Null: not all of it is there yet. */
  const frameOf = (serving: Shown, { list, window, seq }: Watcher): ScreenFrame | null => {
    if (list === null || window === null) throw new Error('a watcher without a window is never due');
    const rows = serving.rows.rowsOf(list, window);
    return rows === null ? null : { ...partsOf({ ...means, meter }, serving.files), seq: seq + 1, rows };
  };
  const begin = (): Shown => {
    const files = createScreenFiles({ state, reader, clock });
    lookAt = Number.NEGATIVE_INFINITY;
    return { files, rows: createScreenRows(state, reader, files) };
  };
  const look = (watcher: Watcher, window: ScreenWindow): Promise<ScreenFrame> => {
    shown ??= begin();
    watchers.add(watcher);
    const before = watcher.list;
    watcher.list = shown.files.listOf(window);
    if (before !== null) shown.files.release(before);
    watcher.window = window;
    watcher.askedAt = clock.monotonic();
    const asking = Promise.withResolvers<ScreenFrame>();
    watcher.asking.push(asking);
    isUpToDate = false;
    setTurn();
    return asking.promise;
  };
  const leave = (watcher: Watcher): void => {
    watchers.delete(watcher);
    if (watcher.list !== null) shown?.files.release(watcher.list);
    watcher.list = null;
    for (const { reject } of watcher.asking.splice(0)) reject(new ControlError('not_possible', 'nothing is shown any more'));
    if (watchers.size > 0) return;
    shown = null;
    timer.clear();
  };
  return {
    attach(outlet): ScreenWatcher {
      const never = Number.NEGATIVE_INFINITY;
      const watcher: Watcher = { outlet, window: null, list: null, told: null, seq: 0, asking: [], askedAt: never, nextAt: never };
      return { look: (window) => look(watcher, window), end: () => leave(watcher) };
    },
    committed(records) {
      meter.committed(records);
      shown?.files.committed(records);
      shown?.rows.committed(records);
      isUpToDate = false;
    },
    end() {
      meter.end();
      for (const watcher of [...watchers]) leave(watcher);
    },
  };
}
