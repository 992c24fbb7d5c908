import { closeSync, constants, openSync, statfsSync, write } from 'node:fs';
import { promisify } from 'node:util';
import { limits } from '../limits.ts';
import { errnoOf } from '../system-calls.ts';

/** Bytes that are to be written at one place of a file. */
export interface Piece {
  readonly bytes: Uint8Array;
  /** The part of `bytes`. */
  readonly offset: number;
  readonly length: number;
  readonly atByte: number;
}

const writeLater = promisify(write);

/**
 * `f_type` of ext4 in statfs(2). It reserves 8 MiB at a time for a file that grows. XFS and btrfs do that only for what is written
 * through the cache, so that files which are written at the same time past it lie in pieces.
 */
const ext4 = 0xef53;

/**
 * Writes the large pieces of one file on ext4 past the page cache (`O_DIRECT`). Nobody reads a copy soon but its verification, which
 * goes past the cache too. So this saves a copy in memory and the memory itself, and the commits of a journaling filesystem have no
 * such data to wait for. Whatever the system does not accept so is left to an ordinary write.
 */
export class DirectWrites {
  readonly #pace: WritePace;
  /** A second descriptor of the same file; null: not opened yet, or refused. */
  #fd: number | null = null;
  #isRefused = constants.O_DIRECT === undefined;

  constructor(pace: WritePace) {
    this.#pace = pace;
  }

  /**
   * Begins a write.
   * @param fd an open descriptor of the file
   * @returns the number of bytes, or null if it has to be an ordinary write; the promise resolves to null if the system refuses
   */
  tryWrite(fd: number, piece: Piece): Promise<number | null> | null {
    if (this.#isRefused || piece.atByte < limits.directFromByte || !isAligned(piece) || !this.#pace.isQuick()) return null;
    this.#fd ??= this.#open(fd);
    return this.#fd === null ? null : this.#write(this.#fd, piece);
  }

  /** No write may be under way. */
  close(): void {
    if (this.#fd !== null) closeSync(this.#fd);
    this.#fd = null;
    this.#isRefused = true;
  }

  /** Opens the same file once more. Its name may belong to another file by now, and `/proc` still leads to this one. */
  #open(fd: number): number | null {
    const path = `/proc/self/fd/${fd}`;
    try {
      if (statfsSync(path).type === ext4) return openSync(path, constants.O_WRONLY | constants.O_DIRECT);
    } catch {
      // Without `/proc`, for example.
    }
    this.#isRefused = true;
    return null;
  }

  async #write(fd: number, { bytes, offset, length, atByte }: Piece): Promise<number | null> {
    this.#pace.began();
    let written = 0;
    try {
      written = (await writeLater(fd, bytes, offset, length, atByte)).bytesWritten;
      return written;
    } catch (error) {
      // A filesystem or a disk may want another alignment.
      if (errnoOf(error) !== 'EINVAL') throw error;
      this.#isRefused = true;
      return null;
    } finally {
      this.#pace.ended(written);
    }
  }
}

/** Whether the system accepts these bytes past the cache: all of it has to be a multiple of the block of the disk, at most a page. */
function isAligned({ bytes, offset, length, atByte }: Piece): boolean {
  return [bytes.byteOffset + offset, length, atByte].every((bytesOrAt) => bytesOrAt % limits.directAlignBytes === 0);
}

/**
 * Decides whether a disk writes so quickly that writing past the cache costs nothing. On a slow one, like a single hard disk or several
 * with parity, the system should collect what is written and order it.
 */
export class WritePace {
  readonly #now: () => number;
  #slowUntil = Number.NEGATIVE_INFINITY;
  #underWay = 0;
  #busySince = 0;
  /** How much was written since the last judgement, and for how long at least one write was under way. */
  #bytes = 0;
  #busyMs = 0;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  isQuick(): boolean {
    return this.#now() >= this.#slowUntil;
  }

  began(): void {
    if (this.#underWay === 0) this.#busySince = this.#now();
    this.#underWay += 1;
  }

  ended(bytes: number): void {
    const now = this.#now();
    this.#busyMs += now - this.#busySince;
    this.#busySince = now;
    this.#underWay -= 1;
    this.#bytes += bytes;
    if (this.#bytes < limits.directJudgedBytes) return;
    if (this.#bytes < this.#busyMs * limits.directBytesPerMs) this.#slowUntil = now + limits.directAgainMs;
    this.#bytes = 0;
    this.#busyMs = 0;
  }
}
