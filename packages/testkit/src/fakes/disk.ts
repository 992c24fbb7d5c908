import type { Content } from './source-calls.ts';

interface Stored {
  content: Content;
  /** True if Sluice created it. Sluice must never change any other file. */
  readonly isOurs: boolean;
  readonly inode: string;
}

/** An open file. It remains the same file whatever happens to its name. */
export interface FakeOpenFile {
  readonly inode: string;
  content(): Content;
  /** @returns false if there is no room; the bytes that fit were written */
  write(content: Content): boolean;
}

interface DiskFacts {
  readonly number: number;
  readonly mountId: number;
  readonly marker: string | null;
  /** Receives forbidden events when they happen. */
  readonly sins: string[];
}

/** A disk that can be mounted at the path of a destination: its files, and the marker in its root. */
export class FakeDisk {
  /** The number of the mount. The next disk at the path may get the same number. */
  readonly mountId: number;
  #marker: string | null;
  #onMade: (name: string) => void = () => {};
  readonly #sins: string[];
  readonly #files = new Map<string, Stored>();
  /** Distinguishes the disks of a destination, so that no two of their files have the same inode. */
  readonly #number: number;
  #inodes = 0;

  constructor({ number, mountId, marker, sins }: DiskFacts) {
    this.#number = number;
    this.mountId = mountId;
    this.#marker = marker;
    this.#sins = sins;
  }

  /** Null: it has no marker. */
  get marker(): string | null {
    return this.#marker;
  }

  /** Sets another marker, or removes it, as another program would. */
  set marker(marker: string | null) {
    this.#marker = marker;
  }

  /** Writes a marker, as Sluice does. */
  leaveMarker(marker: string): void {
    this.#onMade('the marker');
    this.#marker = marker;
  }

  /** Calls `told` with every name that Sluice creates on the disk, before it is created. */
  onMade(told: (name: string) => void): void {
    this.#onMade = told;
  }

  /** Removes all files. Open files remain without a name. */
  empty(): void {
    this.#files.clear();
  }

  /** Removes one of Sluice's copies, as another program would. */
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

  /** @param roomFor returns how many bytes fit, given how many the file has @returns null if the name is taken */
  createExclusive(name: string, roomFor: (heldBytes: number) => number): FakeOpenFile | null {
    if (this.#files.has(name)) return null;
    this.#onMade(name);
    const file: Stored = { content: { sizeBytes: 0, stamp: '' }, isOurs: true, inode: this.#newInode('i') };
    this.#files.set(name, file);
    return { inode: file.inode, content: () => file.content, write: (content) => write(file, content, roomFor) };
  }

  /** @returns false if the name is taken */
  link(from: string, to: string): boolean {
    const file = this.#files.get(from);
    if (file === undefined || this.#files.has(to)) return false;
    this.#onMade(to);
    this.#files.set(to, file);
    return true;
  }

  /** Replaces the file with the new name. If both are names of one file, nothing changes. @returns false if `from` does not exist */
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

  /** @returns false if the name does not exist */
  unlink(name: string): boolean {
    if (this.#files.get(name)?.isOurs === false) this.#sins.push(`2: removed ${name}, which is not ours`);
    return this.#files.delete(name);
  }

  names(): string[] {
    return [...this.#files.keys()].sort();
  }

  /** Returns names and contents of files that Sluice did not create. */
  foreign(): string[] {
    return [...this.#files].filter(([, file]) => !file.isOurs).map(([name, file]) => `${name} ${file.inode} ${file.content.stamp}`);
  }

  /** Returns the used bytes. Two names of one file use its bytes once. */
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
