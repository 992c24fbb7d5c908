import type { Content } from './source.ts';

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

interface DiskFacts {
  readonly number: number;
  readonly mountId: number;
  readonly marker: string | null;
  /** Where things are added that must never happen, as they happen. */
  readonly sins: string[];
}

/** What can be mounted at the path of a destination: the files, and the marker in their root. */
export class FakeDisk {
  /** As the system numbers it. The next disk at its path may get the same number. */
  readonly mountId: number;
  #marker: string | null;
  #onMade: (name: string) => void = () => {};
  readonly #sins: string[];
  readonly #files = new Map<string, Stored>();
  /** Tells the disks of a destination apart: no two of their files have one inode. */
  readonly #number: number;
  #inodes = 0;

  constructor({ number, mountId, marker, sins }: DiskFacts) {
    this.#number = number;
    this.mountId = mountId;
    this.#marker = marker;
    this.#sins = sins;
  }

  /** Null: there is none. */
  get marker(): string | null {
    return this.#marker;
  }

  /** Somebody gives it another one, or removes it. */
  set marker(marker: string | null) {
    this.#marker = marker;
  }

  /** Sluice leaves one. */
  leaveMarker(marker: string): void {
    this.#onMade('the marker');
    this.#marker = marker;
  }

  /** Calls `told` with every name that Sluice makes on it, before it is made. */
  onMade(told: (name: string) => void): void {
    this.#onMade = told;
  }

  /** All files are gone. What is open lives on without a name. */
  empty(): void {
    this.#files.clear();
  }

  /** Somebody removes one of our copies. */
  takeAway(name: string): void {
    if (this.isOurs(name)) this.#files.delete(name);
  }

  putForeign(name: string, content: Content): void {
    this.#files.set(name, { content, isOurs: false, inode: this.#newInode('f') });
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

  /** @param roomFor how many bytes fit, given how many the file has. @returns null where the name is taken */
  createExclusive(name: string, roomFor: (heldBytes: number) => number): FakeOpenFile | null {
    if (this.#files.has(name)) return null;
    this.#onMade(name);
    const file: Stored = { content: { sizeBytes: 0, stamp: '' }, isOurs: true, inode: this.#newInode('i') };
    this.#files.set(name, file);
    return { inode: file.inode, content: () => file.content, write: (content) => write(file, content, roomFor) };
  }

  /** @returns false where the name is taken */
  link(from: string, to: string): boolean {
    const file = this.#files.get(from);
    if (file === undefined || this.#files.has(to)) return false;
    this.#onMade(to);
    this.#files.set(to, file);
    return true;
  }

  /** Replaces what has the name; of two names of one file it changes neither. @returns false where there is none */
  rename(from: string, to: string): boolean {
    const file = this.#files.get(from);
    if (file === undefined) return false;
    this.#onMade(to);
    const replaced = this.#files.get(to);
    if (replaced === file) return true;
    if (replaced?.isOurs === false) this.#sins.push(`2: renamed over ${to}, which is not ours`);
    else if (replaced !== undefined && replaced.content.sizeBytes > 0) this.#sins.push(`2: renamed over ${to}, which holds something`);
    this.#files.delete(from);
    this.#files.set(to, file);
    return true;
  }

  /** @returns false where there is none */
  unlink(name: string): boolean {
    if (this.#files.get(name)?.isOurs === false) this.#sins.push(`2: removed ${name}, which is not ours`);
    return this.#files.delete(name);
  }

  names(): string[] {
    return [...this.#files.keys()].sort();
  }

  /** Names and contents of what Sluice did not make. */
  foreign(): string[] {
    return [...this.#files].filter(([, file]) => !file.isOurs).map(([name, file]) => `${name} ${file.inode} ${file.content.stamp}`);
  }

  /** Two names of one file take its bytes once. */
  usedBytes(): number {
    const seen = new Map([...this.#files.values()].map((file) => [file.inode, file.content.sizeBytes]));
    return [...seen.values()].reduce((sum, bytes) => sum + bytes, 0);
  }

  #newInode(kind: 'f' | 'i'): string {
    this.#inodes += 1;
    return `${kind}${this.#number}-${this.#inodes}`;
  }
}

function write(file: Stored, content: Content, roomFor: (heldBytes: number) => number): boolean {
  const sizeBytes = Math.max(0, Math.min(content.sizeBytes, roomFor(file.content.sizeBytes)));
  const isWhole = sizeBytes === content.sizeBytes;
  file.content = isWhole ? content : { sizeBytes, stamp: `${content.stamp}:partial` };
  return isWhole;
}
