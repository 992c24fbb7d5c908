import type { FileId } from '../model/ids.ts';

interface Sized {
  readonly id: FileId;
  readonly sizeBytes: number;
}

/** The sizes of the files that wait for room. A question costs the same however many they are, but for one after the largest left. */
export interface RoomWait {
  add(id: FileId, sizeBytes: number): void;
  delete(id: FileId): void;
  files(): number;
  bytes(): number;
  /** Null where none waits. */
  largest(): Sized | null;
  /** How many are larger. Costs a step per file where any is. */
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
      // Where the largest left, whether this one is larger than the rest is found out when somebody asks.
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
