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

/** The file of a window: its path, valid while the process that owns it runs, and its identity. */
export interface WindowFile extends FileIdentity {
  readonly path: string;
}

/** The limits that give a window its layout. */
export type WindowLimits = Pick<CopyLimits, 'chunkBytes' | 'windowPieces' | 'windowReaders'>;

/**
 * Shared memory in which one process offers chunks to others: a table, then a slot for each piece. One process writes it, all others
 * only read it. It is a file in memory, so no call waits for a disk.
 */
export class PieceWindow {
  readonly #descriptor: number;
  readonly #limits: WindowLimits;
  readonly #hashOf: HashOf;
  readonly #table: Uint8Array;

  /** @throws ESTALE if the path now names another file, or the errno of the open */
  constructor(file: WindowFile, limits: WindowLimits, hashOf: HashOf) {
    this.#descriptor = openWindow(file);
    this.#limits = limits;
    this.#hashOf = hashOf;
    this.#table = Buffer.alloc((limits.windowPieces + limits.windowReaders) * entryBytes);
  }

  /** Reads the table. @returns null if the file is shorter than a table, so that no process has set it up */
  table(): Table | null {
    if (readSync(this.#descriptor, this.#table, 0, this.#table.length, 0) < this.#table.length) return null;
    const { windowPieces, windowReaders } = this.#limits;
    const entry = (place: number): Uint8Array => this.#table.subarray(place * entryBytes, (place + 1) * entryBytes);
    return {
      pieces: Array.from({ length: windowPieces }, (_, slot) => decodePiece(entry(slot), this.#hashOf)),
      readers: Array.from({ length: windowReaders }, (_, place) => decodeReader(entry(windowPieces + place), this.#hashOf)),
    };
  }

  /** Reads the bytes in a slot. @returns the number of bytes read */
  async read(slot: number, into: Uint8Array): Promise<number> {
    return (await readLater(this.#descriptor, into, 0, into.length, this.#placeOf(slot))).bytesRead;
  }

  /** Writes a piece into a slot, then its table entry. A reader detects by the hash that a slot was overwritten while it read. */
  async put(slot: number, piece: Piece, bytes: Uint8Array): Promise<void> {
    this.#enter(slot, new Uint8Array(entryBytes));
    const { bytesWritten } = await writeLater(this.#descriptor, bytes, 0, bytes.length, this.#placeOf(slot));
    if (bytesWritten === bytes.length) this.#enter(slot, encodePiece(piece, this.#hashOf));
  }

  /** Writes the entry of a reader. @param reader null: the place becomes free */
  setReader(place: number, reader: Reader | null): void {
    const entry = reader === null ? new Uint8Array(entryBytes) : encodeReader(reader, this.#hashOf);
    this.#enter(this.#limits.windowPieces + place, entry);
  }

  /** Frees the memory. The window stays open, with an empty table. */
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

/**
 * Opens a window and checks its identity. The path contains numbers of a process and a descriptor, which the system may have reused.
 *
 * @throws ESTALE if it is another file
 */
function openWindow({ path, device, inode }: WindowFile): number {
  const descriptor = openSync(path, 'r+');
  const { dev, ino } = fstatSync(descriptor, { bigint: true });
  if (String(dev) === device && String(ino) === inode) return descriptor;
  closeSync(descriptor);
  throw errnoError('ESTALE', `${path} is not the window any more`);
}
