import type { FileJson } from '@sluice/control';
import type { JournalRecord } from '@sluice/core';
import type { FileId, TrackedFile } from '@sluice/core/model';
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

/** Returns the JSON of a file as it is now. */
type View = (file: TrackedFile) => FileJson;

/**
 * Runs the operator's `on_done` command for finished files: one process at a time, for all files that finished since the last
 * start.
 */
export class DoneHook {
  readonly #dependencies: DoneHookDependencies;
  readonly #seat: HookSeat;
  readonly #gather: Timer;
  /** The newest record of each file that waits, in the order in which they finished. */
  readonly #waiting = new Map<FileId, TrackedFile>();
  #view: View | null = null;
  /** Number of files that were dropped because too many were waiting. */
  #missed = 0;
  #isEnding = false;

  constructor(dependencies: DoneHookDependencies) {
    this.#dependencies = dependencies;
    this.#seat = new HookSeat({ hook: 'on_done', route: null }, dependencies);
    this.#gather = dependencies.makeTimer(() => this.#startNext());
  }

  /**
   * Queues the files that these records finished. What happens to a file while it waits, such as its removal at the source, is in
   * its line.
   */
  committed(records: readonly JournalRecord[], view: View): void {
    if (this.#dependencies.words.length === 0) return;
    this.#view = view;
    for (const record of records) {
      const file = 'file' in record ? record.file : null;
      if (file !== null && this.#waiting.has(file.id)) this.#waiting.set(file.id, file);
      else if (file === null || this.#isEnding || !isFinishing(record)) continue;
      else if (this.#waiting.size < limits.doneWaiting) this.#add(file);
      else this.#missed += 1;
    }
  }

  /** Returns whether no process runs and no file waits. */
  isIdle(): boolean {
    return this.#waiting.size === 0 && !this.#seat.isRunning();
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
    this.#missed += this.#waiting.size;
    this.#waiting.clear();
    this.#reportMissed('the agent ended');
    this.#seat.end();
  }

  #add(file: TrackedFile): void {
    this.#waiting.set(file.id, file);
    if (this.#waiting.size === 1 && !this.#seat.isRunning()) this.#wait();
  }

  #wait(): void {
    this.#gather.set(this.#dependencies.clock.monotonic() + limits.hookGatherMs);
  }

  #startNext(): void {
    if (this.#waiting.size === 0 || this.#seat.isRunning()) return;
    if (!this.#seat.isFree()) {
      if (this.#isEnding) this.end();
      else this.#wait();
      return;
    }
    this.#reportMissed(`${limits.doneWaiting} waited already`);
    const batch = this.#nextBatch();
    const at = new Date(this.#dependencies.clock.wall()).toISOString();
    const lines = batch.map((file) => JSON.stringify(this.#view?.(file)));
    const command = doneCommand(this.#dependencies.words, lines, at);
    if (command !== null) this.#seat.run(command, callsByRoute(batch.map(({ route }) => [route, 1])), () => this.#next());
  }

  #nextBatch(): readonly TrackedFile[] {
    const batch = [...this.#waiting.values()].slice(0, limits.doneBatch);
    for (const { id } of batch) this.#waiting.delete(id);
    return batch;
  }

  #next(): void {
    if (this.#waiting.size === 0) return;
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
