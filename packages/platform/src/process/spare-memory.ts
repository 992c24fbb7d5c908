import process from 'node:process';
import { setInterval } from 'node:timers';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { limits } from '../limits.ts';

/** What the memory of a process is judged by. A test has its own. */
export interface MemoryOfProcess {
  /** Bytes of the heap: what the system has given, and what is in use, garbage included. */
  heap(): { readonly total: number; readonly used: number };
  /** Time of the processor that this process has used, milliseconds. */
  processorMs(): number;
  /** Monotonic milliseconds. */
  now(): number;
  /** Collects all garbage, and gives the memory that is not in use back to the system. */
  collect(): void;
}

/**
 * Gives memory back after work: a listing of a hundred thousand files leaves a heap of several times what is kept of them, and V8
 * collects it only when something needs the room.
 */
export class SpareMemory {
  readonly #memory: MemoryOfProcess;
  #lookedAt: number;
  #processorMs: number;
  /** The least that a collection has left unused: what cannot be given back is not asked for again. */
  #leftBytes = 0;

  constructor(memory: MemoryOfProcess) {
    this.#memory = memory;
    this.#lookedAt = memory.now();
    this.#processorMs = memory.processorMs();
  }

  /** To be called once in a while: collects where the process was at rest since the last call, and has much that it does not use. */
  look(): void {
    const [now, processorMs] = [this.#memory.now(), this.#memory.processorMs()];
    const share = (processorMs - this.#processorMs) / Math.max(1, now - this.#lookedAt);
    this.#lookedAt = now;
    this.#processorMs = processorMs;
    if (share > limits.restShare) return;
    const { total, used } = this.#memory.heap();
    // A collection takes about a millisecond for each megabyte, and nothing else runs meanwhile.
    if (used > limits.collectedBytes || total - used - this.#leftBytes < limits.spareBytes) return;
    this.#memory.collect();
    const after = this.#memory.heap();
    this.#leftBytes = after.total - after.used;
    this.#processorMs = this.#memory.processorMs();
  }
}

/** Has this process give memory back from now on. Does not keep it from ending. */
export function giveMemoryBack(): void {
  const collect = collector();
  if (collect === null) return;
  const spare = new SpareMemory({
    heap: () => {
      const { total_heap_size: total, used_heap_size: used } = getHeapStatistics();
      return { total, used };
    },
    processorMs: () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1_000;
    },
    now: () => performance.now(),
    collect,
  });
  setInterval(() => spare.look(), limits.spareLookMs).unref();
}

/** @returns null where this runtime has none */
function collector(): (() => void) | null {
  try {
    setFlagsFromString('--expose-gc');
    const collect: unknown = runInNewContext('gc');
    setFlagsFromString('--no-expose-gc');
    return typeof collect === 'function' ? () => void collect({ type: 'major', execution: 'sync', flavor: 'last-resort' }) : null;
  } catch {
    return null;
  }
}
