import { hash } from 'node:crypto';
import type { FileFacts } from '../storage/storage.ts';
import { tableLimits } from './limits.ts';

/** A hash of a source file's path, identity, size and times: 16 bytes as hexadecimal digits. */
export type SourceKey = string;

/** The table entry of a chunk in a window. */
export interface Piece {
  readonly key: SourceKey;
  /** The number of the chunk, from 0. */
  readonly chunk: number;
  readonly lengthBytes: number;
  /** xxh64 of the chunk's bytes, as read from the source. */
  readonly hash: bigint;
}

/** The table entry of a copy that shares the reading of a source. */
export interface Reader {
  readonly key: SourceKey;
  /** The number of the chunk that it needs next. */
  readonly next: number;
  /** When it began to read this chunk from the source, milliseconds on the machine's monotonic clock; null: it is not reading it. */
  readonly readsSinceMs: number | null;
}

/** The table of a window. Null entries are free or unreadable. */
export interface Table {
  readonly pieces: readonly (Piece | null)[];
  readonly readers: readonly (Reader | null)[];
}

/** Returns the xxh64 of these bytes. */
export type HashOf = (bytes: Uint8Array) => bigint;

const { keyBytes, checkedBytes, entryBytes } = tableLimits;

/** Returns the key of a source file: the first 16 bytes of a SHA-256 over its path and metadata. */
export function keyOf(path: string, { device, inode, sizeBytes, mtimeNs, changeNs }: FileFacts): SourceKey {
  return hash('sha256', [path, device, inode, sizeBytes, mtimeNs, changeNs].join('\0')).slice(0, 2 * keyBytes);
}

/** Encodes a piece as a table entry. */
export function encodePiece({ key, chunk, lengthBytes, hash: of }: Piece, hashOf: HashOf): Uint8Array {
  return sealed(key, hashOf, (view) => {
    view.setUint32(16, chunk, true);
    view.setUint32(20, lengthBytes, true);
    view.setBigUint64(24, of, true);
  });
}

/** Decodes a table entry. @returns null if it is empty, or only half written */
export function decodePiece(entry: Uint8Array, hashOf: HashOf): Piece | null {
  const view = opened(entry, hashOf);
  if (view === null) return null;
  return { key: keyIn(entry), chunk: view.getUint32(16, true), lengthBytes: view.getUint32(20, true), hash: view.getBigUint64(24, true) };
}

/** Encodes a reader as a table entry. */
export function encodeReader({ key, next, readsSinceMs }: Reader, hashOf: HashOf): Uint8Array {
  return sealed(key, hashOf, (view) => {
    view.setUint32(16, next, true);
    view.setFloat64(24, readsSinceMs ?? Number.NaN, true);
  });
}

/** Decodes a table entry. @returns null if it is empty, or only half written */
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
