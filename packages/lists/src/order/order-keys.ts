import type { Rows } from '../rows/rows.ts';
import type { Sorting } from '../rows/sorting.ts';
import type { Handle, HandledFile } from './handles.ts';

/** The rows that a file brings into an order, in bits. */
export const rowBits = { own: 1, original: 2 } as const;

/**
 * Where the files are in one order, and the rows that they bring there. Typed arrays instead of an object for each file:
 * collecting millions of objects would pause the event loop.
 */
export interface OrderKeys {
  /** Returns bits of `rowBits`. 0: the file is not in the order. */
  bitsOf(handle: Handle): number;
  /** Returns whether the file stands where `set` would put it, and brings these rows. */
  isAs(item: HandledFile, bits: number): boolean;
  set(item: HandledFile, bits: number): void;
  /** Returns a number below 0 if `a` comes first. Never 0 for two different files. */
  compare(a: Handle, b: Handle): number;
}

/** Returns the keys of one order. @param at finds a file by its handle, for orders by name */
export function createOrderKeys({ major, minor }: Sorting, isReversed: boolean, at: (handle: Handle) => HandledFile): OrderKeys {
  let bits = new Uint8Array(firstRoom);
  let majors = new Float64Array(firstRoom);
  let minors = new Float64Array(minor === 'name' ? 0 : firstRoom);
  const minorOf = minor === 'name' ? null : minor;

  const makeRoomFor = (handle: Handle): void => {
    if (handle < bits.length) return;
    const room = Math.max(handle + 1, bits.length * 2);
    bits = grown(Uint8Array, bits, room);
    majors = grown(Float64Array, majors, room);
    if (minorOf !== null) minors = grown(Float64Array, minors, room);
  };
  const compareMinors = (a: Handle, b: Handle): number => {
    const byMinor = minorOf === null ? 0 : (minors[a] as number) - (minors[b] as number);
    if (byMinor !== 0) return byMinor;
    return compareTexts(at(a).sortName, at(b).sortName);
  };
  const compareUp = (a: Handle, b: Handle): number => {
    const byMajor = (majors[a] as number) - (majors[b] as number);
    if (byMajor !== 0) return byMajor;
    return compareMinors(a, b) || compareTexts(at(a).file.id, at(b).file.id);
  };
  return {
    bitsOf: (handle) => bits[handle] ?? 0,
    isAs({ handle, file }, expected) {
      if ((bits[handle] ?? 0) !== expected) return false;
      return expected === 0 || (majors[handle] === major(file) && (minorOf === null || minors[handle] === minorOf(file)));
    },
    set({ handle, file }, expected) {
      makeRoomFor(handle);
      bits[handle] = expected;
      majors[handle] = major(file);
      if (minorOf !== null) minors[handle] = minorOf(file);
    },
    compare: (a, b) => (isReversed ? compareUp(b, a) : compareUp(a, b)),
  };
}

/** Returns the bits of `rowBits` for these rows. */
export function bitsOfRows({ own, original }: Rows): number {
  return (own ? rowBits.own : 0) + (original ? rowBits.original : 0);
}

const firstRoom = 1_024;

function grown<Numbers extends Uint8Array | Float64Array>(
  Numbers: new (length: number) => Numbers,
  before: Numbers,
  length: number,
): Numbers {
  const after = new Numbers(length);
  after.set(before);
  return after;
}

function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
