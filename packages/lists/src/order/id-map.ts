import type { FileId } from '@sluice/core/model';

/**
 * A map that never moves more than a few of its entries at once. A `Map` that grows moves all of them, and a large one blocks the
 * event loop meanwhile. Linear hashing (Litwin, "Linear hashing: a new tool for file and table addressing", 1980): each time the
 * map has grown by `entriesOfBucket` entries it gets one more bucket, which takes over a part of one other.
 */
export interface IdMap<Value> {
  get(id: FileId): Value | undefined;
  has(id: FileId): boolean;
  set(id: FileId, value: Value): void;
  delete(id: FileId): void;
  size(): number;
}

/** The average, as the map grows. */
const entriesOfBucket = 32;

type Bucket<Value> = Map<FileId, Value>;

/** Returns an empty map. */
export function createIdMap<Value>(): IdMap<Value> {
  const buckets: Bucket<Value>[] = [new Map()];
  /** The largest power of two that is not greater than the number of buckets. */
  let doubled = 1;
  let size = 0;

  const indexOf = (id: FileId): number => {
    const hash = hashOf(id);
    const index = hash & (doubled * 2 - 1);
    return index < buckets.length ? index : hash & (doubled - 1);
  };
  const bucketOf = (id: FileId): Bucket<Value> => buckets[indexOf(id)] as Bucket<Value>;
  const addBucket = (): void => {
    const divided = buckets[buckets.length - doubled] as Bucket<Value>;
    const added: Bucket<Value> = new Map();
    buckets.push(added);
    if (buckets.length === doubled * 2) doubled *= 2;
    for (const [id, value] of divided) {
      if (bucketOf(id) !== added) continue;
      divided.delete(id);
      added.set(id, value);
    }
  };
  return {
    get: (id) => bucketOf(id).get(id),
    has: (id) => bucketOf(id).has(id),
    set(id, value) {
      const bucket = bucketOf(id);
      const before = bucket.size;
      bucket.set(id, value);
      size += bucket.size - before;
      if (size > buckets.length * entriesOfBucket) addBucket();
    },
    delete(id) {
      if (bucketOf(id).delete(id)) size -= 1;
    },
    size: () => size,
  };
}

/** FNV-1a of 32 bits (Fowler, Noll, Vo), over code units. */
function hashOf(id: FileId): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < id.length; index += 1) hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193);
  // The bucket is chosen by the low bits alone, so the high bits are mixed into them.
  return (hash ^ (hash >>> 15)) >>> 0;
}
