import type { FileId } from '../model/ids.ts';

interface Alarm {
  readonly at: number;
  readonly id: FileId;
}

/**
 * When each file is to be checked again: a binary heap, one valid alarm a file. Setting another moment for a file
 * leaves the old entry in the heap, where it is passed over when it comes up.
 */
export interface Alarms {
  /** @param at monotonic milliseconds */
  set(id: FileId, at: number): void;
  clear(id: FileId): void;
  /** Takes out what is due at `at`, earliest first. */
  popDue(at: number): FileId[];
  /** @returns the earliest moment, or null where no alarm is set. */
  earliest(): number | null;
}

export function createAlarms(): Alarms {
  const heap: Alarm[] = [];
  const current = new Map<FileId, number>();

  const isStale = (alarm: Alarm): boolean => current.get(alarm.id) !== alarm.at;

  const dropStale = (): void => {
    for (let top = heap[0]; top !== undefined && isStale(top); top = heap[0]) popTop(heap);
  };

  return {
    set(id, at) {
      if (current.get(id) === at) return;
      current.set(id, at);
      push(heap, { id, at });
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
    if (above.at <= alarm.at) break;
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
    if (child === null || (heap[child] as Alarm).at >= last.at) break;
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
  return (heap[left] as Alarm).at <= (heap[right] as Alarm).at ? left : right;
}
