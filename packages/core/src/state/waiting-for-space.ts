import type { FileId } from '../model/ids.ts';

interface Sized {
  readonly id: FileId;
  readonly sizeBytes: number;
}

/**
 * The sizes of the files that wait for space. Every query takes constant time, except the first one for the largest after the
 * largest file was removed.
 */
export interface RoomWait {
  add(id: FileId, sizeBytes: number): void;
  delete(id: FileId): void;
  files(): number;
  bytes(): number;
  /** The largest file. Null if no file waits. */
  largest(): Sized | null;
  /** Returns how many files are larger. It visits each file if any is larger. */
  countLarger(sizeBytes: number): number;
}

/** Creates an empty `RoomWait`. */
export function createRoomWait(): RoomWait {
  const sizes = new Map<FileId, number>();
  let bytes = 0;
  let largest: Sized | null = null;

  const findLargest = (): Sized | null => {
    let found: Sized | null = null;
    for (const [id, sizeBytes] of sizes) if (found === null || sizeBytes > found.sizeBytes) found = { id, sizeBytes };
    return found;
  };
  const remove = (id: FileId): void => {
    bytes -= sizes.get(id) ?? 0;
    sizes.delete(id);
    if (largest?.id === id) largest = null;
  };
  const largestNow = (): Sized | null => {
    if (sizes.size > 0) largest ??= findLargest();
    return largest;
  };

  return {
    add(id, sizeBytes) {
      const isFirst = sizes.size === 0;
      remove(id);
      sizes.set(id, sizeBytes);
      bytes += sizeBytes;
      // After the largest file was removed, `largest` is unknown until it is asked for. It stays unknown here.
      if (isFirst || (largest !== null && sizeBytes > largest.sizeBytes)) largest = { id, sizeBytes };
    },
    delete: remove,
    files: () => sizes.size,
    bytes: () => bytes,
    largest: largestNow,
    countLarger(sizeBytes) {
      if ((largestNow()?.sizeBytes ?? 0) <= sizeBytes) return 0;
      let count = 0;
      for (const size of sizes.values()) if (size > sizeBytes) count += 1;
      return count;
    },
  };
}
