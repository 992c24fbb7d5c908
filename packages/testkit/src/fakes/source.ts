import type { Fingerprint, SourceEntry } from '@sluice/core';

/** Content without bytes: two contents are the same where size and stamp are. */
export interface Content {
  readonly sizeBytes: number;
  readonly stamp: string;
}

/** What asking for the source comes to. `empty`: it lists as empty, as a folder does whose disk is not mounted. */
export type SourceWeather = 'good' | 'missing' | 'empty' | 'unreadable' | 'silent';

interface Recording {
  readonly bytesPerMs: number;
  readonly startedAt: number;
  readonly endsAt: number;
}

interface Kept {
  readonly inode: string;
  readonly base: Content;
  readonly mtimeMs: number;
  readonly recording: Recording | null;
}

/** A source file held open: it can still be read after its name is gone. */
export interface OpenSource {
  readonly inode: string;
  content(): Content;
  fingerprint(): Fingerprint;
}

/** What a carrier and an intake may do: nothing here changes anything. */
export interface ReadableSource {
  /** @returns an errno name where it cannot be reached or read, else null */
  trouble(path: string): string | null;
  weather(): SourceWeather;
  whenAnswering(work: () => void): void;
  open(path: string): OpenSource | null;
  inode(path: string): string | null;
  content(path: string): Content | null;
  fingerprint(path: string): Fingerprint | null;
  /** Empty files are left out, as the rules do. */
  entries(): SourceEntry[];
  paths(): string[];
  isRecording(path: string): boolean;
}

/** A source folder in simulated time: files appear, grow, are closed with a rewritten header, and go. */
export interface FakeSource extends ReadableSource {
  /** A new file; one of this name is replaced by it. */
  put(path: string, sizeBytes: number, stamp?: string): void;
  /** Other bytes in the same file. */
  rewrite(path: string, sizeBytes: number): void;
  /** The same bytes with another time. */
  touch(path: string): void;
  /** Grows from now on, for a while, at a steady rate; its header is rewritten at the end. */
  record(path: string, bytesPerMs: number, durationMs: number): void;
  remove(path: string): void;
  /** Its name is not valid UTF-8, as the listing shows it. */
  putInvalid(path: string, sizeBytes: number): void;
  /** Reading it fails so; null: no longer. `EBUSY`: its writer denies it. */
  refuse(path: string, code: string | null): void;
  setWeather(weather: SourceWeather): void;
  /** Told of every name that was touched: what a watcher would say. */
  onChange(told: (path: string) => void): void;
}

export function createFakeSource(now: () => number): FakeSource {
  const files = new Map<string, Kept>();
  const invalid = new Set<string>();
  const refused = new Map<string, string>();
  let silent: (() => void)[] = [];
  const listeners: ((path: string) => void)[] = [];
  let weather: SourceWeather = 'good';
  let made = 0;

  const stateOf = ({ base, recording, mtimeMs }: Kept): { content: Content; mtimeMs: number } => {
    if (recording === null) return { content: base, mtimeMs };
    const upTo = Math.min(now(), recording.endsAt);
    const sizeBytes = Math.floor((upTo - recording.startedAt) * recording.bytesPerMs);
    const isClosed = now() >= recording.endsAt;
    return { content: { sizeBytes, stamp: base.stamp + (isClosed ? ':closed' : ':open') }, mtimeMs: upTo };
  };

  const fingerprintOf = (kept: Kept): Fingerprint => {
    const { content, mtimeMs } = stateOf(kept);
    return { sizeBytes: content.sizeBytes, mtimeNs: `${Math.round(mtimeMs * 1_000_000)}` };
  };

  const entry = (path: string, kept: Kept): SourceEntry => ({
    path,
    nameValid: !invalid.has(path),
    fingerprint: fingerprintOf(kept),
    mode: 0o644,
    mayGrow: true,
  });

  const reachable = (path: string): Kept | undefined => (weather === 'good' ? files.get(path) : undefined);

  const keep = (path: string, kept: Kept): void => {
    files.set(path, kept);
    for (const listener of listeners) listener(path);
  };

  const create = (path: string, base: Content, recording: Recording | null): void =>
    keep(path, { inode: `s${made++}`, base, mtimeMs: now(), recording });

  return {
    put: (path, sizeBytes, stamp = `s${made}`) => create(path, { sizeBytes, stamp }, null),
    rewrite(path, sizeBytes) {
      const kept = files.get(path);
      if (kept !== undefined) keep(path, { ...kept, base: { sizeBytes, stamp: `w${made++}` }, mtimeMs: now(), recording: null });
    },
    touch(path) {
      const kept = files.get(path);
      if (kept !== undefined && kept.recording === null) keep(path, { ...kept, mtimeMs: now() });
    },
    record(path, bytesPerMs, durationMs) {
      create(path, { sizeBytes: 0, stamp: `r${made}` }, { bytesPerMs, startedAt: now(), endsAt: now() + durationMs });
    },
    remove(path) {
      files.delete(path);
      for (const listener of listeners) listener(path);
    },
    putInvalid(path, sizeBytes) {
      invalid.add(path);
      create(path, { sizeBytes, stamp: `s${made}` }, null);
    },
    refuse: (path, code) => void (code === null ? refused.delete(path) : refused.set(path, code)),
    setWeather(next) {
      weather = next;
      if (next === 'silent') return;
      const works = silent;
      silent = [];
      for (const work of works) work();
    },
    weather: () => weather,
    whenAnswering: (work) => void silent.push(work),
    onChange: (told) => void listeners.push(told),
    trouble(path) {
      if (weather === 'missing' || weather === 'unreadable') return 'EIO';
      return refused.get(path) ?? null;
    },
    open(path) {
      const opened = reachable(path);
      if (opened === undefined) return null;
      // Written to in place it is the same file; replaced or removed, the old one lives on here.
      const current = (): Kept => {
        const there = files.get(path);
        return there?.inode === opened.inode ? there : opened;
      };
      return { inode: opened.inode, content: () => stateOf(current()).content, fingerprint: () => fingerprintOf(current()) };
    },
    inode: (path) => reachable(path)?.inode ?? null,
    content: (path) => {
      const kept = files.get(path);
      return kept === undefined ? null : stateOf(kept).content;
    },
    fingerprint: (path) => {
      const kept = files.get(path);
      return kept === undefined ? null : fingerprintOf(kept);
    },
    entries: () => [...files].map(([path, kept]) => entry(path, kept)).filter((seen) => seen.fingerprint.sizeBytes > 0),
    paths: () => [...files.keys()],
    isRecording: (path) => {
      const recording = files.get(path)?.recording;
      return recording !== undefined && recording !== null && now() < recording.endsAt;
    },
  };
}
