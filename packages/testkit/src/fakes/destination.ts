import type { Content } from './source.ts';

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

interface Stored {
  content: Content;
  /** Created by Sluice. Sluice must not touch any other file. */
  readonly isOurs: boolean;
  readonly inode: string;
}

/** An open file: it stays the same file whatever happens to its name. */
export interface FakeOpenFile {
  readonly inode: string;
  content(): Content;
  /** @returns false if there is no room; what fits was written */
  write(content: Content): boolean;
}

/** A destination folder in memory, with weather. */
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
  /** Null: the storage does not say. */
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
  setMarker(marker: string | null): void;
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
  /** Returns names and contents of files that Sluice did not create. */
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
  readonly #files = new Map<string, Stored>();
  readonly #refused = new Map<string, string>();
  #weather: Weather = 'good';
  #latencyMs = 0;
  #capacity: number | null = null;
  #areLinksRefused = false;
  #isDirectRefused = false;
  #createRefusal: string | null = null;
  #marker: string | null = null;
  /** The next call of this kind hangs. */
  #hanging: CallKind | null = null;
  #silentCalls: (() => void)[] = [];
  #hungCalls: (() => void)[] = [];
  #inodes = 0;

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
    return this.#capacity === null ? null : Math.max(0, this.#capacity - this.#usedBytes());
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
    return this.#marker;
  }

  setMarker(marker: string | null): void {
    this.#marker = marker;
  }

  takeAway(name: string): void {
    if (this.isOurs(name)) this.#files.delete(name);
  }

  putForeign(name: string, content: Content): void {
    this.#files.set(name, { content, isOurs: false, inode: `f${this.#inodes++}` });
  }

  has(name: string): boolean {
    return this.#files.has(name);
  }

  content(name: string): Content | null {
    return this.#files.get(name)?.content ?? null;
  }

  inode(name: string): string | null {
    return this.#files.get(name)?.inode ?? null;
  }

  isOurs(name: string): boolean {
    return this.#files.get(name)?.isOurs === true;
  }

  createExclusive(name: string): FakeOpenFile | null {
    if (this.#files.has(name)) return null;
    const file: Stored = { content: { sizeBytes: 0, stamp: '' }, isOurs: true, inode: `i${this.#inodes++}` };
    this.#files.set(name, file);
    return { inode: file.inode, content: () => file.content, write: (content) => this.#write(file, name, content) };
  }

  link(from: string, to: string): boolean {
    const file = this.#files.get(from);
    if (file === undefined || this.#files.has(to)) return false;
    this.#files.set(to, file);
    return true;
  }

  rename(from: string, to: string): boolean {
    const file = this.#files.get(from);
    if (file === undefined) return false;
    const replaced = this.#files.get(to);
    if (replaced === file) return true;
    if (replaced?.isOurs === false) this.sins.push(`2: renamed over ${to}, which is not ours`);
    else if (replaced !== undefined && replaced.content.sizeBytes > 0) this.sins.push(`2: renamed over ${to}, which holds something`);
    this.#files.delete(from);
    this.#files.set(to, file);
    return true;
  }

  unlink(name: string): boolean {
    if (this.#files.get(name)?.isOurs === false) this.sins.push(`2: removed ${name}, which is not ours`);
    return this.#files.delete(name);
  }

  names(): string[] {
    return [...this.#files.keys()].sort();
  }

  foreign(): string[] {
    return [...this.#files].filter(([, file]) => !file.isOurs).map(([name, file]) => `${name} ${file.inode} ${file.content.stamp}`);
  }

  #write(file: Stored, name: string, content: Content): boolean {
    if (!file.isOurs) this.sins.push(`2: wrote into ${name}, which is not ours`);
    const room = this.#capacity === null ? Number.POSITIVE_INFINITY : this.#capacity - this.#usedBytes() + file.content.sizeBytes;
    const sizeBytes = Math.max(0, Math.min(content.sizeBytes, room));
    const isWhole = sizeBytes === content.sizeBytes;
    file.content = isWhole ? content : { sizeBytes, stamp: `${content.stamp}:partial` };
    return isWhole;
  }

  /** The bytes of a file with two names count once. */
  #usedBytes(): number {
    const seen = new Map([...this.#files.values()].map((file) => [file.inode, file.content.sizeBytes]));
    return [...seen.values()].reduce((sum, bytes) => sum + bytes, 0);
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
