import { type FileOf, type Status, statuses, type TrackedFile } from '@sluice/core/model';

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === 'string';
const isNumber: Check = (value) => typeof value === 'number';
const isClaim: Check = (value) => typeof value === 'boolean';
const isObject: Check = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const isTexts: Check = (value) => Array.isArray(value) && value.every(isText);
const isObjects: Check = (value) => Array.isArray(value) && value.every(isObject);
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);

/** Accepts a field that records of earlier versions do not have. */
const orAbsent =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);

type Common = Omit<FileOf<'REMOVED'>, 'status' | 'isLost'>;

const common: { readonly [Key in keyof Common]-?: Check } = {
  id: isText,
  route: isText,
  source: isText,
  destination: isText,
  nameValid: isClaim,
  nameNumber: isNumber,
  nameReason: orNull(isText),
  fingerprint: (value) => isObject(value) && isFingerprint(value as { sizeBytes?: unknown; mtimeNs?: unknown }),
  mode: isNumber,
  mayGrow: isClaim,
  attempt: isNumber,
  countedAttempts: isNumber,
  recoveryOf: orNull(isText),
  recoveredBy: orNull(isText),
  burned: isTexts,
  leftParts: isTexts,
  leftVisible: isTexts,
  toMark: isObjects,
  leftovers: orAbsent(isObjects),
  discoveredAt: isNumber,
  startedAt: orNull(isNumber),
  endedAt: orNull(isNumber),
  sourceGone: isClaim,
  pauses: orAbsent(isNumber),
  renamedFrom: orAbsent(isObject),
  renamedTo: orAbsent(isText),
};

function isFingerprint({ sizeBytes, mtimeNs }: { readonly sizeBytes?: unknown; readonly mtimeNs?: unknown }): boolean {
  return isNumber(sizeBytes) && isText(mtimeNs);
}

type Own<Of extends Status> = { readonly [Key in Exclude<keyof FileOf<Of>, keyof Common | 'status'>]-?: Check };

const pendingCopy = { growing: isClaim, networkTries: isNumber };
const running = {
  copyId: isText,
  part: orNull(isText),
  begun: isClaim,
  isCreated: orAbsent(isClaim),
  createdInode: orAbsent(isText),
  expected: isObject,
  copiedBytes: isNumber,
  bytesPerSecond: isNumber,
  suspicion: orNull(isObject),
  aliveAt: isNumber,
  growing: isClaim,
};
const copiedSource = { identity: orAbsent(isText), changedMs: orAbsent(isNumber), medium: orAbsent(isText) };
const completed = {
  growing: isClaim,
  hash: orNull(isObject),
  readback: isText,
  copied: isClaim,
  afterCopy: isText,
  removal: orAbsent(isObject),
  notes: isObjects,
  supersededBy: orAbsent(isText),
  ...copiedSource,
};

/** The fields of a stored record. A new field needs a migration of existing records. */
const own: { readonly [Of in Status]: Own<Of> } = {
  DISCOVERED: { growth: isObject },
  GROWING: { growth: isObject, growingSince: isNumber, heldByWriter: isClaim, stuck: isClaim },
  READY: { ...pendingCopy, movedAt: isNumber, hold: orNull(isText), retryAt: orNull(isNumber) },
  WAITING_FOR_NETWORK: { ...pendingCopy, retryAt: isNumber },
  WAITING_FOR_SPACE: { ...pendingCopy, retryAt: isNumber },
  IN_QUEUE: { ...pendingCopy, copyId: orNull(isText) },
  COPYING: { ...running, comparing: isClaim },
  GROWING_COPY: { ...running, phase: isText, phaseDone: orNull(isNumber) },
  VERIFYING: {
    ...running,
    hash: isObject,
    readback: orNull(isText),
    phaseDone: orNull(isNumber),
    publishing: isObject,
    freshSince: orNull(isNumber),
    isReadFresh: isClaim,
    ...copiedSource,
  },
  COMPLETED: completed,
  COMPLETED_DELETE_FAILED: completed,
  FAILED: { growing: isClaim, error: isObject, copiedBytes: isNumber, begun: isClaim, left: orNull(isText), isLost: orAbsent(isClaim) },
  REMOVED: { isLost: orAbsent(isClaim) },
};

/** Each is a list, because a start checks a million files. */
const checks = new Map<unknown, readonly (readonly [key: string, check: Check])[]>(
  statuses.map((status) => [status, [...Object.entries(common), ...Object.entries(own[status])]]),
);

/** Returns whether a value that was read back is a tracked file of the state it names. */
export function isTrackedFile(value: unknown): value is TrackedFile {
  if (!isObject(value)) return false;
  const file = value as { readonly [key: string]: unknown };
  const ofStatus = checks.get(file['status']);
  if (ofStatus === undefined) return false;
  for (const [key, check] of ofStatus) if (!check(file[key])) return false;
  return true;
}
