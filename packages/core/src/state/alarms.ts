import type { FileId } from '../model/ids.ts';

interface Alarm {
  readonly at: number;
  readonly id: FileId;
  /** Breaks ties: of several alarms at the same moment, the one that was set first comes first. */
  readonly number: number;
}

/**
 * The moments at which files are to be checked again: a binary heap with one valid alarm per file. Setting another moment for a
 * file leaves the old entry in the heap. It is skipped when it comes up.
 */
export interface Alarms {
  /** @param at monotonic milliseconds */
  set(id: FileId, at: number): void;
  clear(id: FileId): void;
  /**
   * Takes out the alarms that are due at `at`, earliest first. Alarms of the same moment come in the order in which they were
   * set.
   */
  popDue(at: number): FileId[];
  /** @returns the earliest moment, or null if no alarm is set */
  earliest(): number | null;
}

/** Creates alarms, none of which is set. */
export function createAlarms(): Alarms {
  const heap: Alarm[] = [];
  const current = new Map<FileId, number>();
  let count = 0;

  const isStale = (alarm: Alarm): boolean => current.get(alarm.id) !== alarm.at;

  const dropStale = (): void => {
    for (let top = heap[0]; top !== undefined && isStale(top); top = heap[0]) popTop(heap);
  };

  return {
    set(id, at) {
      if (current.get(id) === at) return;
      current.set(id, at);
      push(heap, { id, at, number: count });
      count += 1;
    },
    clear(id) {
      current.delete(id);
    },
    popDue(at) {
      const due: FileId[] = [];
      for (let top = heap[0]; top !== undefined && top.at <= at; top = heap[0]) {
        popTop(heap);
        if (isStale(top)) continue;
        current.delete(top.id);
        due.push(top.id);
      }
      return due;
    },
    earliest() {
      dropStale();
      return heap[0]?.at ?? null;
    },
  };
}

function push(heap: Alarm[], alarm: Alarm): void {
  let index = heap.length;
  heap.push(alarm);
  while (index > 0) {
    const parent = (index - 1) >> 1;
    const above = heap[parent] as Alarm;
    if (isBefore(above, alarm)) break;
    heap[index] = above;
    index = parent;
  }
  heap[index] = alarm;
}

function popTop(heap: Alarm[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let index = 0;
  for (;;) {
    const child = smallerChild(heap, index);
    if (child === null || isBefore(last, heap[child] as Alarm)) break;
    heap[index] = heap[child] as Alarm;
    index = child;
  }
  heap[index] = last;
}

function smallerChild(heap: readonly Alarm[], index: number): number | null {
  const left = 2 * index + 1;
  const right = left + 1;
  if (left >= heap.length) return null;
  if (right >= heap.length) return left;
  return isBefore(heap[left] as Alarm, heap[right] as Alarm) ? left : right;
}

function isBefore(a: Alarm, b: Alarm): boolean {
  return a.at === b.at ? a.number < b.number : a.at < b.at;
}
