import { closeSync, fstatSync, ftruncateSync, openSync, read, readSync, write, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import type { FileIdentity } from '@sluice/core/model';
import { errnoError } from '@sluice/platform';
import type { CopyLimits } from '../limits.ts';
import { tableLimits } from './limits.ts';
import { decodePiece, decodeReader, encodePiece, encodeReader, type HashOf, type Piece, type Reader, type Table } from './table.ts';

const { entryBytes } = tableLimits;
const readLater = promisify(read);
const writeLater = promisify(write);

/** The file of a window, which a path leads to while its owner runs. */
export interface WindowFile extends FileIdentity {
  readonly path: string;
}

export type WindowLimits = Pick<CopyLimits, 'chunkBytes' | 'windowPieces' | 'windowReaders'>;

/**
 * Memory in which one process shows others what it has read: a table, and a slot for each piece. One process writes it, every other one
 * reads it. A file in memory: no call of it waits for a disk.
 */
export class PieceWindow {
  readonly #descriptor: number;
  readonly #limits: WindowLimits;
  readonly #hashOf: HashOf;
  readonly #table: Uint8Array;

  /** @throws where it cannot be opened, and where the path leads to another file */
  constructor(file: WindowFile, limits: WindowLimits, hashOf: HashOf) {
    this.#descriptor = openWindow(file);
    this.#limits = limits;
    this.#hashOf = hashOf;
    this.#table = Buffer.alloc((limits.windowPieces + limits.windowReaders) * entryBytes);
  }

  /** @returns null where no process writes it */
  table(): Table | null {
    if (readSync(this.#descriptor, this.#table, 0, this.#table.length, 0) < this.#table.length) return null;
    const { windowPieces, windowReaders } = this.#limits;
    const entry = (place: number): Uint8Array => this.#table.subarray(place * entryBytes, (place + 1) * entryBytes);
    return {
      pieces: Array.from({ length: windowPieces }, (_, slot) => decodePiece(entry(slot), this.#hashOf)),
      readers: Array.from({ length: windowReaders }, (_, place) => decodeReader(entry(windowPieces + place), this.#hashOf)),
    };
  }

  /** @returns how many bytes of a piece it has */
  async read(slot: number, into: Uint8Array): Promise<number> {
    return (await readLater(this.#descriptor, into, 0, into.length, this.#placeOf(slot))).bytesRead;
  }

  /** Puts a piece into a slot. Who finds it in the table finds its bytes, or notices by their hash that they are others by now. */
  async put(slot: number, piece: Piece, bytes: Uint8Array): Promise<void> {
    this.#enter(slot, new Uint8Array(entryBytes));
    const { bytesWritten } = await writeLater(this.#descriptor, bytes, 0, bytes.length, this.#placeOf(slot));
    if (bytesWritten === bytes.length) this.#enter(slot, encodePiece(piece, this.#hashOf));
  }

  /** @param reader null: the place is free */
  setReader(place: number, reader: Reader | null): void {
    const entry = reader === null ? new Uint8Array(entryBytes) : encodeReader(reader, this.#hashOf);
    this.#enter(this.#limits.windowPieces + place, entry);
  }

  /** Gives its memory back to the system. It stays open, with an empty table. */
  empty(): void {
    ftruncateSync(this.#descriptor, 0);
    ftruncateSync(this.#descriptor, this.#table.length);
  }

  #enter(place: number, entry: Uint8Array): void {
    writeSync(this.#descriptor, entry, 0, entryBytes, place * entryBytes);
  }

  #placeOf(slot: number): number {
    return this.#table.length + slot * this.#limits.chunkBytes;
  }
}

/** The number of a process, or of a file that it has open, may be that of another one by now. */
function openWindow({ path, device, inode }: WindowFile): number {
  const descriptor = openSync(path, 'r+');
  const { dev, ino } = fstatSync(descriptor, { bigint: true });
  if (String(dev) === device && String(ino) === inode) return descriptor;
  closeSync(descriptor);
  throw errnoError('ESTALE', `${path} is not the window any more`);
}
