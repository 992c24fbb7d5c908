import { hash } from 'node:crypto';
import type { FileFacts } from '../storage/storage.ts';
import { tableLimits } from './limits.ts';

/** A source file in one state: its path, its identity, its size and its times. 16 bytes as hexadecimal digits. */
export type SourceKey = string;

/** A chunk of a source that is in a window. */
export interface Piece {
  readonly key: SourceKey;
  /** Its number on the grid. */
  readonly chunk: number;
  readonly lengthBytes: number;
  /** xxh64 of its bytes, as they were read of the source. */
  readonly hash: bigint;
}

/** A copy that reads a source which others may read too. */
export interface Reader {
  readonly key: SourceKey;
  /** The chunk that it needs next. */
  readonly next: number;
  /** Since when it reads this chunk of the source itself, on the monotonic clock of the machine, milliseconds; null: it does not. */
  readonly readsSinceMs: number | null;
}

/** What a window holds: by slot, and by place of a reader. */
export interface Table {
  readonly pieces: readonly (Piece | null)[];
  readonly readers: readonly (Reader | null)[];
}

/** xxh64 of these bytes. */
export type HashOf = (bytes: Uint8Array) => bigint;

const { keyBytes, checkedBytes, entryBytes } = tableLimits;

export function keyOf(path: string, { device, inode, sizeBytes, mtimeNs, changeNs }: FileFacts): SourceKey {
  return hash('sha256', [path, device, inode, sizeBytes, mtimeNs, changeNs].join('\0')).slice(0, 2 * keyBytes);
}

export function encodePiece({ key, chunk, lengthBytes, hash: of }: Piece, hashOf: HashOf): Uint8Array {
  return sealed(key, hashOf, (view) => {
    view.setUint32(16, chunk, true);
    view.setUint32(20, lengthBytes, true);
    view.setBigUint64(24, of, true);
  });
}

/** @returns null where there is none, or where it is just being written */
export function decodePiece(entry: Uint8Array, hashOf: HashOf): Piece | null {
  const view = opened(entry, hashOf);
  if (view === null) return null;
  return { key: keyIn(entry), chunk: view.getUint32(16, true), lengthBytes: view.getUint32(20, true), hash: view.getBigUint64(24, true) };
}

export function encodeReader({ key, next, readsSinceMs }: Reader, hashOf: HashOf): Uint8Array {
  return sealed(key, hashOf, (view) => {
    view.setUint32(16, next, true);
    view.setFloat64(24, readsSinceMs ?? Number.NaN, true);
  });
}

/** @returns null where there is none, or where it is just being written */
export function decodeReader(entry: Uint8Array, hashOf: HashOf): Reader | null {
  const view = opened(entry, hashOf);
  if (view === null) return null;
  const sinceMs = view.getFloat64(24, true);
  return { key: keyIn(entry), next: view.getUint32(16, true), readsSinceMs: Number.isNaN(sinceMs) ? null : sinceMs };
}

function sealed(key: SourceKey, hashOf: HashOf, fill: (view: DataView) => void): Uint8Array {
  const entry = Buffer.alloc(entryBytes);
  entry.write(key, 0, keyBytes, 'hex');
  const view = new DataView(entry.buffer, entry.byteOffset, entryBytes);
  fill(view);
  view.setBigUint64(checkedBytes, hashOf(entry.subarray(0, checkedBytes)), true);
  return entry;
}

function opened(entry: Uint8Array, hashOf: HashOf): DataView | null {
  const view = new DataView(entry.buffer, entry.byteOffset, entryBytes);
  return view.getBigUint64(checkedBytes, true) === hashOf(entry.subarray(0, checkedBytes)) ? view : null;
}

function keyIn(entry: Uint8Array): SourceKey {
  return Buffer.from(entry.buffer, entry.byteOffset, keyBytes).toString('hex');
}
