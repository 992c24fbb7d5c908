import type { Content } from './source.ts';

/** How the simulated storage behaves. `down`: errors at once; `silent`: no answer until it is over. */
export type Weather = 'good' | 'down' | 'silent' | 'full' | 'read_only' | 'wrong_disk';

/** What a call wants of the storage. */
export type CallKind = 'look' | 'read' | 'create' | 'write' | 'link' | 'unlink';

/** What storage says to a call; `silent`: it comes back when the weather changes, `hangs`: when it is let go. */
export type Answer =
  | { readonly kind: 'done'; readonly afterMs: number }
  | { readonly kind: 'fails'; readonly code: string }
  | { readonly kind: 'silent' }
  | { readonly kind: 'hangs' };

interface Stored {
  content: Content;
  /** Made by Sluice; what is not may never be touched. */
  readonly isOurs: boolean;
  readonly inode: string;
}

/** An open file: it stays the same one whatever its name comes to. */
export interface FakeOpenFile {
  readonly inode: string;
  content(): Content;
  /** @returns false where there is no room: what fits was written. */
  write(content: Content): boolean;
}

/** A destination folder in memory, with weather. */
export interface FakeDestination {
  weather(): Weather;
  setWeather(weather: Weather): void;
  /** Every answer takes so long; the storage is under load. */
  setLatency(ms: number): void;
  latencyMs(): number;
  /** What fits on it, in bytes; null: anything. */
  setCapacity(bytes: number | null): void;
  /** Null: the storage does not say. */
  freeBytes(): number | null;
  /** Every call that would make or change this name, or its part, fails so; null: no longer. */
  refuse(name: string, code: string | null): void;
  /** The next call of this kind never comes back, while all others do. */
  hangNext(kind: CallKind): void;
  /** What hangs is answered after all. */
  letGo(): void;
  /** Hard links are not to be had; names have to be claimed. */
  setLinks(areRefused: boolean): void;
  linksRefused(): boolean;
  /** Reading past the page cache is not to be had. */
  setDirect(isRefused: boolean): void;
  directRefused(): boolean;
  /** What a call made now is answered. A call that hangs is noted as such by this. */
  answer(kind: CallKind, name: string): Answer;
  /** Calls that were sent into silence run when it is over. */
  whenAnswering(work: () => void): void;
  whenLetGo(work: () => void): void;
  putForeign(name: string, content: Content): void;
  has(name: string): boolean;
  content(name: string): Content | null;
  inode(name: string): string | null;
  isOurs(name: string): boolean;
  /** @returns null where the name is taken */
  createExclusive(name: string): FakeOpenFile | null;
  /** @returns false where the name is taken */
  link(from: string, to: string): boolean;
  /** Replaces what bears the name; of two names of one file it changes neither. @returns false where there is none */
  rename(from: string, to: string): boolean;
  /** @returns false where there is none */
  unlink(name: string): boolean;
  names(): string[];
  /** Names and contents of what Sluice did not make. */
  foreign(): string[];
  /** Things that must never happen, as they happened. */
  readonly sins: string[];
}

const changing: readonly CallKind[] = ['create', 'write', 'link', 'unlink'];
const needsRoom: readonly CallKind[] = ['create', 'write', 'link'];

export function createFakeDestination(): FakeDestination {
  const files = new Map<string, Stored>();
  const refused = new Map<string, string>();
  let silent: (() => void)[] = [];
  let hung: (() => void)[] = [];
  let hanging: CallKind | null = null;
  const sins: string[] = [];
  let weather: Weather = 'good';
  let latencyMs = 0;
  let capacity: number | null = null;
  let areLinksRefused = false;
  let isDirectRefused = false;
  let inodes = 0;

  const usedBytes = (): number => {
    const seen = new Map([...files.values()].map((file) => [file.inode, file.content.sizeBytes]));
    return [...seen.values()].reduce((sum, bytes) => sum + bytes, 0);
  };
  const freeBytes = (): number | null => (weather === 'full' ? 0 : capacity === null ? null : Math.max(0, capacity - usedBytes()));

  const refusalOf = (name: string): string | undefined => {
    for (const [path, code] of refused) if (name === path || isPartOf(name, path)) return code;
    return undefined;
  };

  const open = (file: Stored, name: string): FakeOpenFile => ({
    inode: file.inode,
    content: () => file.content,
    write(content) {
      if (!file.isOurs) sins.push(`2: wrote into ${name}, which is not ours`);
      const room = capacity === null ? Number.POSITIVE_INFINITY : capacity - usedBytes() + file.content.sizeBytes;
      const sizeBytes = Math.max(0, Math.min(content.sizeBytes, room));
      file.content = sizeBytes === content.sizeBytes ? content : { sizeBytes, stamp: `${content.stamp}:partial` };
      return sizeBytes === content.sizeBytes;
    },
  });

  return {
    sins,
    weather: () => weather,
    setWeather(next) {
      weather = next;
      if (next === 'silent') return;
      const works = silent;
      silent = [];
      for (const work of works) work();
    },
    setLatency: (ms) => void (latencyMs = ms),
    latencyMs: () => latencyMs,
    setCapacity: (bytes) => void (capacity = bytes),
    freeBytes,
    refuse: (name, code) => void (code === null ? refused.delete(name) : refused.set(name, code)),
    hangNext: (kind) => void (hanging = kind),
    letGo() {
      hanging = null;
      const works = hung;
      hung = [];
      for (const work of works) work();
    },
    setLinks: (areRefused) => void (areLinksRefused = areRefused),
    linksRefused: () => areLinksRefused,
    setDirect: (isRefused) => void (isDirectRefused = isRefused),
    directRefused: () => isDirectRefused,
    answer(kind, name) {
      if (weather === 'silent') return { kind: 'silent' };
      if (hanging === kind) {
        hanging = null;
        return { kind: 'hangs' };
      }
      const code = codeIn(weather, kind) ?? (changing.includes(kind) ? refusalOf(name) : undefined);
      return code === undefined ? { kind: 'done', afterMs: latencyMs } : { kind: 'fails', code };
    },
    whenAnswering: (work) => void silent.push(work),
    whenLetGo: (work) => void hung.push(work),
    putForeign: (name, content) => void files.set(name, { content, isOurs: false, inode: `f${inodes++}` }),
    has: (name) => files.has(name),
    content: (name) => files.get(name)?.content ?? null,
    inode: (name) => files.get(name)?.inode ?? null,
    isOurs: (name) => files.get(name)?.isOurs === true,
    createExclusive(name) {
      if (files.has(name)) return null;
      const file: Stored = { content: { sizeBytes: 0, stamp: '' }, isOurs: true, inode: `i${inodes++}` };
      files.set(name, file);
      return open(file, name);
    },
    link(from, to) {
      const file = files.get(from);
      if (file === undefined || files.has(to)) return false;
      files.set(to, file);
      return true;
    },
    rename(from, to) {
      const file = files.get(from);
      if (file === undefined) return false;
      const there = files.get(to);
      if (there === file) return true;
      if (there?.isOurs === false) sins.push(`2: renamed over ${to}, which is not ours`);
      else if (there !== undefined && there.content.sizeBytes > 0) sins.push(`2: renamed over ${to}, which holds something`);
      files.delete(from);
      files.set(to, file);
      return true;
    },
    unlink(name) {
      if (files.get(name)?.isOurs === false) sins.push(`2: removed ${name}, which is not ours`);
      return files.delete(name);
    },
    names: () => [...files.keys()].sort(),
    foreign: () => [...files].filter(([, file]) => !file.isOurs).map(([name, file]) => `${name} ${file.inode} ${file.content.stamp}`),
  };
}

/** @returns undefined where the weather lets the call through */
function codeIn(weather: Weather, kind: CallKind): string | undefined {
  if (weather === 'down') return 'EIO';
  if (weather === 'wrong_disk') return 'DIVERTED';
  if (weather === 'full' && needsRoom.includes(kind)) return 'ENOSPC';
  return weather === 'read_only' && changing.includes(kind) ? 'EROFS' : undefined;
}

/** `.<name>.<id8>.part` beside `path`. */
function isPartOf(name: string, path: string): boolean {
  const slash = path.lastIndexOf('/') + 1;
  return name.startsWith(`${path.slice(0, slash)}.${path.slice(slash)}.`) && name.endsWith('.part');
}
