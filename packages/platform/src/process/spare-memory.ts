import process from 'node:process';
import { setInterval } from 'node:timers';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { limits } from '../limits.ts';

/** The figures by which the memory of a process is judged. A test replaces them. */
export interface MemoryOfProcess {
  /** Bytes that the heap has from the system, including garbage. */
  heapBytes(): number;
  /** Processor time that this process has used, milliseconds. */
  processorMs(): number;
  /** Monotonic milliseconds. */
  now(): number;
  /** Collects all garbage, and returns unused memory to the system. */
  collect(): void;
}

/**
 * Returns memory to the system after work. A listing of a hundred thousand files leaves a heap several times as large as the data
 * that is kept, and V8 collects it only when it needs the room.
 */
export class SpareMemory {
  readonly #memory: MemoryOfProcess;
  #lookedAt: number;
  #processorMs: number;
  /** The size of the heap after the last collection, or at first. */
  #heapBytes: number;
  #collectedAt = Number.NEGATIVE_INFINITY;

  constructor(memory: MemoryOfProcess) {
    this.#memory = memory;
    this.#lookedAt = memory.now();
    this.#processorMs = memory.processorMs();
    this.#heapBytes = memory.heapBytes();
  }

  /** Collects garbage if the process was idle since the last call and its heap has grown. It has to be called regularly. */
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

  /** Returns whether a collection is due. A collection takes about a millisecond per megabyte, and nothing else runs meanwhile. */
  #isDue(now: number): boolean {
    const heapBytes = this.#memory.heapBytes();
    const grownBytes = heapBytes - this.#heapBytes;
    if (heapBytes > limits.collectedBytes || grownBytes < limits.spareBytes) return false;
    return grownBytes > this.#heapBytes / 2 || now - this.#collectedAt >= limits.spareAgainMs;
  }
}

/** Makes this process return memory from now on. It does not keep the process from ending. */
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

/** Returns the garbage collector. @returns null if this runtime does not expose it */
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
