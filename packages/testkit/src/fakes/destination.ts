import { FakeDisk, type FakeOpenFile } from './disk.ts';
import type { Content } from './source.ts';

/** How the simulated storage behaves. `down`: errors at once; `silent`: no answer until it is over. */
export type Weather = 'good' | 'down' | 'silent' | 'full' | 'read_only' | 'wrong_disk';

/** What a call asks of the storage. */
export type CallKind = 'stat' | 'read' | 'create' | 'write' | 'link' | 'unlink';

/** What storage says to a call; `silent`: it comes back when the weather changes, `hangs`: when it is let go. */
export type Answer =
  | { readonly kind: 'done'; readonly afterMs: number }
  | { readonly kind: 'fails'; readonly code: string }
  | { readonly kind: 'silent' }
  | { readonly kind: 'hangs' };

/** A destination folder in memory, with weather. */
export interface FakeDestination {
  weather(): Weather;
  setWeather(weather: Weather): void;
  /** Every answer takes so long; the storage is under load. */
  setLatency(ms: number): void;
  latencyMs(): number;
  /** Whether somebody who asks now may get no answer, a late one or a bad one. */
  isTroubled(): boolean;
  /** What fits on it, in bytes; null: anything. */
  setCapacity(bytes: number | null): void;
  /** Null: the storage does not say. */
  freeBytes(): number | null;
  /** Every call that would make or change this name, or its part, fails with this code; null: no longer. */
  refuse(name: string, code: string | null): void;
  /** Every create is answered by this code, and nothing is made; null: no longer. */
  refuseCreates(code: string | null): void;
  /** What a create is answered by now; null: it is done. */
  createRefusal(): string | null;
  /** The next call of this kind never comes back, while all others do. */
  hangNext(kind: CallKind): void;
  /** What hangs is answered after all. */
  letGo(): void;
  /** Where hard links are refused, names have to be claimed. */
  setLinks(areRefused: boolean): void;
  linksRefused(): boolean;
  /** Whether reading past the page cache is refused. */
  setDirect(isRefused: boolean): void;
  directRefused(): boolean;
  /** The answer to a call made now. It ends what `hangNext` asked for. */
  answer(kind: CallKind, name: string): Answer;
  /** Calls that were sent into silence run when it is over. */
  whenAnswering(work: () => void): void;
  whenLetGo(work: () => void): void;
  /** The marker on it; null: there is none. */
  marker(): string | null;
  /** Somebody gives it another one, or removes it. */
  setMarker(marker: string | null): void;
  /** Sluice leaves one. */
  leaveMarker(marker: string): void;
  /** The disk at its path now. A call that was sent before another one came fails with the one that it was sent to. */
  disk(): FakeDisk;
  /** All that were at its path, oldest first. */
  disks(): readonly FakeDisk[];
  /** Puts an empty disk in the place of the one that is there. @param mountId that of the old one where the folder was exchanged */
  exchange(marker: string | null, mountId: number): FakeDisk;
  /** Puts a disk back that was there before. */
  bringBack(disk: FakeDisk): void;
  /** Somebody removes all files; the marker stays. */
  empty(): void;
  /** Somebody removes one of our copies. */
  takeAway(name: string): void;
  putForeign(name: string, content: Content): void;
  has(name: string): boolean;
  content(name: string): Content | null;
  inode(name: string): string | null;
  isOurs(name: string): boolean;
  /** @returns null where the name is taken */
  createExclusive(name: string): FakeOpenFile | null;
  /** @returns false where the name is taken */
  link(from: string, to: string): boolean;
  /** Replaces what has the name; of two names of one file it changes neither. @returns false where there is none */
  rename(from: string, to: string): boolean;
  /** @returns false where there is none */
  unlink(name: string): boolean;
  names(): string[];
  /** Names and contents of what Sluice did not make, on all disks. */
  foreign(): string[];
  /** Things that must never happen, as they happened. */
  readonly sins: string[];
}

const troublingLatencyMs = 1_000;

const changing: readonly CallKind[] = ['create', 'write', 'link', 'unlink'];
const needsRoom: readonly CallKind[] = ['create', 'write', 'link'];

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

/** @returns undefined where the weather lets the call through */
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
