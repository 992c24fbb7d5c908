import { isRunning, type Status, sameFingerprint, type TrackedFile } from '@sluice/core/model';

/** What columns of its row say of a file: its record leaves it out. */
const inColumns: ReadonlySet<string> = new Set([
  'id',
  'route',
  'status',
  'source',
  'destination',
  'fingerprint',
  'discoveredAt',
  'endedAt',
  'recoveryOf',
  'recoveredBy',
] satisfies readonly (keyof TrackedFile)[]);

/** What most files have, and a record leaves out. It is read back as it stands here: a value that changes wants a migration. */
const common = {
  nameValid: true,
  nameNumber: 0,
  nameReason: null,
  mode: 0o644,
  mayGrow: false,
  attempt: 1,
  countedAttempts: 0,
  burned: [],
  leftParts: [],
  leftVisible: [],
  toMark: [],
  startedAt: null,
  sourceGone: false,
} as const satisfies Partial<TrackedFile>;

const pending = { growing: false, networkTries: 0 } as const;
const running = { begun: true, copiedBytes: 0, bytesPerSecond: 0, suspicion: null, growing: false } as const;
const completed = { growing: false, readback: 'direct', copied: true, afterCopy: 'none', notes: [] } as const;

/** The same for those of one state. */
const own: { readonly [Of in Status]: Readonly<Record<string, unknown>> } = {
  DISCOVERED: {},
  GROWING: { heldByWriter: false, stuck: false },
  READY: { ...pending, hold: null, retryAt: null },
  WAITING_FOR_NETWORK: pending,
  WAITING_FOR_SPACE: pending,
  IN_QUEUE: { ...pending, copyId: null },
  COPYING: { ...running, comparing: false },
  GROWING_COPY: { ...running, growing: true, phase: 'following', phaseDone: null },
  VERIFYING: { ...running, readback: null, phaseDone: null, publishing: { step: 'none' }, freshSince: null, isReadFresh: false },
  COMPLETED: completed,
  COMPLETED_DELETE_FAILED: completed,
  FAILED: { growing: false, begun: false, copiedBytes: 0, left: null },
  REMOVED: {},
};

const usual = Object.fromEntries(Object.entries(own).map(([status, values]) => [status, { ...common, ...values }])) as unknown as {
  readonly [Of in Status]: Readonly<Record<string, unknown>>;
};

/** Returns the JSON of a file without what its row says already, and without what most files have. */
export function slimRecord(file: TrackedFile): string {
  const told: Record<string, unknown> = {};
  const values = file as unknown as Readonly<Record<string, unknown>>;
  const expected = usual[file.status];
  for (const key in values) {
    const value = values[key];
    if (!inColumns.has(key) && !(key in expected && isUsual(expected[key], value))) told[key] = value;
  }
  if ('hash' in file && file.hash?.algorithm === 'xxh64') told['hash'] = file.hash.value;
  if ('growth' in file && isFirstSight(file.growth)) told['growth'] = file.growth.since;
  if (isRunning(file) && sameFingerprint(file.expected, file.fingerprint)) delete told['expected'];
  return JSON.stringify(told);
}

function isUsual(expected: unknown, value: unknown): boolean {
  if (expected === value) return true;
  if (Array.isArray(expected)) return Array.isArray(value) && value.length === 0;
  return isStep(expected) && isStep(value) && value.step === expected.step;
}

/** How far the publishing is: `none` has nothing else to say. */
function isStep(value: unknown): value is { readonly step: unknown } {
  return typeof value === 'object' && value !== null && 'step' in value;
}

type Growth = Extract<TrackedFile, { growth: unknown }>['growth'];

function isFirstSight({ since, movedAt, roseFrom, roseTimes, roseAt }: Growth): boolean {
  return roseFrom === null && roseTimes === 0 && movedAt === since && roseAt === since;
}

/** What the columns of a row say of its file. */
export type InColumns = Pick<
  TrackedFile,
  'id' | 'route' | 'status' | 'source' | 'destination' | 'fingerprint' | 'discoveredAt' | 'endedAt' | 'recoveryOf' | 'recoveredBy'
>;

/** Puts back what was left out. @param told what the record says */
export function wholeFile(columns: InColumns, told: object): Readonly<Record<string, unknown>> {
  const file: Record<string, unknown> = { ...usual[columns.status], ...told, ...columns };
  const { hash, growth } = file;
  if (typeof hash === 'string') file['hash'] = { algorithm: 'xxh64', value: hash };
  if (typeof growth === 'number') file['growth'] = { since: growth, movedAt: growth, roseFrom: null, roseTimes: 0, roseAt: growth };
  if ('copyId' in file && file['expected'] === undefined && columns.status !== 'IN_QUEUE') file['expected'] = columns.fingerprint;
  return file;
}
