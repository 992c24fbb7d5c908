import type { FileError, Refusal } from '@sluice/core/model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type AnyCondition, conditionText } from '../../src/conditions/condition-text.ts';
import { refusalText } from '../../src/failures/refusal.ts';
import { isForOperators } from '../support/for-operators.ts';

type Rows<Union extends { readonly kind: string }> = {
  readonly [Kind in Union['kind']]: readonly [Omit<Extract<Union, { readonly kind: Kind }>, 'kind'>, text: string];
};

const offline = {
  destination: '/mnt/nas',
  cause: 'unreachable',
  code: 'EIO',
  finding: { kind: 'call_failed', operation: 'statfs' },
} as const;
const refusals: Rows<Refusal> = {
  route_not_configured: [{ route: 'old' }, 'its route "old" is no longer configured'],
  unknown_route: [{ route: 'x', routes: ['a', 'b'] }, 'there is no route "x"; the routes are a, b'],
  nothing_left: [{}, 'it has ended; there is nothing left to do'],
  name_invalid: [{}, 'its name is not valid UTF-8; rename it at the source'],
  about_to_be_copied: [{}, 'it is about to be copied'],
  not_settled: [{}, 'it is copied as soon as it stops changing'],
  route_held: [{ by: 'ann' }, 'its route is held by ann; release the route'],
  being_published: [{}, 'its copy is verified and is getting its final name'],
  skipped_already: [{}, 'it is already skipped'],
  file_held: [{}, 'it is skipped or needs you; retry it first'],
  completed: [{}, 'it is already copied and verified'],
  source_gone: [{}, 'it is no longer at the source'],
  nothing_to_acknowledge: [{}, 'no file vanished before it was copied'],
  being_copied: [{}, 'it is being copied'],
  not_held: [{}, 'it is not held'],
  no_leftovers: [{}, 'it has no leftover that a complete copy has replaced'],
  destination_online: [{}, 'its destination is online and is the known one; there is nothing to adopt'],
  destination_offline: [
    offline,
    'its destination is offline (/mnt/nas cannot be reached (EIO)), so its content is unknown; try again when it is online',
  ],
};

for (const [kind, [detail, text]] of Object.entries(refusals)) {
  test(`refusalText: ${kind}: ${text}`, () => {
    assert.is(refusalText({ kind, ...detail } as Refusal), text);
    assert.ok(isForOperators(text));
  });
}

const fault = { side: 'destination', code: 'EIO', operation: 'write a.mxf', message: 'i/o error' } as const;
const error: FileError = {
  kind: 'destination_error',
  percent: 45.2,
  reason: { kind: 'call', fault },
  follows: { kind: 'attempt', as: 'a_1.mxf', waitsFor: 'needs_you' },
};

test('conditionText: a failure that no later attempt would change is described as it happened', () => {
  const failedBy = (code: string, message: string): string =>
    conditionText({
      kind: 'failed_too_often',
      source: 'a.mxf',
      destination: 'a.mxf',
      error: { ...error, reason: { kind: 'call', fault: { ...fault, code, message } } },
    });
  assert.is(
    failedBy('EFBIG', 'it stopped at 4294967295 bytes'),
    'a.mxf: the destination cannot hold a file this large (it stopped at 4294967295 bytes); needs you: use another filesystem, then retry it',
  );
  assert.match(
    failedBy('ENAMETOOLONG', '143 bytes are taken there'),
    /^a\.mxf: the name of this file is too long for the destination \(143 .*\); needs you: shorten/,
  );
});

const conditions: Rows<AnyCondition> = {
  file_stuck: [{ source: 'a.mxf' }, 'a.mxf needs you: it is still changing and cannot be copied yet'],
  name_invalid: [{ source: 'a.mxf' }, 'a.mxf needs you: its name is not valid UTF-8'],
  failed_too_often: [
    { source: 'a.mxf', destination: 'a.mxf', error },
    'a.mxf: the destination reported an error for this file (EIO), at 45.2%; a new copy (a_1.mxf) needs you, because the file failed too often',
  ],
  destination_offline: [{ ...offline, forMs: 60_000 }, '/mnt/nas cannot be reached (EIO); this has lasted 1 min'],
  source_away: [
    { state: 'missing', code: 'ENOENT', path: null, forMs: 90_000 },
    'the source is missing (ENOENT); none of its files is treated as removed; this has lasted 1 min',
  ],
  no_room: [
    {
      forMs: 60_000,
      room: {
        isFull: true,
        freeBytes: 1.99e9,
        totalBytes: 1e11,
        keepFree: { share: 0.02 },
        reservedBytes: 0,
        files: 0,
        bytes: 0,
        tooLarge: null,
      },
    },
    'the destination is full: 1.99 GB free; space.keep_free = 2%, 2.00 GB must stay free; this has lasted 1 min',
  ],
  file_lost: [{ source: 'a.mxf', isEmptied: false }, 'a.mxf vanished at the source before it was copied'],
  source_nearly_full: [
    { forMs: 0, freeBytes: 3e9, warnBelow: { share: 0.05 } },
    'the source is nearly full: 3.00 GB free, source_warn_below = 5%',
  ],
  files_need_you: [{ forMs: 0, files: 2, source: 'a.mxf' }, '2 files need you, such as a.mxf'],
  files_lost: [{ forMs: 0, files: 2, source: 'a.mxf' }, '2 files vanished at the source before they were copied, such as a.mxf'],
  removal_failing: [
    { forMs: 0, files: 1, source: 'a.mxf', code: 'EROFS' },
    'a.mxf was copied and cannot be removed at the source: the filesystem is read-only',
  ],
  journal_not_writable: [
    { forMs: 60_000, code: 'SQLITE_FULL' },
    'the journal cannot be written (SQLITE_FULL): no copy starts or finishes until it can; this has lasted 1 min',
  ],
  state_disk_nearly_full: [
    { forMs: 0, stateDir: '/var/lib/sluice', freeBytes: 1.2e8 },
    'the disk of the state folder /var/lib/sluice is nearly full: 120 MB free',
  ],
};

for (const [kind, [detail, text]] of Object.entries(conditions)) {
  test(`conditionText: ${kind}: ${text}`, () => {
    assert.is(conditionText({ kind, ...detail } as AnyCondition), text);
    assert.ok(isForOperators(text));
  });
}

test.run();
