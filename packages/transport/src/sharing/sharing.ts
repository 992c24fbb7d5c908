import type { Side } from '@sluice/core/model';
import type { Awaitable } from '@sluice/platform';
import type { CopyLimits } from '../limits.ts';
import type { FileFacts } from '../storage/storage.ts';
import { type Clock, Stopped } from '../waiting.ts';
import { type HashOf, keyOf, type Piece, type Reader, type SourceKey, type Table } from './table.ts';
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
   * @param calls of the copy: its buffers are used until they have returned
   * @returns null where it is not shared: its copy reads alone
   */
  join(path: string, facts: FileFacts, calls: CallsOfCopy): SharedReading | null;
}

/** The part of one copy in the reading of a source. */
export interface SharedReading {
  /**
   * Takes a chunk from another copy that has just read it. Otherwise reads it, and shows it to the others.
   *
   * @param chunk its number on the grid
   * @param bytes what it is read into: as long as the chunk
   * @param readFile reads it of the source; @returns how many bytes
   * @returns how many bytes are there
   * @throws Stopped where the copy was stopped meanwhile, and what `readFile` throws
   */
  readonly readChunk: (chunk: number, bytes: Uint8Array, readFile: () => Promise<number>) => Promise<number>;
  /** The copy needs no more of it. */
  leave(): void;
}

/** Through which a copy makes its calls. */
interface CallsOfCopy {
  readonly signal: AbortSignal;
  /** @throws Stopped where the copy was stopped meanwhile */
  run<T>(side: Side, operation: string, call: () => Promise<T>): Awaitable<T>;
}

export const alone: Sharing = { join: () => null };

export interface SharingDependencies {
  readonly limits: CopyLimits;
  readonly hashOf: HashOf;
  readonly clock: Clock;
  readonly machine: Machine;
}

/** Time that goes on while this process does not run: another one may. */
export interface Machine {
  /** The same for all processes of a machine, milliseconds. */
  now(): number;
  pause(forMs: number): Promise<void>;
}

/** @returns `alone` where a window cannot be opened: to share is an advantage, never a condition */
export function openSharing(seat: WindowSeat | undefined, dependencies: SharingDependencies): Sharing {
  if (seat === undefined) return alone;
  const { limits, hashOf } = dependencies;
  try {
    const windows = seat.files.map((file) => new PieceWindow(file, limits, hashOf));
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
  /** The copies that take part now, by their place in the table. */
  readonly #members = new Map<number, Member>();
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

  join(path: string, facts: FileFacts, calls: Member['calls']): SharedReading | null {
    const { limits } = this.#dependencies;
    const place = Array.from({ length: limits.windowReaders }, (_, each) => each).find((each) => !this.#members.has(each));
    if (this.#isBroken || place === undefined || facts.sizeBytes < limits.shareFromBytes) return null;
    const member = { key: keyOf(path, facts), place, calls };
    this.#members.set(place, member);
    this.#changes += 1;
    this.#say(member, 0, null);
    return {
      readChunk: (chunk, bytes, readFile) => this.#read(member, { chunk, bytes }, readFile),
      leave: () => this.#leave(member),
    };
  }

  async #read(member: Member, wanted: WantedChunk, readFile: () => Promise<number>): Promise<number> {
    const { chunk, bytes } = wanted;
    this.#say(member, chunk, null);
    if (await this.#isTaken(member, wanted)) return bytes.length;
    try {
      const count = await readFile();
      if (count === bytes.length) await this.#show(member, wanted);
      return count;
    } finally {
      this.#say(member, chunk + 1, null);
    }
  }

  /**
   * Whether the chunk came from another copy. Waits for one that reads it just now, and not longer than `shareWaitMs`: it may hang, and
   * may have been killed.
   *
   * @returns false where this copy is the one to read it, which the others see from then on
   */
  async #isTaken(member: Member, wanted: WantedChunk): Promise<boolean> {
    const { limits, machine } = this.#dependencies;
    const { key, calls } = member;
    const next = wanted.chunk;
    const giveUpAt = machine.now() + limits.shareWaitMs;
    for (;;) {
      const others = this.#others();
      const found = findPiece(others, key, wanted);
      if (found !== null && (await this.#take(member, found, wanted))) return true;
      const readsSinceMs = machine.now();
      const isLast = found !== null || readsSinceMs >= giveUpAt;
      if (isLast || !this.#isReadBy(others, key, next)) {
        this.#say(member, next, readsSinceMs);
        // Two that begin at the same time see each other: the first reads it, and the other one waits.
        if (isLast || !this.#isReadBy(this.#others(), key, next, readsSinceMs)) return false;
        this.#say(member, next, null);
      }
      await machine.pause(limits.sharePollMs);
      if (calls.signal.aborted) throw new Stopped();
    }
  }

  async #take({ calls }: Member, { window, slot, piece }: Found, { bytes }: WantedChunk): Promise<boolean> {
    const count = await calls.run('source', 'take from another copy', () => window.read(slot, bytes).catch(() => 0));
    return count === bytes.length && this.#dependencies.hashOf(bytes) === piece.hash;
  }

  async #show({ key, calls }: Member, { chunk, bytes }: WantedChunk): Promise<void> {
    if (this.#isBroken || !this.#isWanted(key, chunk)) return;
    const { limits, hashOf } = this.#dependencies;
    const slot = this.#nextSlot % limits.windowPieces;
    this.#nextSlot += 1;
    const piece = { key, chunk, lengthBytes: bytes.length, hash: hashOf(bytes) };
    const put = (): Promise<void> => this.#own.put(slot, piece, bytes).catch(() => this.#break());
    await calls.run('source', 'show to other copies', put);
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
    const { machine, limits } = this.#dependencies;
    const oldestMs = machine.now() - limits.shareWaitMs;
    const reads = (reader: Reader | null, seat: number): boolean => {
      if (reader?.key !== key || reader.next !== chunk || reader.readsSinceMs === null || reader.readsSinceMs < oldestMs) return false;
      return reader.readsSinceMs < ownMs || (reader.readsSinceMs === ownMs && seat < this.#seat);
    };
    return others.some(({ seat, table }) => table.readers.some((reader) => reads(reader, seat)));
  }

  #others(): readonly Other[] {
    return this.#windows.flatMap((window, seat) => {
      const table = seat === this.#seat ? null : tableOf(window);
      return table === null ? [] : [{ seat, window, table }];
    });
  }

  /** Says what a copy needs next, and since when it reads that itself. One that has left says nothing. */
  #say(member: Member, next: number, readsSinceMs: number | null): void {
    if (this.#members.get(member.place) === member) this.#setReader(member.place, { key: member.key, next, readsSinceMs });
  }

  #setReader(place: number, reader: Reader | null): void {
    try {
      if (!this.#isBroken) this.#own.setReader(place, reader);
    } catch {
      this.#break();
    }
  }

  #break(): void {
    this.#isBroken = true;
  }

  #leave(member: Member): void {
    if (this.#members.get(member.place) !== member) return;
    this.#setReader(member.place, null);
    this.#members.delete(member.place);
    this.#changes += 1;
    if (this.#members.size === 0) void this.#emptyLater(this.#changes);
  }

  /** What was read last stays for a while, for copies that are a little behind. */
  async #emptyLater(changes: number): Promise<void> {
    const { clock, limits } = this.#dependencies;
    await clock.wait(limits.windowLingerMs, never);
    if (changes !== this.#changes) return;
    try {
      this.#own.empty();
    } catch {
      this.#break();
    }
  }
}

const never = new AbortController().signal;

/** A copy of this process that takes part. */
interface Member {
  readonly key: SourceKey;
  readonly place: number;
  readonly calls: CallsOfCopy;
}

/** A chunk that a copy needs, and what it is read into. */
interface WantedChunk {
  readonly chunk: number;
  readonly bytes: Uint8Array;
}

/** Another process, as it is now. */
interface Other {
  readonly seat: number;
  readonly window: PieceWindow;
  readonly table: Table;
}

interface Found {
  readonly window: PieceWindow;
  readonly slot: number;
  readonly piece: Piece;
}

function findPiece(others: readonly Other[], key: SourceKey, { chunk, bytes }: WantedChunk): Found | null {
  for (const { window, table } of others) {
    const slot = table.pieces.findIndex((piece) => piece?.key === key && piece.chunk === chunk && piece.lengthBytes === bytes.length);
    const piece = table.pieces[slot];
    if (piece !== undefined && piece !== null) return { window, slot, piece };
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
