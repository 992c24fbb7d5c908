import type { Condition } from '@sluice/core';
import type { Refusal } from '@sluice/core/model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { conditionText } from '../../src/failures/condition.ts';
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
  unknown_route: [{ route: 'x', routes: ['a', 'b'] }, 'there is no route "x"; there are a, b'],
  nothing_left: [{}, 'it has ended, and nothing is left to do'],
  name_invalid: [{}, 'its name is not valid UTF-8; rename it at the source'],
  about_to_be_copied: [{}, 'it is about to be copied'],
  not_settled: [{}, 'it is copied as soon as it stops changing'],
  route_held: [{ by: 'ann' }, 'its route is held by ann; release the route'],
  being_published: [{}, 'it is copied and gets its final name just now'],
  skipped_already: [{}, 'it is skipped already'],
  file_held: [{}, 'it is held; retry it'],
  completed: [{}, 'it is copied and verified already'],
  source_gone: [{}, 'it is gone from the source'],
  nothing_to_acknowledge: [{}, 'nothing of it has vanished'],
  being_copied: [{}, 'it is being copied'],
  not_held: [{}, 'it is not held'],
  destination_online: [{}, 'its destination is online, and the known one'],
  destination_offline: [offline, 'its destination is offline (/mnt/nas cannot be reached (EIO)); its content cannot be known'],
};

for (const [kind, [detail, text]] of Object.entries(refusals)) {
  test(`refusalText: ${kind}: ${text}`, () => {
    assert.is(refusalText({ kind, ...detail } as Refusal), text);
    assert.ok(isForOperators(text));
  });
}

const conditions: Rows<Condition> = {
  file_stuck: [{ source: 'a.mxf' }, 'a.mxf is still changing and cannot be copied yet'],
  name_invalid: [{ source: 'a.mxf' }, 'a.mxf needs you: its name is not valid UTF-8; rename it at the source'],
  failed_too_often: [{ source: 'a.mxf' }, 'a.mxf needs you: it failed too often'],
  destination_offline: [{ ...offline, forMs: 60_000 }, '/mnt/nas cannot be reached (EIO); it has been so for 1 min'],
  source_away: [
    { state: 'missing', code: 'ENOENT', path: null, forMs: 90_000 },
    'the source is missing (ENOENT); the state of its files is unknown; it has been so for 1 min',
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
    'the destination is full: 1.99 GB free; space.keep_free = 2%, 2.00 GB must stay free; it has been so for 1 min',
  ],
};

for (const [kind, [detail, text]] of Object.entries(conditions)) {
  test(`conditionText: ${kind}: ${text}`, () => {
    assert.is(conditionText({ kind, ...detail } as Condition), text);
    assert.ok(isForOperators(text));
  });
}

test.run();
