import type { Content } from './fake-source.ts';

/** How the simulated storage behaves. `down`: errors at once; `silent`: no answer until it is over. */
export type Weather = 'good' | 'down' | 'silent' | 'full' | 'read_only' | 'wrong_disk';

interface Stored {
  content: Content;
  /** Made by Sluice; what is not may never be touched. */
  readonly isOurs: boolean;
  readonly inode: string;
}

/** A destination folder in memory, with weather. */
export interface FakeDestination {
  weather(): Weather;
  setWeather(weather: Weather): void;
  /** Calls that were sent into silence run when it is over. */
  whenAnswering(work: () => void): void;
  putForeign(name: string, content: Content): void;
  has(name: string): boolean;
  content(name: string): Content | null;
  inode(name: string): string | null;
  /** @returns false where the name is taken */
  createExclusive(name: string): boolean;
  write(name: string, content: Content): void;
  /** @returns false where the name is taken */
  link(from: string, to: string): boolean;
  unlink(name: string): void;
  names(): string[];
  /** Things that must never happen, as they happened. */
  readonly sins: string[];
}

export function createFakeDestination(): FakeDestination {
  const files = new Map<string, Stored>();
  const waiting: (() => void)[] = [];
  const sins: string[] = [];
  let weather: Weather = 'good';
  let inodes = 0;
  return {
    sins,
    weather: () => weather,
    setWeather(next) {
      weather = next;
      if (next === 'silent') return;
      for (const work of waiting.splice(0)) work();
    },
    whenAnswering: (work) => void waiting.push(work),
    putForeign: (name, content) => void files.set(name, { content, isOurs: false, inode: `f${inodes++}` }),
    has: (name) => files.has(name),
    content: (name) => files.get(name)?.content ?? null,
    inode: (name) => files.get(name)?.inode ?? null,
    createExclusive(name) {
      if (files.has(name)) return false;
      files.set(name, { content: { sizeBytes: 0, stamp: '' }, isOurs: true, inode: `i${inodes++}` });
      return true;
    },
    write(name, content) {
      const file = files.get(name);
      if (file === undefined) return;
      if (!file.isOurs) sins.push(`wrote into ${name}, which is not ours`);
      file.content = content;
    },
    link(from, to) {
      const file = files.get(from);
      if (file === undefined || files.has(to)) return false;
      files.set(to, file);
      return true;
    },
    unlink(name) {
      if (files.get(name)?.isOurs === false) sins.push(`removed ${name}, which is not ours`);
      files.delete(name);
    },
    names: () => [...files.keys()].sort(),
  };
}
