import type { FileJson } from '@sluice/control';
import type { JournalRecord } from '@sluice/core';
import type { RouteName, TrackedFile } from '@sluice/core/model';
import { limits } from '../limits.ts';
import type { Timer } from '../ports.ts';
import { doneCommand } from './command.ts';
import { callsByRoute, type HookDependencies, HookSeat } from './one-at-a-time.ts';

/** The parts of the agent that `on_done` uses, and its settings. */
export interface DoneHookDependencies extends HookDependencies {
  /** The program and its arguments, as in the configuration. Empty: no command is set. */
  readonly words: readonly string[];
  readonly makeTimer: (fire: () => void) => Timer;
}

interface Finished {
  readonly route: RouteName;
  readonly line: string;
}

/**
 * Runs the operator's `on_done` command for finished files: one process at a time, for all files that finished since the last
 * start.
 */
export class DoneHook {
  readonly #dependencies: DoneHookDependencies;
  readonly #seat: HookSeat;
  readonly #gather: Timer;
  readonly #waiting: Finished[] = [];
  /** Number of files that were dropped because too many were waiting. */
  #missed = 0;
  #isEnding = false;

  constructor(dependencies: DoneHookDependencies) {
    this.#dependencies = dependencies;
    this.#seat = new HookSeat('on_done', dependencies);
    this.#gather = dependencies.makeTimer(() => this.#startNext());
  }

  /** Queues the files that these records finished. @param view returns the JSON of a file */
  committed(records: readonly JournalRecord[], view: (file: TrackedFile) => FileJson): void {
    if (this.#dependencies.words.length === 0 || this.#isEnding) return;
    for (const record of records) {
      if (!isFinishing(record)) continue;
      if (this.#waiting.length < limits.doneWaiting) this.#add(record.file, view(record.file));
      else this.#missed += 1;
    }
  }

  /** Returns whether no process runs and no file waits. */
  isIdle(): boolean {
    return this.#waiting.length === 0 && !this.#seat.isRunning();
  }

  /** Accepts no more files, and runs the command at once for those that wait. */
  finish(): void {
    this.#isEnding = true;
    this.#gather.clear();
    this.#startNext();
  }

  /** Ends the running process and drops the files that wait. */
  end(): void {
    this.#gather.clear();
    this.#missed += this.#waiting.length;
    this.#waiting.length = 0;
    this.#reportMissed('the agent ended');
    this.#seat.end();
  }

  #add({ route }: TrackedFile, file: FileJson): void {
    this.#waiting.push({ route, line: JSON.stringify(file) });
    if (this.#waiting.length === 1 && !this.#seat.isRunning()) this.#wait();
  }

  #wait(): void {
    this.#gather.set(this.#dependencies.clock.monotonic() + limits.hookGatherMs);
  }

  #startNext(): void {
    if (this.#waiting.length === 0 || this.#seat.isRunning()) return;
    if (!this.#seat.isFree()) {
      if (this.#isEnding) this.end();
      else this.#wait();
      return;
    }
    this.#reportMissed(`${limits.doneWaiting} waited already`);
    const batch = this.#waiting.splice(0, limits.doneBatch);
    const at = new Date(this.#dependencies.clock.wall()).toISOString();
    const command = doneCommand(
      this.#dependencies.words,
      batch.map(({ line }) => line),
      at,
    );
    if (command !== null) this.#seat.run(command, callsByRoute(batch.map(({ route }) => [route, 1])), () => this.#next());
  }

  #next(): void {
    if (this.#waiting.length === 0) return;
    if (this.#isEnding) this.#startNext();
    else this.#wait();
  }

  #reportMissed(why: string): void {
    if (this.#missed === 0) return;
    const files = this.#missed === 1 ? '1 finished file was' : `${this.#missed} finished files were`;
    this.#dependencies.log('warn', `on_done: ${files} not reported, because ${why}; sluice history lists them`);
    this.#missed = 0;
  }
}

/** Returns whether a record finishes a file. If a removal at the source failed and later succeeded, the file finished before. */
function isFinishing(record: JournalRecord): record is Extract<JournalRecord, { kind: 'transition' }> {
  return record.kind === 'transition' && record.to === 'COMPLETED' && record.from !== 'COMPLETED_DELETE_FAILED';
}
