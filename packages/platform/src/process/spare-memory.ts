import process from 'node:process';
import { setInterval } from 'node:timers';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { limits } from '../limits.ts';

/** What the memory of a process is judged by. A test has its own. */
export interface MemoryOfProcess {
  /** Bytes that the heap has from the system, garbage included. */
  heapBytes(): number;
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
  /** What the heap had after the last collection, or at first. */
  #heapBytes: number;
  #collectedAt = Number.NEGATIVE_INFINITY;

  constructor(memory: MemoryOfProcess) {
    this.#memory = memory;
    this.#lookedAt = memory.now();
    this.#processorMs = memory.processorMs();
    this.#heapBytes = memory.heapBytes();
  }

  /** To be called once in a while: collects where the process was at rest since the last call, and its heap has grown. */
  look(): void {
    const [now, processorMs] = [this.#memory.now(), this.#memory.processorMs()];
    const share = (processorMs - this.#processorMs) / Math.max(1, now - this.#lookedAt);
    this.#lookedAt = now;
    this.#processorMs = processorMs;
    if (share > limits.restShare || !this.#isDue(now)) return;
    this.#memory.collect();
    this.#heapBytes = this.#memory.heapBytes();
    this.#collectedAt = now;
    this.#processorMs = this.#memory.processorMs();
  }

  /** A collection takes about a millisecond for each megabyte, and nothing else runs meanwhile. */
  #isDue(now: number): boolean {
    const heapBytes = this.#memory.heapBytes();
    const grownBytes = heapBytes - this.#heapBytes;
    if (heapBytes > limits.collectedBytes || grownBytes < limits.spareBytes) return false;
    return grownBytes > this.#heapBytes / 2 || now - this.#collectedAt >= limits.spareAgainMs;
  }
}

/** Has this process give memory back from now on. Does not keep it from ending. */
export function giveMemoryBack(): void {
  const collect = collector();
  if (collect === null) return;
  const spare = new SpareMemory({
    heapBytes: () => getHeapStatistics().total_heap_size,
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
