import type { FileJson } from '@sluice/control';
import { type GateView, viewFile } from '@sluice/core';
import { fileOf } from '@sluice/core/fixtures';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { momentText } from '../../src/figures/clock.ts';
import { fileJson } from '../../src/replies.ts';
import { reasonOf } from '../../src/states/file-reason.ts';
import { unknownFileText } from '../../src/states/left-alone.ts';

const file: FileJson = fileJson(viewFile(fileOf('READY'), true));
const error = {
  kind: 'network_interruption',
  code: 'EIO',
  percent: 45.2,
  operator: 'the destination went away',
  technical: 'write: EIO',
} as const;

const cases: readonly [Partial<FileJson>, string][] = [
  [{ hold: 'network' }, 'waits for the destination'],
  [{ hold: 'space' }, 'waits for room'],
  [{ hold: 'backoff' }, 'waits for its next attempt'],
  [{ hold: 'operator' }, 'skipped by an operator, or its route is held'],
  [{ hold: 'needs_you', attempt: 1 }, 'needs you'],
  [{ hold: 'needs_you', status: 'GROWING' }, 'needs you: it does not stop changing'],
  [{ hold: 'needs_you', nameValid: false }, 'needs you: its name is not valid UTF-8; rename it at the source'],
  [{ status: 'COPYING', percent: 12.3 }, '12.3%'],
  [{ status: 'GROWING_COPY', phase: 'following', behindBytes: 10_000_000 }, 'recording, 10.0 MB behind'],
  [{ status: 'GROWING_COPY', phase: 'draining' }, 'catching up'],
  [{ status: 'GROWING_COPY', phase: 'settling' }, 'rechecking the source'],
  [{ status: 'VERIFYING', phase: 'reading_back' }, 'reading back'],
  [{ status: 'VERIFYING', phase: 'reading_back', hold: 'network' }, 'waits for the destination'],
  [{ status: 'GROWING' }, 'still changing'],
  [{ status: 'COMPLETED', copied: true, readback: 'direct' }, 'verified'],
  [{ status: 'COMPLETED', copied: true, readback: 'cached' }, 'verified (cache only)'],
  [{ status: 'COMPLETED', copied: true, readback: 'size' }, 'size only'],
  [{ status: 'COMPLETED', copied: false, readback: 'direct' }, 'already there'],
  [
    { status: 'COMPLETED', copied: true, readback: 'direct', supersededBy: '0f3c51d2-0000-4000-8000-000000000000' },
    'verified; superseded: the source changed again, see attempt 0f3c51d2',
  ],
  [{ status: 'COMPLETED', copied: true, readback: 'direct', renamedFrom: 'a.mxf' }, 'verified; renamed from a.mxf'],
  [{ status: 'COMPLETED', copied: true, readback: 'direct', renamedTo: 'c.mxf' }, 'verified; renamed to c.mxf at the source'],
  [{ status: 'COMPLETED_DELETE_FAILED', copied: true }, 'copied; its source could not be removed'],
  [
    { status: 'COMPLETED_DELETE_FAILED', copied: true, removalError: { to: 'archive', code: 'EROFS', failures: 2, retryAt: null } },
    'copied; archiving fails at the source: the filesystem is read-only',
  ],
  [{ status: 'REMOVED', renamedTo: 'b.mxf' }, 'renamed to b.mxf before it was copied'],
  [{ status: 'REMOVED' }, 'removed from the source before it was copied'],
  [{ status: 'IN_QUEUE' }, ''],
  [{ status: 'FAILED', error }, 'the destination went away'],
  [
    { status: 'FAILED', error, recoveredBy: '273a6aaf-0000-4000-8000-000000000000' },
    'the destination went offline, at 45.2%; copied again by attempt 273a6aaf',
  ],
  [{ hold: 'needs_you', attempt: 6 }, 'needs you after 5 failed attempts'],
];
for (const [change, expected] of cases) {
  test(`reasonOf ${change.status ?? 'READY'} ${change.hold ?? ''}: ${expected}`, () =>
    assert.is(reasonOf({ ...file, ...change }), expected));
}

test('reasonOf: a phase with an end says how far it is, never more than is done', () => {
  assert.is(reasonOf({ ...file, status: 'GROWING_COPY', phase: 'settling' }, { phaseDone: 0.4 }), 'rechecking the source 40%');
  assert.is(reasonOf({ ...file, status: 'VERIFYING', phase: 'reading_back' }, { phaseDone: 0.729 }), 'reading back 72%');
});

test('reasonOf: a file that waits for a person says what has to be corrected', () => {
  const gate = (cause: GateView['cause'], finding: GateView['finding']) => ({ cause, code: null, destination: '/mnt/nas', finding });
  const wrong = gate('not_the_destination', { kind: 'marker_missing', expected: 'm' });
  const waits = { ...file, hold: 'network' } as const;
  assert.is(
    reasonOf(waits, { gate: wrong }),
    'waits for the destination: WRONG DISK: the marker file that Sluice left in /mnt/nas is missing; connect the right disk or share, or run sluice adopt ROUTE if this one is meant',
  );
  assert.is(reasonOf(waits, { gate: gate('timeout', { kind: 'no_answer', deadlineMs: 9_000 }) }), 'waits for the destination');
  assert.is(reasonOf(waits, { gate: gate(null, { kind: 'answers' }) }), 'waits for the destination');
  assert.is(reasonOf({ ...file, hold: 'space' }, { gate: wrong }), 'waits for room');
});

test('reasonOf: a file that waits because an attempt failed says why it failed', () => {
  const before = { kind: 'source_unreadable', code: 'EACCES', percent: 0 } as const;
  const why = 'the source file could not be read (permission denied), at 0%';
  assert.is(reasonOf({ ...file, hold: 'needs_you', attempt: 6 }, { before }), `needs you after 5 failed attempts: ${why}`);
  assert.is(reasonOf({ ...file, hold: 'backoff', attempt: 2 }, { before }), `waits for its next attempt: ${why}`);
});

test('reasonOf: a file of a held route says who holds it, until when, and why', () => {
  const waits = { ...file, hold: 'operator' } as const;
  const until = '2026-11-28T17:00:00.000Z';
  const held = (hold: object): string => reasonOf(waits, { routeHold: { by: 'ann', until: null, reason: '', ...hold } });
  assert.is(held({}), 'its route is held by ann until it is released');
  assert.is(held({ until, reason: 'night shift' }), `its route is held by ann until ${momentText(until)} (night shift)`);
  assert.is(held({ reason: 'x'.repeat(200) }).length, 'its route is held by ann until it is released'.length + 87);
  assert.is(reasonOf({ ...waits, hold: 'space' }, { routeHold: { by: 'ann', until, reason: '' } }), 'waits for room');
});

test('unknownFileText: says where a file is named that a rule leaves alone', () => {
  const text =
    'there is no tracked file with the name or id "note.txt". If it is at the source, "sluice check" says whether a rule leaves it alone';
  assert.is(unknownFileText('note.txt'), text);
});

test.run();
