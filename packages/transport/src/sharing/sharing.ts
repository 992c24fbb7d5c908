import type { CopyLimits } from '../limits.ts';
import type { FileFacts } from '../storage/storage.ts';
import type { Hashing } from '../streams/read-chunks.ts';
import type { Clock } from '../waiting.ts';
import { keyOf, type Piece, type Reader, type SourceKey, type Table } from './table.ts';
import { PieceWindow, type WindowFile } from './window.ts';

/** The windows of all processes that read one source, and which of them is this one's. */
export interface WindowSeat {
  readonly files: readonly WindowFile[];
  readonly own: number;
}

/** Lets the copies of one source take from each other what one of them has read. */
export interface Sharing {
  /**
   * Takes part in the reading of a source.
   *
   * @param facts as the copy opened it
   * @returns null where it is not shared: its copy reads alone
   */
  join(path: string, facts: FileFacts): SharedReading | null;
}

/** One chunk that a copy needs. */
export interface WantedChunk {
  readonly chunk: number;
  readonly into: Uint8Array;
  readonly lengthBytes: number;
}

/** The part of one copy in the reading of a source. */
export interface SharedReading {
  /**
   * Takes a chunk from another copy that has just read it. Otherwise reads it, and shows it to the others.
   *
   * @param readSource reads it of the source; @returns how many bytes
   * @param signal ends a wait for another copy
   * @returns how many bytes are there
   */
  read(wanted: WantedChunk, readSource: () => Promise<number>, signal: AbortSignal): Promise<number>;
  /** The copy needs no more of it. */
  leave(): void;
}

export const alone: Sharing = { join: () => null };

export interface SharingDependencies {
  readonly limits: CopyLimits;
  readonly hashing: Hashing;
  readonly clock: Clock;
  /** The same for all processes of a machine. */
  readonly machineMs: () => number;
}

/** @returns `alone` where a window cannot be opened: to share is an advantage, never a condition */
export function openSharing(seat: WindowSeat | undefined, dependencies: SharingDependencies): Sharing {
  if (seat === undefined) return alone;
  const { limits, hashing } = dependencies;
  try {
    const windows = seat.files.map((file) => new PieceWindow(file, limits, hashing));
    const own = windows[seat.own];
    if (own === undefined) return alone;
    own.empty();
    return new SharedSource(windows, { seat: seat.own, own }, dependencies);
  } catch {
    return alone;
  }
}

/** What one process takes from others and shows them, of all files of a source. */
class SharedSource implements Sharing {
  readonly #windows: readonly PieceWindow[];
  readonly #seat: number;
  readonly #own: PieceWindow;
  readonly #dependencies: SharingDependencies;
  /** The places of the copies that take part now. */
  readonly #places = new Set<number>();
  #nextSlot = 0;
  /** Goes on counting so that a wait knows whether somebody came or left meanwhile. */
  #changes = 0;
  /** Its memory could not be written. */
  #isBroken = false;

  constructor(
    windows: readonly PieceWindow[],
    { seat, own }: { readonly seat: number; readonly own: PieceWindow },
    dependencies: SharingDependencies,
  ) {
    this.#windows = windows;
    this.#seat = seat;
    this.#own = own;
    this.#dependencies = dependencies;
  }

  join(path: string, facts: FileFacts): SharedReading | null {
    const { limits } = this.#dependencies;
    const place = Array.from({ length: limits.windowReaders }, (_, each) => each).find((each) => !this.#places.has(each));
    if (this.#isBroken || place === undefined || facts.sizeBytes < limits.shareFromBytes) return null;
    this.#places.add(place);
    this.#changes += 1;
    const key = keyOf(path, facts);
    this.#setReader(place, { key, next: 0, readsSinceMs: null });
    return {
      read: (wanted, readSource, signal) => this.#read({ key, place }, wanted, readSource, signal),
      leave: () => this.#leave(place),
    };
  }

  async #read(member: Member, wanted: WantedChunk, readSource: () => Promise<number>, signal: AbortSignal): Promise<number> {
    const { chunk, lengthBytes } = wanted;
    this.#setReader(member.place, { key: member.key, next: chunk, readsSinceMs: null });
    if (await this.#isTaken(member, wanted, signal)) return lengthBytes;
    try {
      const count = await readSource();
      if (count === lengthBytes) await this.#show(member, wanted);
      return count;
    } finally {
      if (this.#places.has(member.place)) this.#setReader(member.place, { key: member.key, next: chunk + 1, readsSinceMs: null });
    }
  }

  /**
   * Whether the chunk came from another copy. Waits for one that reads it just now, and not longer than `shareWaitMs`: it may hang, and
   * may have been killed.
   *
   * @returns false where this copy is the one to read it, which the others see from then on
   */
  async #isTaken(member: Member, wanted: WantedChunk, signal: AbortSignal): Promise<boolean> {
    const { clock, limits, machineMs } = this.#dependencies;
    const { key, place } = member;
    const next = wanted.chunk;
    const giveUpAt = machineMs() + limits.shareWaitMs;
    for (;;) {
      const others = this.#others();
      const found = findPiece(others, key, wanted);
      if (found !== null && (await this.#take(found, wanted))) return true;
      const readsSinceMs = machineMs();
      const isLast = found !== null || readsSinceMs >= giveUpAt;
      if (isLast || !this.#isReadBy(others, key, next)) {
        this.#setReader(place, { key, next, readsSinceMs });
        // Two that begin at the same time see each other: the first reads it, and the other one waits.
        if (isLast || !this.#isReadBy(this.#others(), key, next, readsSinceMs)) return false;
        this.#setReader(place, { key, next, readsSinceMs: null });
      }
      await clock.wait(limits.sharePollMs, signal);
    }
  }

  async #take({ other, slot, piece }: Found, { into, lengthBytes }: WantedChunk): Promise<boolean> {
    const bytes = into.subarray(0, lengthBytes);
    const count = await this.#windows[other]?.read(slot, bytes).catch(() => 0);
    return count === lengthBytes && this.#dependencies.hashing.chunk(bytes) === piece.hash;
  }

  async #show({ key }: Member, { chunk, into, lengthBytes }: WantedChunk): Promise<void> {
    if (this.#isBroken || !this.#isWanted(key, chunk)) return;
    const { limits, hashing } = this.#dependencies;
    const bytes = into.subarray(0, lengthBytes);
    const slot = this.#nextSlot % limits.windowPieces;
    this.#nextSlot += 1;
    try {
      await this.#own.put(slot, { key, chunk, lengthBytes, hash: hashing.chunk(bytes) }, bytes);
    } catch {
      this.#isBroken = true;
    }
  }

  /** Whether another copy may still take it. The first pieces wait for copies that begin a moment later. */
  #isWanted(key: SourceKey, chunk: number): boolean {
    const { windowPieces } = this.#dependencies.limits;
    const others = this.#others();
    if (chunk < windowPieces) return others.length > 0;
    return others.some(({ table }) =>
      table.readers.some((reader) => reader?.key === key && reader.next <= chunk && chunk - reader.next < windowPieces),
    );
  }

  /** @param ownMs only those count that began before this one, which began then */
  #isReadBy(others: readonly Other[], key: SourceKey, chunk: number, ownMs = Number.POSITIVE_INFINITY): boolean {
    const { machineMs, limits } = this.#dependencies;
    const oldestMs = machineMs() - limits.shareWaitMs;
    const reads = (reader: Reader | null, seat: number): boolean => {
      if (reader?.key !== key || reader.next !== chunk || reader.readsSinceMs === null || reader.readsSinceMs < oldestMs) return false;
      return reader.readsSinceMs < ownMs || (reader.readsSinceMs === ownMs && seat < this.#seat);
    };
    return others.some(({ seat, table }) => table.readers.some((reader) => reads(reader, seat)));
  }

  #others(): readonly Other[] {
    return this.#windows.flatMap((window, seat) => {
      const table = seat === this.#seat ? null : tableOf(window);
      return table === null ? [] : [{ seat, table }];
    });
  }

  #setReader(place: number, reader: Reader | null): void {
    try {
      if (!this.#isBroken) this.#own.setReader(place, reader);
    } catch {
      this.#isBroken = true;
    }
  }

  #leave(place: number): void {
    this.#setReader(place, null);
    this.#places.delete(place);
    this.#changes += 1;
    if (this.#places.size === 0) void this.#emptyLater(this.#changes);
  }

  /** What was read last stays for a while, for copies that are a little behind. */
  async #emptyLater(changes: number): Promise<void> {
    const { clock, limits } = this.#dependencies;
    await clock.wait(limits.windowLingerMs, never);
    if (changes !== this.#changes) return;
    try {
      this.#own.empty();
    } catch {
      this.#isBroken = true;
    }
  }
}

const never = new AbortController().signal;

/** A copy of this process that takes part. */
interface Member {
  readonly key: SourceKey;
  readonly place: number;
}

/** Another process, as it is now. */
interface Other {
  readonly seat: number;
  readonly table: Table;
}

interface Found {
  /** The seat of the process that has it. */
  readonly other: number;
  readonly slot: number;
  readonly piece: Piece;
}

function findPiece(others: readonly Other[], key: SourceKey, { chunk, lengthBytes }: WantedChunk): Found | null {
  for (const { seat, table } of others) {
    const slot = table.pieces.findIndex((piece) => piece?.key === key && piece.chunk === chunk && piece.lengthBytes === lengthBytes);
    const piece = table.pieces[slot];
    if (piece !== undefined && piece !== null) return { other: seat, slot, piece };
  }
  return null;
}

function tableOf(window: PieceWindow): Table | null {
  try {
    return window.table();
  } catch {
    return null;
  }
}
