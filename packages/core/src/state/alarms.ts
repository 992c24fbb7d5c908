import type { FileId } from '../model/ids.ts';

/** Files that were set to one moment, one after another. A listing sets a hundred thousand new files to the same few moments. */
interface Alarm {
  readonly at: number;
  readonly ids: FileId[];
  /** The place of the first id that may be valid. */
  next: number;
  /** Breaks ties: of several alarms at the same moment, the one that was set first comes first. */
  readonly number: number;
}

/**
 * The moments at which files are to be checked again: a binary heap with one valid moment per file. Setting another moment for a
 * file leaves the old one in the heap. It is skipped when it comes up.
 */
export interface Alarms {
  /** @param at monotonic milliseconds */
  set(id: FileId, at: number): void;
  clear(id: FileId): void;
  /** @returns the moment of a file's alarm, or null if none is set */
  of(id: FileId): number | null;
  /**
   * Takes out the alarms that are due at `at`, earliest first. Alarms of the same moment come in the order in which they were
   * set.
   *
   * @param most the largest number of alarms that are taken out. Absent: all
   */
  popDue(at: number, most?: number): FileId[];
  /** @returns the earliest moment, or null if no alarm is set */
  earliest(): number | null;
}

/** Creates alarms, none of which is set. */
export function createAlarms(): Alarms {
  return new AlarmHeap();
}

class AlarmHeap implements Alarms {
  readonly #heap: Alarm[] = [];
  readonly #current = new Map<FileId, number>();
  /** The alarm that was set last, while it is in the heap. */
  #latest: Alarm | null = null;
  #count = 0;

  set(id: FileId, at: number): void {
    if (this.#current.get(id) === at) return;
    this.#current.set(id, at);
    if (this.#latest?.at === at) {
      this.#latest.ids.push(id);
      return;
    }
    this.#latest = { at, ids: [id], next: 0, number: this.#count };
    push(this.#heap, this.#latest);
    this.#count += 1;
  }

  clear(id: FileId): void {
    this.#current.delete(id);
  }

  of(id: FileId): number | null {
    return this.#current.get(id) ?? null;
  }

  popDue(at: number, most: number = Number.POSITIVE_INFINITY): FileId[] {
    const due: FileId[] = [];
    for (let top = this.#heap[0]; top !== undefined && top.at <= at; top = this.#heap[0]) {
      while (this.#hasValid(top)) {
        if (due.length === most) return due;
        const id = top.ids[top.next] as FileId;
        this.#current.delete(id);
        due.push(id);
      }
      this.#pop();
    }
    return due;
  }

  earliest(): number | null {
    for (let top = this.#heap[0]; top !== undefined; top = this.#heap[0]) {
      if (this.#hasValid(top)) return top.at;
      this.#pop();
    }
    return null;
  }

  #hasValid(alarm: Alarm): boolean {
    while (alarm.next < alarm.ids.length) {
      if (this.#current.get(alarm.ids[alarm.next] as FileId) === alarm.at) return true;
      alarm.next += 1;
    }
    return false;
  }

  #pop(): void {
    if (this.#latest === this.#heap[0]) this.#latest = null;
    popTop(this.#heap);
  }
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
