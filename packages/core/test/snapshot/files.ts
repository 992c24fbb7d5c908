import { copyId, fileId, type Status, type TrackedFile } from '../../src/mod.ts';
import { epoch, ingest } from '../gate/world.ts';

const hash = { algorithm: 'xxh64', value: '0123456789abcdef' } as const;
const id = fileId('11111111-1111-4111-8111-111111111111');

const common = {
  id,
  route: ingest,
  source: 'day1/clip.mxf',
  destination: 'day1/clip_1.mxf',
  nameNumber: 1,
  nameValid: true,
  nameReason: 'recovery',
  fingerprint: { sizeBytes: 1_000, mtimeNs: '1' },
  mode: 0o644,
  mayGrow: true,
  attempt: 2,
  countedAttempts: 1,
  recoveryOf: fileId('33333333-3333-4333-8333-333333333333'),
  recoveredBy: null,
  burned: [],
  leftParts: [],
  leftVisible: [],
  toMark: [],
  discoveredAt: epoch,
  startedAt: null,
  endedAt: null,
  sourceGone: false,
} as const;

const bound = { growing: false, networkTries: 0 } as const;
const growth = { movedAt: 0, roseFrom: null, roseTimes: 0, roseAt: 0 } as const;
const running = {
  startedAt: epoch + 1_000,
  copyId: copyId('22222222-2222-4222-8222-222222222222'),
  part: null,
  begun: true,
  expected: { sizeBytes: 1_000, mtimeNs: '1' },
  copiedBytes: 452,
  bytesPerSecond: 77,
  suspicion: null,
  aliveAt: 0,
} as const;
const ended = { startedAt: epoch + 1_000, endedAt: epoch + 61_500 } as const;
const completed = { growing: true, hash, readback: 'direct', copied: true, afterCopy: 'pending', notes: [] } as const;
const error = { kind: 'network_interruption', code: 'EIO', percent: 45.2, operator: 'it went away', technical: 'write: EIO' } as const;

const byStatus: { readonly [Of in Status]: Extract<TrackedFile, { status: Of }> | TrackedFile } = {
  DISCOVERED: { ...common, status: 'DISCOVERED', growth },
  GROWING: { ...common, status: 'GROWING', growth, growingSince: epoch, heldByWriter: false, stuck: false },
  READY: { ...common, ...bound, status: 'READY', movedAt: 0, hold: null, retryAt: null },
  WAITING_FOR_NETWORK: { ...common, ...bound, status: 'WAITING_FOR_NETWORK', retryAt: epoch },
  WAITING_FOR_SPACE: { ...common, ...bound, status: 'WAITING_FOR_SPACE', retryAt: epoch },
  IN_QUEUE: { ...common, ...bound, status: 'IN_QUEUE', copyId: null },
  COPYING: { ...common, ...running, status: 'COPYING', growing: false, comparing: false },
  GROWING_COPY: { ...common, ...running, status: 'GROWING_COPY', growing: true, phase: 'following', phaseDone: null },
  VERIFYING: {
    ...common,
    ...running,
    status: 'VERIFYING',
    growing: true,
    copiedBytes: 1_000,
    hash,
    readback: null,
    phaseDone: 0.5,
    publishing: { step: 'none' },
    freshSince: null,
    isReadFresh: false,
  },
  COMPLETED: { ...common, ...ended, ...completed, status: 'COMPLETED' },
  COMPLETED_DELETE_FAILED: { ...common, ...ended, ...completed, status: 'COMPLETED_DELETE_FAILED', afterCopy: 'failed' },
  FAILED: { ...common, ...ended, status: 'FAILED', growing: true, error, copiedBytes: 452, begun: true, left: 'day1/clip_1.mxf' },
  REMOVED: { ...common, status: 'REMOVED', endedAt: epoch + 61_500, sourceGone: true },
};

/** A tracked file of a state, second attempt of its lineage, 1000 bytes; `over` as the state has it. */
export function fileOf(status: Status, over: object = {}): TrackedFile {
  return { ...byStatus[status], ...over } as TrackedFile;
}
