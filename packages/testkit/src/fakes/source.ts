import type { Fingerprint, SourceEntry } from '@sluice/core/model';
import type { Alteration, AsideFile, Content, OpenSource, RemovableSource, SourceWeather } from './source-calls.ts';

interface Recording {
  readonly bytesPerMs: number;
  readonly startedAt: number;
  readonly endsAt: number;
}

/** A file. All its names lead to this object. */
interface Kept {
  readonly inode: string;
  base: Content;
  mtimeMs: number;
  /** When its bytes, its times or its names were last changed. */
  changedMs: number;
  recording: Recording | null;
}

/** @param isLate the call had hung */
type DiscardListener = (name: string, content: Content, isLate: boolean) => void;

/** A source folder in simulated time: files appear, grow, are closed with a rewritten header, and are removed. */
export interface FakeSource extends RemovableSource {
  /** Creates a file, or replaces one. */
  put(path: string, sizeBytes: number, stamp?: string): void;
  /** Changes the bytes of a file in place. */
  rewrite(path: string, sizeBytes: number): void;
  /** Changes the modification time of a file, but not its bytes. */
  touch(path: string): void;
  /** Makes a file grow for a while, at a steady rate. Its header is rewritten at the end. */
  record(path: string, bytesPerMs: number, durationMs: number): void;
  remove(path: string): void;
  /** Gives a file another path, and replaces a file that has it. */
  rename(from: string, to: string): void;
  /** Hides a folder with everything in it, as if it were moved away. */
  hide(folder: string): void;
  /** Shows it again, unchanged. Files that were put at its paths meanwhile stay instead. */
  show(folder: string): void;
  /** Creates a file whose name is not valid UTF-8, as the listing shows it. */
  putInvalid(path: string, sizeBytes: number): void;
  /** Makes reads of a file fail with this code. Null: no longer. `EBUSY`: its writer denies access. */
  refuse(path: string, code: string | null): void;
  setWeather(weather: SourceWeather): void;
  /** Makes the next call that alters something hang, and no other. @param only which call; null: any */
  hangNext(only?: Alteration | null): void;
  /** Carries out the calls that hang. */
  letGo(): void;
  /** Changes the bytes of a hidden file, as a program that has it open. */
  rewriteAside(name: string, sizeBytes: number): void;
  /** Calls `listener` with each hidden file before it is removed or replaced. */
  onDiscard(listener: DiscardListener): void;
  /** Calls `listener` with every name that was touched, as a watch would. */
  onChange(listener: (path: string) => void): void;
}

/** Returns an empty source in good weather. */
export function createFakeSource(now: () => number): FakeSource {
  return new SimulatedSource(now);
}

class SimulatedSource implements FakeSource {
  readonly #now: () => number;
  readonly #files = new Map<string, Kept>();
  /** Files in hidden folders. */
  readonly #hidden = new Map<string, Kept>();
  readonly #last = new Map<string, Content>();
  readonly #invalid = new Set<string>();
  readonly #refused = new Map<string, string>();
  readonly #listeners: ((path: string) => void)[] = [];
  readonly #aside = new Map<string, Kept>();
  readonly #discardListeners: DiscardListener[] = [];
  #weather: SourceWeather = 'good';
  /** Calls that were made during a silence. */
  #silent: (() => void)[] = [];
  /** The next call of these kinds hangs. */
  #hanging: readonly Alteration[] = [];
  /** Calls that had hung are being carried out. */
  #isLate = false;
  /** Calls that hang. */
  #hung: (() => void)[] = [];
  /** The last number of an inode or stamp. */
  #made = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  put(path: string, sizeBytes: number, stamp = `s${this.#made}`): void {
    this.#create(path, { sizeBytes, stamp }, null);
  }

  rewrite(path: string, sizeBytes: number): void {
    const kept = this.#files.get(path);
    if (kept !== undefined) this.#rewritten(kept, sizeBytes);
  }

  touch(path: string): void {
    const kept = this.#files.get(path);
    if (kept === undefined || kept.recording !== null) return;
    kept.mtimeMs = this.#now();
    this.#altered(kept);
  }

  record(path: string, bytesPerMs: number, durationMs: number): void {
    const startedAt = this.#now();
    this.#create(path, { sizeBytes: 0, stamp: `r${this.#made}` }, { bytesPerMs, startedAt, endsAt: startedAt + durationMs });
  }

  remove(path: string): void {
    const content = this.content(path);
    if (content !== null) this.#last.set(path, content);
    this.#files.delete(path);
    this.#changed(path);
  }

  rename(from: string, to: string): void {
    const kept = this.#files.get(from);
    if (kept === undefined || from === to) return;
    this.remove(from);
    this.#keep(to, kept);
    this.#altered(kept);
  }

  hide(folder: string): void {
    for (const [path, kept] of this.#files) {
      if (!path.startsWith(`${folder}/`)) continue;
      this.#hidden.set(path, kept);
      this.remove(path);
    }
  }

  show(folder: string): void {
    for (const [path, kept] of this.#hidden) {
      if (!path.startsWith(`${folder}/`)) continue;
      this.#hidden.delete(path);
      if (!this.#files.has(path)) this.#keep(path, kept);
    }
  }

  putInvalid(path: string, sizeBytes: number): void {
    this.#invalid.add(path);
    this.#create(path, { sizeBytes, stamp: `s${this.#made}` }, null);
  }

  refuse(path: string, code: string | null): void {
    if (code === null) this.#refused.delete(path);
    else this.#refused.set(path, code);
  }

  setWeather(next: SourceWeather): void {
    this.#weather = next;
    if (next === 'silent') return;
    const works = this.#silent;
    this.#silent = [];
    this.#carryOutLate(works);
  }

  onChange(listener: (path: string) => void): void {
    this.#listeners.push(listener);
  }

  onDiscard(listener: DiscardListener): void {
    this.#discardListeners.push(listener);
  }

  rewriteAside(name: string, sizeBytes: number): void {
    const kept = this.#aside.get(name);
    if (kept !== undefined) this.#rewritten(kept, sizeBytes);
  }

  asides(): string[] {
    return [...this.#aside.keys()];
  }

  present(path: string): AsideFile | null {
    return this.#factsOf(this.#files.get(path));
  }

  aside(name: string): AsideFile | null {
    return this.#factsOf(this.#aside.get(name));
  }

  putAside(path: string, as: string): string | null {
    const kept = this.#files.get(path);
    if (kept === undefined) return 'ENOENT';
    this.discard(as);
    this.remove(path);
    this.#aside.set(as, kept);
    this.#altered(kept);
    return null;
  }

  linkAside(path: string, as: string): string | null {
    const kept = this.#files.get(path);
    if (kept === undefined) return 'ENOENT';
    if (this.#aside.has(as)) return 'EEXIST';
    this.#aside.set(as, kept);
    this.#altered(kept);
    return null;
  }

  linkBack(name: string, path: string): string | null {
    const kept = this.#aside.get(name);
    if (kept === undefined) return 'ENOENT';
    if (this.#files.has(path)) return 'EEXIST';
    this.#keep(path, kept);
    this.#altered(kept);
    return null;
  }

  discard(name: string): string | null {
    const kept = this.#aside.get(name);
    if (kept === undefined) return 'ENOENT';
    this.endLink(name);
    const hasOtherName = [...this.#files.values(), ...this.#aside.values()].includes(kept);
    if (!hasOtherName) for (const listener of this.#discardListeners) listener(name, this.#stateOf(kept).content, this.#isLate);
    return null;
  }

  endLink(name: string): string | null {
    const kept = this.#aside.get(name);
    if (kept === undefined) return 'ENOENT';
    this.#aside.delete(name);
    this.#altered(kept);
    return null;
  }

  hangNext(only: Alteration | null = null): void {
    this.#hanging = only === null ? ['rename', 'link', 'unlink'] : [only];
  }

  letGo(): void {
    this.#hanging = [];
    const works = this.#hung;
    this.#hung = [];
    this.#carryOutLate(works);
  }

  isNextHung(call: Alteration): boolean {
    const isHung = this.#hanging.includes(call);
    if (isHung) this.#hanging = [];
    return isHung;
  }

  whenLetGo(work: () => void): void {
    this.#hung.push(work);
  }

  weather(): SourceWeather {
    return this.#weather;
  }

  whenAnswering(work: () => void): void {
    this.#silent.push(work);
  }

  trouble(path: string): string | null {
    if (this.#weather === 'missing' || this.#weather === 'unreadable') return 'EIO';
    return this.#refused.get(path) ?? null;
  }

  open(path: string): OpenSource | null {
    const opened = this.#reachable(path);
    if (opened === undefined) return null;
    // A replaced or removed file can still be read through this descriptor.
    return {
      inode: opened.inode,
      content: () => this.#stateOf(opened).content,
      fingerprint: () => this.#fingerprintOf(opened),
    };
  }

  inode(path: string): string | null {
    return this.#reachable(path)?.inode ?? null;
  }

  content(path: string): Content | null {
    const kept = this.#files.get(path);
    return kept === undefined ? null : this.#stateOf(kept).content;
  }

  fingerprint(path: string): Fingerprint | null {
    const kept = this.#files.get(path);
    return kept === undefined ? null : this.#fingerprintOf(kept);
  }

  entries(): SourceEntry[] {
    return [...this.#files].map(([path, kept]) => this.#entryOf(path, kept)).filter((entry) => entry.fingerprint.sizeBytes > 0);
  }

  lastContent(path: string): Content | null {
    return this.content(path) ?? this.#last.get(path) ?? null;
  }

  paths(): string[] {
    return [...this.#files.keys()];
  }

  isRecording(path: string): boolean {
    const recording = this.#files.get(path)?.recording;
    return recording !== undefined && recording !== null && this.#now() < recording.endsAt;
  }

  #carryOutLate(works: readonly (() => void)[]): void {
    this.#isLate = true;
    try {
      for (const work of works) work();
    } finally {
      this.#isLate = false;
    }
  }

  #factsOf(kept: Kept | undefined): AsideFile | null {
    if (kept === undefined) return null;
    const changedMs = this.#changedMsOf(kept);
    const changeNs = decimalOf(`${this.#stateOf(kept).content.stamp} ${changedMs}`);
    return { inode: kept.inode, fingerprint: this.#fingerprintOf(kept), changedMs, changeNs };
  }

  #reachable(path: string): Kept | undefined {
    return this.#weather === 'good' ? this.#files.get(path) : undefined;
  }

  #create(path: string, base: Content, recording: Recording | null): void {
    const now = this.#now();
    this.#keep(path, { inode: `s${this.#made++}`, base, mtimeMs: now, changedMs: now, recording });
  }

  #rewritten(kept: Kept, sizeBytes: number): void {
    kept.base = { sizeBytes, stamp: `w${this.#made++}` };
    kept.mtimeMs = this.#now();
    kept.recording = null;
    this.#altered(kept);
  }

  /** Sets the change time, and reports every path of the file as a watch would. */
  #altered(kept: Kept): void {
    kept.changedMs = this.#now();
    for (const [path, each] of this.#files) if (each === kept) this.#changed(path);
  }

  #changedMsOf(kept: Kept): number {
    return Math.floor(Math.max(kept.changedMs, this.#stateOf(kept).mtimeMs));
  }

  #keep(path: string, kept: Kept): void {
    this.#files.set(path, kept);
    this.#changed(path);
  }

  #changed(path: string): void {
    for (const listener of this.#listeners) listener(path);
  }

  #stateOf({ base, recording, mtimeMs }: Kept): { content: Content; mtimeMs: number } {
    if (recording === null) return { content: base, mtimeMs };
    const now = this.#now();
    const upTo = Math.min(now, recording.endsAt);
    const sizeBytes = Math.floor((upTo - recording.startedAt) * recording.bytesPerMs);
    const isClosed = now >= recording.endsAt;
    return { content: { sizeBytes, stamp: base.stamp + (isClosed ? ':closed' : ':open') }, mtimeMs: upTo };
  }

  #fingerprintOf(kept: Kept): Fingerprint {
    const { content, mtimeMs } = this.#stateOf(kept);
    return { sizeBytes: content.sizeBytes, mtimeNs: `${Math.round(mtimeMs * 1_000_000)}` };
  }

  #entryOf(path: string, kept: Kept): SourceEntry {
    const identity = { device: '1', inode: kept.inode };
    return {
      path,
      nameValid: !this.#invalid.has(path),
      fingerprint: this.#fingerprintOf(kept),
      identity,
      changedMs: this.#changedMsOf(kept),
      mode: 0o644,
      mayGrow: true,
    };
  }
}

/** Returns a number for a text, another one for another text. */
function decimalOf(text: string): string {
  return [...new TextEncoder().encode(text)].reduce((number, byte) => number * 256n + BigInt(byte), 1n).toString();
}
