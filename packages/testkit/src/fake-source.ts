import type { Fingerprint, SourceEntry } from '@sluice/core';

/** Content without bytes: two contents are the same where size and stamp are. */
export interface Content {
  readonly sizeBytes: number;
  readonly stamp: string;
}

interface Recording {
  readonly bytesPerMs: number;
  readonly startedAt: number;
  readonly endsAt: number;
}

interface Kept {
  readonly base: Content;
  readonly mtimeMs: number;
  readonly recording: Recording | null;
}

/** A source folder in simulated time: files appear, grow, are closed with a rewritten header, and go. */
export interface FakeSource {
  put(path: string, sizeBytes: number, stamp?: string): void;
  /** Grows from now on, for a while, at a steady rate; its header is rewritten at the end. */
  record(path: string, bytesPerMs: number, durationMs: number): void;
  remove(path: string): void;
  content(path: string): Content | null;
  fingerprint(path: string): Fingerprint | null;
  entries(): SourceEntry[];
  paths(): string[];
  isRecording(path: string): boolean;
}

export function createFakeSource(now: () => number): FakeSource {
  const files = new Map<string, Kept>();
  let stamps = 0;

  const stateOf = (kept: Kept): { content: Content; mtimeMs: number } => {
    const { base, recording } = kept;
    if (recording === null) return { content: base, mtimeMs: kept.mtimeMs };
    const upTo = Math.min(now(), recording.endsAt);
    const sizeBytes = Math.floor((upTo - recording.startedAt) * recording.bytesPerMs);
    const isClosed = now() >= recording.endsAt;
    return { content: { sizeBytes, stamp: base.stamp + (isClosed ? ':closed' : ':open') }, mtimeMs: upTo };
  };

  const entry = (path: string, kept: Kept): SourceEntry => {
    const { content, mtimeMs } = stateOf(kept);
    const fingerprint = { sizeBytes: content.sizeBytes, mtimeNs: `${Math.round(mtimeMs * 1_000_000)}` };
    return { path, nameValid: true, fingerprint, mode: 0o644, mayGrow: true };
  };

  return {
    put(path, sizeBytes, stamp = `s${stamps++}`) {
      files.set(path, { base: { sizeBytes, stamp }, mtimeMs: now(), recording: null });
    },
    record(path, bytesPerMs, durationMs) {
      const recording = { bytesPerMs, startedAt: now(), endsAt: now() + durationMs };
      files.set(path, { base: { sizeBytes: 0, stamp: `r${stamps++}` }, mtimeMs: now(), recording });
    },
    remove: (path) => void files.delete(path),
    content: (path) => {
      const kept = files.get(path);
      return kept === undefined ? null : stateOf(kept).content;
    },
    fingerprint: (path) => {
      const kept = files.get(path);
      return kept === undefined ? null : entry(path, kept).fingerprint;
    },
    entries: () => [...files].map(([path, kept]) => entry(path, kept)).filter((seen) => seen.fingerprint.sizeBytes > 0),
    paths: () => [...files.keys()],
    isRecording: (path) => {
      const recording = files.get(path)?.recording;
      return recording !== undefined && recording !== null && now() < recording.endsAt;
    },
  };
}
