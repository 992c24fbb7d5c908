import type { FileId } from '../../ids.ts';

/**
 * A map that never has to move all of its entries at once: a `Map` that outgrows its room holds everybody up for as long as it
 * is large.
 */
export interface IdMap<Value> {
  get(id: FileId): Value | undefined;
  has(id: FileId): boolean;
  set(id: FileId, value: Value): void;
  delete(id: FileId): void;
  size(): number;
  /** All that are there for the whole of it, each once; what is added meanwhile may or may not be among them. */
  keys(): IterableIterator<FileId>;
}

/** Two hexadecimal digits. */
const shardCount = 256;

export function createIdMap<Value>(): IdMap<Value> {
  const shards = Array.from({ length: shardCount }, () => new Map<FileId, Value>());
  const shardOf = (id: FileId): Map<FileId, Value> => shards[(digit(id, 6) * 16 + digit(id, 7)) % shardCount] as Map<FileId, Value>;
  return {
    get: (id) => shardOf(id).get(id),
    has: (id) => shardOf(id).has(id),
    set: (id, value) => void shardOf(id).set(id, value),
    delete: (id) => void shardOf(id).delete(id),
    size: () => shards.reduce((sum, { size }) => sum + size, 0),
    *keys() {
      for (const shard of shards) yield* shard.keys();
    },
  };
}

/** Any text has a place, not only that of a UUID. */
function digit(id: FileId, index: number): number {
  const code = id.charCodeAt(index);
  if (Number.isNaN(code)) return 0;
  return code >= 97 ? code - 87 : code % 16;
}
