import { ControlError, type ScreenFrame, type ScreenOutlet, type Screens, type ScreenWatcher, type ScreenWindow } from '@sluice/control';
import type { CoreState, JournalRecord } from '@sluice/core';
import { faultText } from '@sluice/platform';
import type { Clock, Timer } from '../../ports.ts';
import type { AgentSelf, OwnTroubles } from '../status.ts';
import { createScreenFiles, type ScreenFiles } from './files.ts';
import { partsOf } from './frame-parts.ts';
import { forgivingJournal, type ScreenJournal } from './journal.ts';
import { screenLimits as limits } from './limits.ts';
import { createScreenRows, type ScreenRows } from './rows.ts';
import { createScreenMeter, type ScreenMeter } from './throughput.ts';
import { Watcher } from './watcher.ts';

/** What screens are served from. */
export interface ScreenDependencies {
  readonly state: CoreState;
  readonly reader: ScreenJournal;
  readonly self: AgentSelf;
  readonly clock: Clock;
  readonly isStalled: () => boolean;
  /** Returns the conditions of the agent itself that need a person. */
  readonly conditions: () => OwnTroubles['conditions'];
  /** Returns the last reload, if it was refused. */
  readonly refusedReload: () => OwnTroubles['refusedReload'];
  readonly makeTimer: (fire: () => void) => Timer;
  /** Runs `work` soon, after events that are already queued. */
  readonly defer: (work: () => void) => void;
  /** Reports an error of the agent itself. */
  readonly onTrouble: (message: string) => void;
  /** Receives the units of work of every turn, for measurements. */
  readonly onTurn?: (units: number) => void;
}

/** The agent's side of every screen. */
export interface ScreenServing extends Screens {
  /** Journaled records may change what is shown. */
  committed(records: readonly JournalRecord[]): void;
  end(): void;
}

/** What is kept while at least one client watches. */
interface Shown {
  readonly files: ScreenFiles;
  readonly rows: ScreenRows;
}

/**
 * Creates the agent's side of every screen. Every event-loop turn does one bounded piece of work: a slice of the lists, a part of
 * the journal for a frame, or one frame. While no client watches, only the throughput is kept.
 */
export function createScreens(dependencies: ScreenDependencies): ScreenServing {
  return new AgentScreens(dependencies);
}

class AgentScreens implements ScreenServing {
  readonly #dependencies: ScreenDependencies;
  readonly #reader: ScreenJournal;
  readonly #meter: ScreenMeter;
  readonly #watchers = new Set<Watcher>();
  readonly #timer: Timer;
  #shown: Shown | null = null;
  #isTurnSet = false;
  #turns = 0;
  /** True if the lists show all known changes. */
  #isUpToDate = false;
  /** When to check for changes that are not journaled. Monotonic milliseconds. */
  #checkAt = Number.NEGATIVE_INFINITY;

  constructor(dependencies: ScreenDependencies) {
    this.#dependencies = dependencies;
    this.#reader = forgivingJournal(dependencies.reader, dependencies.onTrouble);
    this.#meter = createScreenMeter(dependencies.state, dependencies.clock, dependencies.makeTimer);
    this.#timer = dependencies.makeTimer(() => this.#guard(() => this.#check()));
  }

  attach(outlet: ScreenOutlet): ScreenWatcher {
    const watcher = new Watcher(outlet);
    return { watch: (window) => this.#show(watcher, window), end: () => this.#leave(watcher) };
  }

  committed(records: readonly JournalRecord[]): void {
    this.#meter.committed(records);
    this.#shown?.files.committed(records);
    this.#shown?.rows.committed(records);
    this.#isUpToDate = false;
  }

  end(): void {
    this.#meter.end();
    for (const watcher of [...this.#watchers]) this.#leave(watcher);
  }

  #show(watcher: Watcher, window: ScreenWindow): Promise<ScreenFrame> {
    this.#shown ??= this.#begin();
    const { files } = this.#shown;
    this.#watchers.add(watcher);
    const list = files.listOf(window);
    if (watcher.viewed !== null) files.release(watcher.viewed.list);
    const answer = watcher.ask({ list, window }, this.#dependencies.clock.monotonic());
    this.#isUpToDate = false;
    this.#setTurn();
    return answer;
  }

  #begin(): Shown {
    const { state, clock } = this.#dependencies;
    const files = createScreenFiles({ state, reader: this.#reader, clock });
    this.#checkAt = Number.NEGATIVE_INFINITY;
    return { files, rows: createScreenRows(state, this.#reader, files) };
  }

  #leave(watcher: Watcher): void {
    this.#watchers.delete(watcher);
    if (watcher.viewed !== null) this.#shown?.files.release(watcher.viewed.list);
    watcher.end(new ControlError('not_possible', 'nothing is shown any more'));
    if (this.#watchers.size > 0) return;
    this.#shown = null;
    this.#timer.clear();
  }

  /** Checks for changes that are not journaled, if that is due. */
  #check(): void {
    if (this.#shown === null) return;
    const { clock } = this.#dependencies;
    if (clock.monotonic() >= this.#checkAt) {
      this.#checkAt = clock.monotonic() + limits.deltaEveryMs;
      this.#shown.files.compare();
      this.#isUpToDate = false;
    }
    this.#setTurn();
  }

  #setTurn(): void {
    if (this.#isTurnSet) return;
    this.#isTurnSet = true;
    this.#dependencies.defer(() => {
      this.#isTurnSet = false;
      this.#guard(() => this.#turn());
    });
  }

  /** Serves the watcher that is due, or works on the lists. Then sets the next turn or the timer. */
  #turn(): void {
    if (this.#shown === null) return;
    this.#turns += 1;
    const due = this.#dueWatcher(this.#shown);
    if (due !== null && (this.#isUpToDate || this.#turns % limits.slicesBetweenFrames === 0)) this.#serve(this.#shown, due);
    else this.#work(this.#shown);
    if (!this.#isUpToDate || this.#dueWatcher(this.#shown) !== null) this.#setTurn();
    else this.#setTimer();
  }

  #work({ files }: Shown): void {
    const units = files.work();
    this.#dependencies.onTurn?.(units);
    this.#isUpToDate = units === 0;
  }

  /** Returns the watcher that is due. Of several, the one that has waited longest. */
  #dueWatcher({ files }: Shown): Watcher | null {
    const at = this.#dependencies.clock.monotonic();
    let due: Watcher | null = null;
    for (const watcher of this.#watchers) {
      if (watcher.isDue(files, at) && (due === null || watcher.nextAt < due.nextAt)) due = watcher;
    }
    return due;
  }

  #serve(shown: Shown, watcher: Watcher): void {
    const { clock } = this.#dependencies;
    if (!watcher.canReceive()) {
      watcher.postpone(clock.monotonic());
      return;
    }
    const frame = this.#frameFor(shown, watcher);
    // The watcher stays due until its whole window was read.
    if (frame === null) return;
    watcher.postpone(clock.monotonic());
    watcher.deliver(frame);
  }

  /** Returns the next frame. @returns null if a part of the window has to be read in another turn */
  #frameFor(shown: Shown, { viewed, nextSeq }: Watcher): ScreenFrame | null {
    if (viewed === null) throw new Error('a watcher without a window is never due');
    const rows = shown.rows.rowsOf(viewed.list, viewed.window);
    if (rows === null) return null;
    return { ...partsOf({ ...this.#dependencies, meter: this.#meter }, shown.files), seq: nextSeq, rows };
  }

  #setTimer(): void {
    const soonest = Math.min(...[...this.#watchers].map(({ nextAt }) => nextAt));
    if (Number.isFinite(soonest)) this.#timer.set(soonest);
  }

  /** Runs work. If it throws, all watchers are ended, but not the agent. */
  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#dependencies.onTrouble(`the screens could not be served: ${faultText(error)}`);
      for (const watcher of this.#watchers) watcher.outlet.close('the agent could not show its files; its log says why');
      for (const watcher of [...this.#watchers]) this.#leave(watcher);
    }
  }
}
