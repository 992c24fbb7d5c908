import type { Side } from '@sluice/core/model';
import type { Awaitable } from '@sluice/platform';
import type { CopyLimits } from '../limits.ts';
import type { FileFacts } from '../storage/storage.ts';
import { type Clock, Stopped } from '../waiting.ts';
import { type HashOf, keyOf, type Piece, type Reader, type SourceKey, type Table } from './table.ts';
import { PieceWindow, type WindowFile } from './window.ts';

/** The windows of all processes that read one source. `own` is the index of the window that this process writes. */
export interface WindowSeat {
  readonly files: readonly WindowFile[];
  readonly own: number;
}

/** Lets copies of one source in several processes share the chunks that one of them has read. */
export interface Sharing {
  /**
   * Registers a copy as a reader of this source file.
   *
   * @param facts metadata of the source when the copy opened it
   * @param calls tracks the calls that use the copy's buffers, so that the copy keeps them until the calls return
   * @returns null if this file is not shared; the copy then reads it alone
   */
  join(path: string, facts: FileFacts, calls: CallsOfCopy): SharedReading | null;
}

/** The shared reading of one source file, as one copy uses it. */
export interface SharedReading {
  /**
   * Takes a chunk from another copy that has just read it. If there is none, reads the chunk and offers it to the other copies.
   *
   * @param chunk the number of the chunk, from 0
   * @param bytes receives the chunk, and has its length
   * @param readFile reads the chunk from the source into `bytes`; returns the number of bytes read
   * @returns the number of bytes now in `bytes`
   * @throws Stopped if the copy was stopped meanwhile, and what `readFile` throws
   */
  readonly readChunk: (chunk: number, bytes: Uint8Array, readFile: () => Promise<number>) => Promise<number>;
  /** Ends the shared reading of this copy. */
  leave(): void;
}

/** The calls of one copy, see `Calls`. */
interface CallsOfCopy {
  readonly signal: AbortSignal;
  /** @throws Stopped if the copy was stopped meanwhile */
  run<T>(side: Side, operation: string, call: () => Promise<T>): Awaitable<T>;
}

/** Shares nothing: each copy reads its source separately. */
export const alone: Sharing = { join: () => null };

/** The dependencies of a shared source. */
export interface SharingDependencies {
  readonly limits: CopyLimits;
  readonly hashOf: HashOf;
  readonly clock: Clock;
  readonly machine: Machine;
}

/** A clock that also advances while this process is paused, because other processes may keep running. */
export interface Machine {
  /** Milliseconds on a clock that all processes of the machine share. */
  now(): number;
  pause(forMs: number): Promise<void>;
}

/** Opens the windows. @returns `alone` if there is no seat or a window cannot be opened, because a copy works without sharing too */
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

/** Shares the files of one source between this process and the others. */
class SharedSource implements Sharing {
  readonly #windows: readonly PieceWindow[];
  readonly #seat: number;
  readonly #own: PieceWindow;
  readonly #dependencies: SharingDependencies;
  /** The registered copies of this process, by their place in the table. */
  readonly #members = new Map<number, Member>();
  #nextSlot = 0;
  /** Counts every join and leave, so that `#emptyLater` can see whether one happened during its wait. */
  #changes = 0;
  /** Writing to the own window failed. From then on nothing is shared. */
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
   * Tries to take the chunk from another copy. Waits up to `shareWaitMs` for one that is reading it, which may hang or have been
   * killed.
   *
   * @returns true if `bytes` has the chunk; false if this copy has to read it, which the other processes now see in the table
   * @throws Stopped if the copy was stopped meanwhile
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
        // Two copies may start to read at the same time. The earlier one reads, the other waits.
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

  /** Returns whether another copy may need the chunk. The first chunks are kept for copies that start a little later. */
  #isWanted(key: SourceKey, chunk: number): boolean {
    const { windowPieces } = this.#dependencies.limits;
    const others = this.#others();
    if (chunk < windowPieces) return others.length > 0;
    return others.some(({ table }) =>
      table.readers.some((reader) => reader?.key === key && reader.next <= chunk && chunk - reader.next < windowPieces),
    );
  }

  /** Returns whether another process is reading the chunk. @param ownMs when this copy began; only reads that began earlier count */
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

  /** Writes to the table which chunk a copy needs next, and since when it reads it. Does nothing for a copy that has left. */
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

  /** Empties the window after `windowLingerMs`, unless a copy joined meanwhile. Until then, copies that are behind can use it. */
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

/** A registered copy of this process. */
interface Member {
  readonly key: SourceKey;
  readonly place: number;
  readonly calls: CallsOfCopy;
}

/** A chunk that a copy needs, and the buffer for it. */
interface WantedChunk {
  readonly chunk: number;
  readonly bytes: Uint8Array;
}

/** Another process: its window, and its table as just read. */
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
