import {
  type Detail,
  errorKinds,
  type GateRecord,
  gateCauses,
  isEnded,
  type RemovedFile,
  type RouteFactRecord,
  type Status,
  type TrackedFile,
} from '@sluice/core';
import { anyCharacter } from '@sluice/core/fixtures/any-character';
import fc, { type Arbitrary } from 'fast-check';

/** Any UTF-16 a name or message can be made of: lone surrogates, NUL, line breaks and quotes are likely. */
export const text: Arbitrary<string> = fc.oneof(
  fc.string({ unit: anyCharacter }),
  fc.string({ unit: fc.constantFrom('\0', '\n', "'", '"', '\\', '\ud800', '\udfff', '\ufffd', 'd', '8', '0', '/', '*') }),
);
const id = fc.uuid({ version: 4 });
const count = fc.maxSafeNat();
const flag = fc.boolean();
/** Objects as the program makes them: with the usual prototype. */
const plain = <Shape extends object>(shape: { [Key in keyof Shape]: Arbitrary<Shape[Key]> }): Arbitrary<Shape> =>
  fc.record(shape, { noNullPrototype: true }) as Arbitrary<unknown> as Arbitrary<Shape>;
/** Finite: JSON has nothing else. */
const moment = fc.oneof(fc.maxSafeInteger(), fc.double({ noNaN: true, noDefaultInfinity: true })).map((value) => value + 0);
const wall = fc.maxSafeNat();
const orNull = <Value>(value: Arbitrary<Value>): Arbitrary<Value | null> => fc.option(value, { nil: null });
const texts = fc.array(text, { maxLength: 3 });

const fingerprint = plain({ sizeBytes: count, mtimeNs: fc.bigInt().map(String) });
const hash = plain({ algorithm: fc.constant('xxh64'), value: fc.stringMatching(/^[0-9a-f]{16}$/) });
const fault = plain({ side: fc.constantFrom('source', 'destination'), code: text, operation: text, message: text });
const growth = plain({
  movedAt: moment,
  roseFrom: orNull(plain({ at: moment, sizeBytes: count })),
  roseTimes: count,
  roseAt: moment,
});

const common: { readonly [Key in keyof Omit<RemovedFile, 'status'>]: Arbitrary<unknown> } = {
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
  discoveredAt: wall,
  startedAt: orNull(wall),
  endedAt: orNull(wall),
  sourceGone: flag,
};

const bound = { growing: flag, networkTries: count };
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
  notes: texts,
};
const phaseDone = orNull(fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0));
const error = plain({ kind: fc.constantFrom(...errorKinds), code: text, percent: moment, operator: text, technical: text });

const own: { readonly [Of in Status]: { readonly [key: string]: Arbitrary<unknown> } } = {
  DISCOVERED: { growth },
  GROWING: { growth, growingSince: wall, heldByWriter: flag, stuck: flag },
  READY: { ...bound, movedAt: moment, hold: orNull(fc.constantFrom('backoff', 'operator', 'needs_you')), retryAt: orNull(wall) },
  WAITING_FOR_NETWORK: { ...bound, retryAt: wall },
  WAITING_FOR_SPACE: { ...bound, retryAt: wall },
  IN_QUEUE: { ...bound, copyId: orNull(id) },
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

/** What a record tells beside its file. */
export const detail = fc.dictionary(text, fc.jsonValue(), { noNullPrototype: true, maxKeys: 4 }) as Arbitrary<Detail>;

/** Words of the program itself, and messages: never half a character. */
const words = fc.string({ unit: anyCharacter });

export const routeFact = plain({
  kind: fc.constant('route_fact'),
  at: wall,
  route: words,
  key: fc.constantFrom('marker', 'hold', 'adopted', 'source', 'links', 'space', 'note'),
  event: words,
  detail,
}) as Arbitrary<unknown> as Arbitrary<Omit<RouteFactRecord, 'seq'>>;

export const gateChange = plain({
  kind: fc.constant('gate'),
  at: wall,
  route: words,
  state: fc.constantFrom('open', 'closed'),
  cause: orNull(fc.constantFrom(...gateCauses)),
  code: orNull(words),
  operator: words,
  technical: words,
}) as Arbitrary<unknown> as Arbitrary<Omit<GateRecord, 'seq'>>;
