import { FakeDisk, type FakeOpenFile } from './disk.ts';
import type { Content } from './source-calls.ts';

/** How the simulated storage behaves. `down`: errors at once. `silent`: no answer until the silence is over. */
export type Weather = 'good' | 'down' | 'silent' | 'full' | 'read_only' | 'wrong_disk';

/** The kinds of calls to the storage. */
export type CallKind = 'stat' | 'read' | 'create' | 'write' | 'link' | 'unlink';

/** The answer of the storage to a call. `silent`: it comes when the weather changes. `hangs`: it comes when the test releases it. */
export type Answer =
  | { readonly kind: 'done'; readonly afterMs: number }
  | { readonly kind: 'fails'; readonly code: string }
  | { readonly kind: 'silent' }
  | { readonly kind: 'hangs' };

/** A destination folder in memory, whose behaviour a test sets as weather. */
export interface FakeDestination {
  weather(): Weather;
  setWeather(weather: Weather): void;
  /** Delays every answer: the storage is under load. */
  setLatency(ms: number): void;
  latencyMs(): number;
  /** Returns whether a call now may get no answer, a late one or a wrong one. */
  isTroubled(): boolean;
  /** Sets how many bytes fit on it. Null: any number. */
  setCapacity(bytes: number | null): void;
  /** Null: the storage does not report it. */
  freeBytes(): number | null;
  /** Makes every call fail that would create or change this name or its temporary file. Null: no longer. */
  refuse(name: string, code: string | null): void;
  /** Makes every create fail with this code. Null: no longer. */
  refuseCreates(code: string | null): void;
  /** Returns the error that a create gets now. Null: it succeeds. */
  createRefusal(): string | null;
  /** Makes the next call of this kind hang, and no other. */
  hangNext(kind: CallKind): void;
  /** Answers the call that hangs. */
  letGo(): void;
  /** Sets whether hard links are refused. If they are, names have to be claimed. */
  setLinks(areRefused: boolean): void;
  linksRefused(): boolean;
  /** Sets whether reading past the page cache is refused. */
  setDirect(isRefused: boolean): void;
  directRefused(): boolean;
  /** Returns the answer to a call made now. It uses up `hangNext`. */
  answer(kind: CallKind, name: string): Answer;
  /** Runs `work` when the silence is over, for a call that was made during it. */
  whenAnswering(work: () => void): void;
  whenLetGo(work: () => void): void;
  /** Returns the marker. Null: there is none. */
  marker(): string | null;
  /** Sets another marker, or removes it, as another program would. */
  setMarker(marker: string | null): void;
  /** Writes a marker, as Sluice does. */
  leaveMarker(marker: string): void;
  /** Returns the disk at its path now. A call that was sent before the disk was exchanged fails with its disk. */
  disk(): FakeDisk;
  /** Returns all disks that were at its path, oldest first. */
  disks(): readonly FakeDisk[];
  /** Replaces the disk with an empty one. @param mountId the id of the earlier disk if only the folder was exchanged */
  exchange(marker: string | null, mountId: number): FakeDisk;
  /** Puts an earlier disk back. */
  bringBack(disk: FakeDisk): void;
  /** Removes all files, as another program would. The marker stays. */
  empty(): void;
  /** Removes one of Sluice's copies, as another program would. */
  takeAway(name: string): void;
  putForeign(name: string, content: Content): void;
  has(name: string): boolean;
  content(name: string): Content | null;
  inode(name: string): string | null;
  isOurs(name: string): boolean;
  /** @returns null if the name is taken */
  createExclusive(name: string): FakeOpenFile | null;
  /** @returns false if the name is taken */
  link(from: string, to: string): boolean;
  /**
   * Replaces the file with the new name. If both are names of one file, nothing changes.
   * @returns false if `from` does not exist
   */
  rename(from: string, to: string): boolean;
  /** @returns false if the name does not exist */
  unlink(name: string): boolean;
  names(): string[];
  /** Returns names and contents of files that Sluice did not create, on all disks. */
  foreign(): string[];
  /** Forbidden events, in the order in which they happened. */
  readonly sins: string[];
}

const troublingLatencyMs = 1_000;

const changing: readonly CallKind[] = ['create', 'write', 'link', 'unlink'];
const needsRoom: readonly CallKind[] = ['create', 'write', 'link'];

/** Returns an empty destination in good weather. */
export function createFakeDestination(): FakeDestination {
  return new SimulatedDestination();
}

class SimulatedDestination implements FakeDestination {
  readonly sins: string[] = [];
  #disk = new FakeDisk({ number: 0, mountId: 1, marker: null, sins: this.sins });
  readonly #disks = [this.#disk];
  readonly #refused = new Map<string, string>();
  #weather: Weather = 'good';
  #latencyMs = 0;
  #capacity: number | null = null;
  #areLinksRefused = false;
  #isDirectRefused = false;
  #createRefusal: string | null = null;
  /** The next call of this kind hangs. */
  #hanging: CallKind | null = null;
  #silentCalls: (() => void)[] = [];
  #hungCalls: (() => void)[] = [];

  weather(): Weather {
    return this.#weather;
  }

  setWeather(next: Weather): void {
    this.#weather = next;
    if (next === 'silent') return;
    const works = this.#silentCalls;
    this.#silentCalls = [];
    for (const work of works) work();
  }

  setLatency(ms: number): void {
    this.#latencyMs = ms;
  }

  latencyMs(): number {
    return this.#latencyMs;
  }

  isTroubled(): boolean {
    const isWell = this.#weather === 'good' || this.#weather === 'full';
    return (
      !isWell ||
      this.#createRefusal !== null ||
      this.#latencyMs >= troublingLatencyMs ||
      this.#hanging !== null ||
      this.#hungCalls.length > 0
    );
  }

  setCapacity(bytes: number | null): void {
    this.#capacity = bytes;
  }

  freeBytes(): number | null {
    if (this.#weather === 'full') return 0;
    return this.#capacity === null ? null : Math.max(0, this.#roomOn(this.#disk));
  }

  refuse(name: string, code: string | null): void {
    if (code === null) this.#refused.delete(name);
    else this.#refused.set(name, code);
  }

  refuseCreates(code: string | null): void {
    this.#createRefusal = code;
  }

  createRefusal(): string | null {
    return this.#createRefusal;
  }

  hangNext(kind: CallKind): void {
    this.#hanging = kind;
  }

  letGo(): void {
    this.#hanging = null;
    const works = this.#hungCalls;
    this.#hungCalls = [];
    for (const work of works) work();
  }

  setLinks(areRefused: boolean): void {
    this.#areLinksRefused = areRefused;
  }

  linksRefused(): boolean {
    return this.#areLinksRefused;
  }

  setDirect(isRefused: boolean): void {
    this.#isDirectRefused = isRefused;
  }

  directRefused(): boolean {
    return this.#isDirectRefused;
  }

  answer(kind: CallKind, name: string): Answer {
    if (this.#weather === 'silent') return { kind: 'silent' };
    if (this.#hanging === kind) {
      this.#hanging = null;
      return { kind: 'hangs' };
    }
    const refused = kind === 'create' ? (this.#createRefusal ?? undefined) : undefined;
    const code = codeIn(this.#weather, kind) ?? refused ?? (changing.includes(kind) ? this.#refusalOf(name) : undefined);
    return code === undefined ? { kind: 'done', afterMs: this.#latencyMs } : { kind: 'fails', code };
  }

  whenAnswering(work: () => void): void {
    this.#silentCalls.push(work);
  }

  whenLetGo(work: () => void): void {
    this.#hungCalls.push(work);
  }

  marker(): string | null {
    return this.#disk.marker;
  }

  setMarker(marker: string | null): void {
    this.#disk.marker = marker;
  }

  leaveMarker(marker: string): void {
    this.#disk.leaveMarker(marker);
  }

  disk(): FakeDisk {
    return this.#disk;
  }

  disks(): readonly FakeDisk[] {
    return this.#disks;
  }

  exchange(marker: string | null, mountId: number): FakeDisk {
    this.#disk = new FakeDisk({ number: this.#disks.length, mountId, marker, sins: this.sins });
    this.#disks.push(this.#disk);
    return this.#disk;
  }

  bringBack(disk: FakeDisk): void {
    this.#disk = disk;
  }

  empty(): void {
    this.#disk.empty();
  }

  takeAway(name: string): void {
    this.#disk.takeAway(name);
  }

  putForeign(name: string, content: Content): void {
    this.#disk.putForeign(name, content);
  }

  has(name: string): boolean {
    return this.#disk.has(name);
  }

  content(name: string): Content | null {
    return this.#disk.content(name);
  }

  inode(name: string): string | null {
    return this.#disk.inode(name);
  }

  isOurs(name: string): boolean {
    return this.#disk.isOurs(name);
  }

  createExclusive(name: string): FakeOpenFile | null {
    const disk = this.#disk;
    return disk.createExclusive(name, (heldBytes) => this.#roomOn(disk) + heldBytes);
  }

  link(from: string, to: string): boolean {
    return this.#disk.link(from, to);
  }

  rename(from: string, to: string): boolean {
    return this.#disk.rename(from, to);
  }

  unlink(name: string): boolean {
    return this.#disk.unlink(name);
  }

  names(): string[] {
    return this.#disk.names();
  }

  foreign(): string[] {
    return this.#disks.flatMap((disk) => disk.foreign());
  }

  #roomOn(disk: FakeDisk): number {
    return this.#capacity === null ? Number.POSITIVE_INFINITY : this.#capacity - disk.usedBytes();
  }

  #refusalOf(name: string): string | undefined {
    for (const [path, code] of this.#refused) if (name === path || isPartOf(name, path)) return code;
    return undefined;
  }
}

/** @returns undefined if the weather lets the call succeed */
function codeIn(weather: Weather, kind: CallKind): string | undefined {
  if (weather === 'down') return 'EIO';
  if (weather === 'wrong_disk') return 'DIVERTED';
  if (weather === 'full' && needsRoom.includes(kind)) return 'ENOSPC';
  return weather === 'read_only' && changing.includes(kind) ? 'EROFS' : undefined;
}

/** `.<name>.<id8>.part` in the folder of `path`. */
function isPartOf(name: string, path: string): boolean {
  const slash = path.lastIndexOf('/') + 1;
  return name.startsWith(`${path.slice(0, slash)}.${path.slice(slash)}.`) && name.endsWith('.part');
}
