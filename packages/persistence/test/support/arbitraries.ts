import { errorKinds } from '@sluice/core/fixtures';
import { anyCharacter } from '@sluice/core/fixtures/any-character';
import {
  type CallFault,
  type CopyNote,
  type FileError,
  type FileOf,
  type Finding,
  fileId,
  isEnded,
  type Status,
  type TrackedFile,
} from '@sluice/core/model';
import fc, { type Arbitrary } from 'fast-check';

/** Any UTF-16 text for a name or message: lone surrogates, NUL, line breaks and quotes are likely. */
export const text: Arbitrary<string> = fc.oneof(
  fc.string({ unit: anyCharacter }),
  fc.string({ unit: fc.constantFrom('\0', '\n', "'", '"', '\\', '\ud800', '\udfff', '\ufffd', 'd', '8', '0', '/', '*') }),
);
export const id = fc.uuid({ version: 4 }).map(fileId);
export const count = fc.maxSafeNat();
export const flag = fc.boolean();
/** Objects as the program makes them, with the usual prototype. */
export const plain = <Shape extends object>(shape: { [Key in keyof Shape]: Arbitrary<Shape[Key]> }): Arbitrary<Shape> =>
  fc.record(shape, { noNullPrototype: true }) as Arbitrary<unknown> as Arbitrary<Shape>;
/** Finite, because JSON has only finite numbers. */
const moment = fc.oneof(fc.maxSafeInteger(), fc.double({ noNaN: true, noDefaultInfinity: true })).map((value) => value + 0);
export const wall = fc.maxSafeNat();
export const orNull = <Value>(value: Arbitrary<Value>): Arbitrary<Value | null> => fc.option(value, { nil: null });
export const texts = fc.array(text, { maxLength: 3 });

/** The fields of each member of a union, by its kind. */
type Fields<Union extends { readonly kind: string }> = { readonly [Kind in Union['kind']]: FieldsOf<Extract<Union, { kind: Kind }>> };
type FieldsOf<Member> = { readonly [Key in Exclude<keyof Member, 'kind'>]: Arbitrary<Member[Key]> };

/** Every member of a union, with all its kinds. */
export function eachOf<Union extends { readonly kind: string }>(fields: Fields<Union>): Arbitrary<Union> {
  const members = Object.entries(fields).map(([kind, own]) => plain({ kind: fc.constant(kind), ...(own as object) }));
  return fc.oneof(...members) as Arbitrary<unknown> as Arbitrary<Union>;
}

const fingerprint = plain({ sizeBytes: count, mtimeNs: fc.bigInt().map(String) });
const hash = plain({ algorithm: fc.constant('xxh64'), value: fc.stringMatching(/^[0-9a-f]{16}$/) });
const fault = plain<CallFault>({ side: fc.constantFrom('source', 'destination'), code: text, operation: text, message: text });

export const finding = eachOf<Finding>({
  not_probed: {},
  answers: {},
  no_answer: { deadlineMs: count },
  calls_hang: { pids: fc.array(count, { maxLength: 3 }) },
  prober_lost: { how: text },
  agent_ends: { operation: text },
  call_failed: { operation: text },
  no_room_for_marker: { operation: text },
  marker_refused: { operation: text },
  marker_unclear: { operation: text },
  marker_denied: { operation: text },
  marker_missing: { expected: text },
  marker_differs: { found: text, expected: text },
  nothing_mounted: { under: text },
  unspecified: { technical: text },
});

export const copyNote = eachOf<CopyNote>({
  times_not_set: { code: text },
  mode_not_set: { code: text },
  folder_mode_not_set: { code: text },
  part_left: { code: text },
  source_removed: {},
  change_time_moved: { readings: count },
});
const growth = plain({
  movedAt: moment,
  roseFrom: orNull(plain({ at: moment, sizeBytes: count })),
  roseTimes: count,
  roseAt: moment,
});

const common: { readonly [Key in keyof Omit<FileOf<'REMOVED'>, 'status'>]: Arbitrary<unknown> } = {
  id,
  route: fc.string(),
  source: text,
  destination: text,
  nameValid: flag,
  nameNumber: count,
  nameReason: orNull(fc.constantFrom('recovery', 'name_taken')),
  fingerprint,
  mode: fc.nat(0o7777),
  mayGrow: flag,
  attempt: count,
  countedAttempts: count,
  recoveryOf: orNull(id),
  recoveredBy: orNull(id),
  burned: texts,
  leftParts: texts,
  leftVisible: texts,
  toMark: fc.array(plain({ from: text, to: text, leastBytes: count }), { maxLength: 2 }),
  leftovers: fc.constantFrom([], [{ name: 'a.mxf', attempt: 'f', failedAt: 1, leastBytes: 2, inode: '3' }]),
  discoveredAt: wall,
  startedAt: orNull(wall),
  endedAt: orNull(wall),
  sourceGone: flag,
};

const pendingCopy = { growing: flag, networkTries: count };
const running = {
  copyId: id,
  part: orNull(text),
  begun: flag,
  expected: fingerprint,
  copiedBytes: count,
  bytesPerSecond: moment,
  suspicion: orNull(plain({ fault, isFinal: flag, since: moment })),
  aliveAt: moment,
};
const publishing = fc.oneof(
  plain({ step: fc.constantFrom('none', 'link') }),
  plain({ step: fc.constant('claim'), claimed: orNull(plain({ device: text, inode: text })) }),
);
const completed = {
  growing: flag,
  hash: orNull(hash),
  readback: fc.constantFrom('direct', 'cached', 'size'),
  copied: flag,
  afterCopy: fc.constantFrom('none', 'pending', 'done', 'failed'),
  notes: fc.array(copyNote, { maxLength: 3 }),
};
const phaseDone = orNull(fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0));
const error = plain<FileError>({
  kind: fc.constantFrom(...errorKinds),
  percent: moment,
  reason: eachOf<FileError['reason']>({
    call: { fault },
    gate: { code: text, destination: text, finding },
    skipped: { by: text },
    agent_gone: {},
    agent_stopped: {},
  }),
  follows: eachOf<FileError['follows']>({
    nothing: {},
    attempt: { as: text, waitsFor: fc.constantFrom('turn', 'network', 'space', 'backoff', 'operator', 'needs_you') },
  }),
});

const own: { readonly [Of in Status]: { readonly [key: string]: Arbitrary<unknown> } } = {
  DISCOVERED: { growth },
  GROWING: { growth, growingSince: wall, heldByWriter: flag, stuck: flag },
  READY: { ...pendingCopy, movedAt: moment, hold: orNull(fc.constantFrom('backoff', 'operator', 'needs_you')), retryAt: orNull(wall) },
  WAITING_FOR_NETWORK: { ...pendingCopy, retryAt: wall },
  WAITING_FOR_SPACE: { ...pendingCopy, retryAt: wall },
  IN_QUEUE: { ...pendingCopy, copyId: orNull(id) },
  COPYING: { ...running, growing: fc.constant(false), comparing: flag },
  GROWING_COPY: {
    ...running,
    growing: fc.constant(true),
    phase: fc.constantFrom('following', 'draining', 'settling', 'reading_back'),
    phaseDone,
  },
  VERIFYING: {
    ...running,
    growing: flag,
    hash,
    readback: orNull(fc.constantFrom('direct', 'cached', 'size')),
    phaseDone,
    publishing,
    freshSince: orNull(moment),
    isReadFresh: flag,
  },
  COMPLETED: completed,
  COMPLETED_DELETE_FAILED: completed,
  FAILED: { growing: flag, error, copiedBytes: count, begun: flag, left: orNull(text) },
  REMOVED: {},
};

/** Every tracked file of a state. */
export function fileOf(status: Status): Arbitrary<TrackedFile> {
  const endedAt = isEnded(status) ? wall : fc.constant(null);
  return plain({ ...common, ...own[status], endedAt, status: fc.constant(status) }) as Arbitrary<unknown> as Arbitrary<TrackedFile>;
}

/** What an event may hold in addition to its kind, now and later. */
export const detail = fc.dictionary(text, fc.jsonValue(), { noNullPrototype: true, maxKeys: 4 }).map(({ kind: _kind, ...rest }) => rest);

/** Texts of the program itself, which contain no lone surrogates. */
export const words = fc.string({ unit: anyCharacter });
