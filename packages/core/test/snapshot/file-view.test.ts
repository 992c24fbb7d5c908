import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Hold, type Status, statuses } from '../../src/model/file.ts';
import { type FileView, holdOf, timeText, viewFile } from '../../src/snapshot/file-view.ts';
import { fileOf } from '../fixtures/file.ts';

/** A tracked file exactly as the contract with users defines it, without its error, whose texts are made elsewhere. */
const contract = `{ "v": 1, "id": "uuid", "route": "ingest", "source": "day1/video1.mxf", "destination": "day1/video1_1.mxf",
  "nameValid": true, "nameReason": "recovery", "status": "READY", "hold": "network", "growing": false,
  "phase": null, "behindBytes": null, "sizeBytes": 0, "copiedBytes": 0, "percent": 0.0, "bytesPerSecond": 0, "attempt": 2,
  "error": null, "recoveryOf": "uuid", "recoveredBy": null, "copied": null,
  "hash": { "algorithm": "xxh64", "value": "hex" }, "readback": "direct",
  "afterCopy": "none", "sourceGone": false,
  "discoveredAt": "…", "startedAt": null, "endedAt": null }`;
const errorKeys = ['kind', 'percent', 'reason', 'follows'];

const keysOf = (json: string): readonly string[] => Object.keys(JSON.parse(json) as object);
const throughJson = (view: FileView): unknown => JSON.parse(JSON.stringify(view));
const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const words = {
  hold: [null, 'network', 'space', 'backoff', 'operator', 'needs_you'],
  nameReason: [null, 'recovery', 'name_taken'],
  phase: [null, 'following', 'draining', 'settling', 'reading_back'],
  readback: [null, 'direct', 'cached', 'size'],
  afterCopy: ['none', 'pending', 'done', 'failed'],
  copied: [null, true, false],
} as const;

for (const status of statuses) {
  test(`viewFile: ${status} has every key of the contract, in its order, none undefined, with the contract's words`, () => {
    for (const isOpen of [true, false]) {
      const view = viewFile(fileOf(status), isOpen);
      assert.equal(Object.keys(view), keysOf(contract));
      assert.equal(throughJson(view), view, 'nothing is lost in JSON');
      assert.is(view.v, 1);
      assert.is(view.status, status);
      for (const [key, allowed] of Object.entries(words)) {
        assert.ok(
          (allowed as readonly unknown[]).includes(view[key as keyof FileView]),
          `${key} is ${JSON.stringify(view[key as keyof FileView])}`,
        );
      }
      for (const time of [view.discoveredAt, view.startedAt, view.endedAt]) if (time !== null) assert.match(time, rfc3339);
      assert.ok(Number.isInteger(view.sizeBytes) && Number.isInteger(view.copiedBytes) && Number.isInteger(view.bytesPerSecond));
      assert.match(String(view.percent), /^\d{1,3}(\.\d)?$/);
      assert.is(view.error === null, status !== 'FAILED');
      if (view.error !== null) assert.equal(Object.keys(view.error), errorKeys);
      if (view.hash !== null) assert.equal(Object.keys(view.hash), ['algorithm', 'value']);
    }
  });
}

/** What differs between states. */
const figures: { readonly [Of in Status]: readonly unknown[] } = {
  // copiedBytes, percent, bytesPerSecond, growing, phase, behindBytes, hash?, readback, copied, afterCopy
  DISCOVERED: [0, 0, 0, false, null, null, false, null, null, 'none'],
  GROWING: [0, 0, 0, false, null, null, false, null, null, 'none'],
  READY: [0, 0, 0, false, null, null, false, null, null, 'none'],
  WAITING_FOR_NETWORK: [0, 0, 0, false, null, null, false, null, null, 'none'],
  WAITING_FOR_SPACE: [0, 0, 0, false, null, null, false, null, null, 'none'],
  IN_QUEUE: [0, 0, 0, false, null, null, false, null, null, 'none'],
  COPYING: [452, 45.2, 77, false, null, null, false, null, null, 'none'],
  GROWING_COPY: [452, 45.2, 77, true, 'following', 548, false, null, null, 'none'],
  VERIFYING: [1_000, 100, 77, true, 'reading_back', null, true, null, null, 'none'],
  COMPLETED: [1_000, 100, 0, true, null, null, true, 'direct', true, 'pending'],
  COMPLETED_DELETE_FAILED: [1_000, 100, 0, true, null, null, true, 'direct', true, 'failed'],
  FAILED: [452, 45.2, 0, true, null, null, false, null, null, 'none'],
  REMOVED: [0, 0, 0, false, null, null, false, null, null, 'none'],
};

for (const status of statuses) {
  test(`viewFile: figures of ${status}`, () => {
    const view = viewFile(fileOf(status), true);
    const { copiedBytes, percent, bytesPerSecond, growing, phase, behindBytes, hash, readback, copied, afterCopy } = view;
    assert.equal(
      [copiedBytes, percent, bytesPerSecond, growing, phase, behindBytes, hash !== null, readback, copied, afterCopy],
      figures[status],
    );
  });
}

test('viewFile: names, ids and times are reported as they are', () => {
  const view = viewFile(fileOf('FAILED', { source: 'a\u001b[31m"\n日🎬.mov', nameValid: false, recoveredBy: 'x', sourceGone: true }), true);
  assert.equal(
    [view.source, view.destination, view.nameValid, view.nameReason, view.attempt, view.recoveredBy, view.sourceGone],
    ['a\u001b[31m"\n日🎬.mov', 'day1/clip_1.mxf', false, 'recovery', 2, 'x', true],
  );
  assert.equal(
    [view.discoveredAt, view.startedAt, view.endedAt],
    ['2023-11-14T22:13:20.000Z', '2023-11-14T22:13:21.000Z', '2023-11-14T22:14:21.500Z'],
  );
  assert.equal(throughJson(view), view);
});

test('viewFile: an empty file that was copied is complete', () => {
  assert.is(viewFile(fileOf('COMPLETED', { fingerprint: { sizeBytes: 0, mtimeNs: '1' } }), true).percent, 100);
  assert.is(viewFile(fileOf('COPYING', { fingerprint: { sizeBytes: 0, mtimeNs: '1' }, copiedBytes: 0 }), true).percent, 0);
});

test('viewFile: a growing copy that is ahead of the size last seen is not behind', () => {
  assert.is(viewFile(fileOf('GROWING_COPY', { copiedBytes: 2_000 }), true).behindBytes, 0);
});

test('viewFile: a FAILED file keeps the percentage it failed at, however its source has changed since', () => {
  assert.is(viewFile(fileOf('FAILED', { fingerprint: { sizeBytes: 10, mtimeNs: '2' } }), true).percent, 45.2);
});

const holds: readonly (readonly [Status, object, Hold | null, Hold | null])[] = [
  // status, what it has stored, hold while the gate is open, while it is closed
  ['DISCOVERED', {}, null, null],
  ['GROWING', {}, null, null],
  ['GROWING', { stuck: true }, 'needs_you', 'needs_you'],
  ['READY', {}, null, 'network'],
  ['READY', { hold: 'backoff' }, 'backoff', 'backoff'],
  ['READY', { hold: 'operator' }, 'operator', 'operator'],
  ['READY', { hold: 'needs_you' }, 'needs_you', 'needs_you'],
  ['WAITING_FOR_NETWORK', {}, 'network', 'network'],
  ['WAITING_FOR_SPACE', {}, 'space', 'space'],
  ['IN_QUEUE', {}, null, null],
  ['COPYING', {}, null, null],
  ['GROWING_COPY', {}, null, null],
  ['VERIFYING', {}, null, null],
  ['VERIFYING', { publishing: { step: 'link' } }, null, 'network'],
  ['VERIFYING', { publishing: { step: 'claim', claimed: null } }, null, 'network'],
  ['COMPLETED', {}, null, null],
  ['COMPLETED_DELETE_FAILED', {}, null, null],
  ['FAILED', {}, null, null],
  ['REMOVED', {}, null, null],
];

for (const [status, stored, open, closed] of holds) {
  test(`holdOf: ${status} ${JSON.stringify(stored)} is ${open} while the gate is open, ${closed} while it is closed`, () => {
    const file = fileOf(status, stored);
    assert.equal([holdOf(file, true, false), holdOf(file, false, false)], [open, closed]);
    assert.equal([viewFile(file, true).hold, viewFile(file, false).hold], [open, closed]);
  });
}

test('holdOf: while an operator holds the whole route, a waiting file without its own hold has the hold `operator`', () => {
  for (const [status, stored, hold] of [
    ['READY', {}, 'operator'],
    ['READY', { hold: 'backoff' }, 'backoff'],
    ['READY', { hold: 'needs_you' }, 'needs_you'],
    ['WAITING_FOR_SPACE', {}, 'space'],
    ['COPYING', {}, null],
    ['DISCOVERED', {}, null],
  ] as const) {
    for (const isOpen of [true, false]) {
      assert.is(holdOf(fileOf(status, stored), isOpen, true), hold);
      assert.is(viewFile(fileOf(status, stored), isOpen, true).hold, hold);
    }
  }
});

test('holdOf: the table above has every state', () => {
  assert.equal(new Set(holds.map(([status]) => status)), new Set(statuses));
});

for (const [wall, text] of [
  [0, '1970-01-01T00:00:00.000Z'],
  [1_700_000_000_000, '2023-11-14T22:13:20.000Z'],
  [951_782_399_999, '2000-02-28T23:59:59.999Z'],
  [951_782_400_000, '2000-02-29T00:00:00.000Z'],
  [4_107_542_400_000, '2100-03-01T00:00:00.000Z'],
  [-1, '1969-12-31T23:59:59.999Z'],
  [1_700_000_000_000.75, '2023-11-14T22:13:20.000Z'],
] as const) {
  test(`timeText: ${wall} is ${text}`, () => {
    assert.is(timeText(wall), text);
  });
}

test('timeText: RFC 3339 in UTC with milliseconds, like Date, for the years 0 to 9999', () => {
  const first = Date.UTC(2000, 0, 1) - 2_000 * 365.2425 * 86_400_000;
  const times = fc.oneof(
    fc.integer({ min: Math.ceil(first), max: Date.UTC(9999, 11, 31) }),
    fc.date({ min: new Date('1900-01-01'), max: new Date('2200-01-01'), noInvalidDate: true }).map((date) => date.getTime()),
  );
  fc.assert(
    fc.property(times, (wall) => timeText(wall) === new Date(wall).toISOString()),
    { numRuns: 2_000 },
  );
});

test.run();
