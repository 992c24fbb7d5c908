import { randomUUID } from 'node:crypto';
import type { FileEvent, JournalRecord } from '@sluice/core';
import { copyId, type FileOf, fileId, type TrackedFile } from '@sluice/core/model';
import { ingest } from '../../../packages/core/test/support/settings.ts';

const epoch = 1_790_000_000_000;
const hash = { algorithm: 'xxh64', value: '0123456789abcdef' } as const;

/** A record without its number. */
export type Unnumbered =
  | Omit<Extract<JournalRecord, { kind: 'transition' }>, 'seq'>
  | Omit<Extract<JournalRecord, { kind: 'file_fact' }>, 'seq'>;

/** Returns the source path of a file with this number, a hundred in a folder. */
export function nameOf(number: number): string {
  return `day${Math.floor(number / 100)}/clip_${String(number).padStart(7, '0')}.mxf`;
}

/** Returns what core records about a file until it may be copied. */
export function waitingSteps(number: number): { readonly file: FileOf<'READY'>; readonly records: readonly Unnumbered[] } {
  const [source, at, seen] = [nameOf(number), epoch + number, 12_345.678 + number];
  const common = {
    id: fileId(randomUUID()),
    route: ingest,
    source,
    destination: source,
    nameValid: true,
    nameNumber: 0,
    nameReason: null,
    fingerprint: { sizeBytes: 16_384 + number, mtimeNs: String(BigInt(at) * 1_000_000n + 123_456n) },
    mode: 0o644,
    mayGrow: false,
    attempt: 1,
    countedAttempts: 0,
    recoveryOf: null,
    recoveredBy: null,
    burned: [],
    leftParts: [],
    leftVisible: [],
    toMark: [],
    discoveredAt: at,
    startedAt: null,
    endedAt: null,
    sourceGone: false,
  };
  const growth = { since: seen, movedAt: seen, roseFrom: null, roseTimes: 0, roseAt: seen };
  const found: TrackedFile = { ...common, status: 'DISCOVERED', growth };
  const file: FileOf<'READY'> = {
    ...common,
    status: 'READY',
    growing: false,
    networkTries: 0,
    movedAt: seen + 9_000,
    hold: null,
    retryAt: null,
  };
  return { file, records: [step(found, null, { kind: 'found' }), step(file, 'DISCOVERED', { kind: 'settled' })] };
}

/** Returns what core records about a small file that is copied, verified and published. */
export function finishingSteps(ready: FileOf<'READY'>): readonly Unnumbered[] {
  const { movedAt, hold: _h, retryAt: _r, networkTries, status: _s, growing: _g, ...common } = ready;
  const { source, fingerprint } = common;
  const part = `${source}.${common.id.slice(0, 8)}.part`;
  const started = { ...common, startedAt: epoch + 20_000 };
  const running = { copyId: copyId(randomUUID()), part, expected: fingerprint, bytesPerSecond: 0, suspicion: null, aliveAt: movedAt + 50 };
  const queued: TrackedFile = { ...common, status: 'IN_QUEUE', growing: false, networkTries, copyId: null };
  const copying: FileOf<'COPYING'> = {
    ...started,
    ...running,
    status: 'COPYING',
    begun: false,
    copiedBytes: 0,
    growing: false,
    comparing: false,
  };
  const created: TrackedFile = { ...copying, begun: true, isCreated: true };
  const { comparing: _c, ...kept } = copying;
  const verifying: FileOf<'VERIFYING'> = {
    ...kept,
    begun: true,
    isCreated: true,
    copiedBytes: fingerprint.sizeBytes,
    status: 'VERIFYING',
    hash,
    readback: null,
    phaseDone: null,
    publishing: { step: 'none' },
    freshSince: null,
    isReadFresh: false,
  };
  const publishing: TrackedFile = { ...verifying, readback: 'direct', publishing: { step: 'link' } };
  const ended = { copied: true, afterCopy: 'none', notes: [], endedAt: epoch + 30_000 + fingerprint.sizeBytes } as const;
  const completed: TrackedFile = { ...started, ...ended, status: 'COMPLETED', growing: false, hash, readback: 'direct' };
  return [
    step(queued, 'READY', { kind: 'queued' }),
    step(copying, 'IN_QUEUE', { kind: 'copy_begins', part, compare: false }),
    fact(created, { kind: 'created', part, identity: { device: '65025', inode: '1234567' } }),
    step(verifying, 'COPYING', { kind: 'copied', hash: hash.value, bytes: fingerprint.sizeBytes }),
    fact(publishing, { kind: 'publish', as: source, readback: 'direct' }),
    step(completed, 'VERIFYING', { kind: 'published', as: source, notes: [] }),
  ];
}

function step(file: TrackedFile, from: TrackedFile['status'] | null, event: FileEvent): Unnumbered {
  return { kind: 'transition', at: epoch, event, from, to: file.status, file };
}

function fact(file: TrackedFile, event: FileEvent): Unnumbered {
  return { kind: 'file_fact', at: epoch, event, file };
}
