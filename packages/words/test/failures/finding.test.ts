import { join } from 'node:path';
import { gateCauses } from '@sluice/core/fixtures';
import type { Finding, GateCause } from '@sluice/core/model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { findingText } from '../../src/failures/finding.ts';
import { isForOperators } from '../support/for-operators.ts';

const destination = '/mnt/nas';
const marker = join(destination, '.sluice-destination');

type Row = readonly [cause: GateCause | null, code: string | null, operator: string, technical: string];
type Rows = {
  readonly [Kind in Finding['kind']]: readonly (readonly [Omit<Extract<Finding, { readonly kind: Kind }>, 'kind'>, ...Row])[];
};

const operation = 'create a probe file';
const rows: Rows = {
  not_probed: [[{}, 'unknown', null, 'Sluice is checking the destination and has no answer yet', 'no probe has answered yet']],
  answers: [[{}, null, null, 'the destination is online', 'a probe of /mnt/nas was answered']],
  no_answer: [
    [{ deadlineMs: 1_500 }, 'timeout', 'SILENT', 'the destination does not answer', 'no answer to a probe of /mnt/nas within 1500 ms'],
  ],
  calls_hang: [
    [
      { pids: [17, 4] },
      'hung',
      'HUNG',
      'the destination hangs: calls to it do not return; bring its server back, or unmount it',
      'abandoned processes still inside a call: 17, 4',
    ],
  ],
  prober_lost: [
    [{ how: 'exit 1' }, 'unreachable', 'CHILD_LOST', 'the process that probes the destination ended; Sluice starts another one', 'exit 1'],
  ],
  agent_ends: [[{ operation }, 'unknown', 'ENDED', 'Sluice is stopping', 'create a probe file: ENDED']],
  call_failed: [
    [{ operation }, 'read_only', 'EROFS', '/mnt/nas is read-only; mount it with write access', 'create a probe file: EROFS'],
    [
      { operation },
      'denied',
      'EACCES',
      'Sluice may not write to /mnt/nas; let the user of Sluice write there',
      'create a probe file: EACCES',
    ],
    [{ operation }, 'unreachable', 'ENOTDIR', '/mnt/nas is not a folder', 'create a probe file: ENOTDIR'],
    [
      { operation },
      'unreachable',
      'REMOUNTED',
      'the destination was mounted again; Sluice checks which one it is',
      'create a probe file: REMOUNTED',
    ],
    [
      { operation },
      'unreachable',
      'ENOENT',
      'the folder /mnt/nas is missing; mount the share or create the folder',
      'create a probe file: ENOENT',
    ],
    [{ operation }, 'unreachable', 'EIO', '/mnt/nas cannot be reached (EIO)', 'create a probe file: EIO'],
  ],
  no_room_for_marker: [
    [{ operation }, 'unknown', 'ENOSPC', '/mnt/nas has no room for the marker file; make room there', 'create a probe file: ENOSPC'],
  ],
  marker_refused: [
    [
      { operation: 'link' },
      'unreachable',
      'EIO',
      'Sluice cannot write its marker file to /mnt/nas (link: EIO); let the user of Sluice create files there',
      'link .sluice-destination: EIO',
    ],
  ],
  marker_unclear: [
    [
      { operation: 'read the marker' },
      'unknown',
      'MARKER_UNCLEAR',
      `the marker file of /mnt/nas is empty, cut short or not a regular file; Sluice reads it again; if it stays so, remove ${marker}, then run sluice adopt ROUTE if Sluice reports WRONG DISK`,
      'read the marker: MARKER_UNCLEAR',
    ],
  ],
  marker_denied: [
    [
      { operation: 'read the marker' },
      'denied',
      'EACCES',
      `Sluice may not read the marker file of /mnt/nas; let the user of Sluice read ${marker}`,
      'read the marker: EACCES',
    ],
  ],
  marker_missing: [
    [
      { expected: 'm' },
      'not_the_destination',
      'MARKER',
      'WRONG DISK: the marker file that Sluice left in /mnt/nas is missing; connect the right disk or share, or run sluice adopt ROUTE if this one is meant',
      '.sluice-destination is missing, expected m',
    ],
  ],
  marker_differs: [
    [
      { found: 'n', expected: 'm' },
      'not_the_destination',
      'MARKER',
      'WRONG DISK: /mnt/nas is not the known destination; connect the right disk or share, or run sluice adopt ROUTE if this one is meant',
      '.sluice-destination holds n, expected m',
    ],
  ],
  nothing_mounted: [
    [
      { under: '/mnt' },
      'not_the_destination',
      'MARKER',
      'nothing is mounted at /mnt/nas; mount the share, or run sluice adopt ROUTE if the plain folder is meant',
      '/mnt/nas lies under /mnt, a place for mounts, and nothing is mounted there',
    ],
  ],
  unspecified: [[{ technical: 'what was kept' }, 'timeout', 'SILENT', 'the destination does not answer', 'what was kept']],
};

for (const [kind, ofKind] of Object.entries(rows)) {
  for (const [detail, cause, code, operator, technical] of ofKind) {
    test(`findingText: ${kind}: ${operator}`, () => {
      const finding = { kind, ...detail } as Finding;
      assert.equal(findingText({ destination, cause, code, finding }), { operator, technical });
      assert.ok(isForOperators(operator), operator);
    });
  }
}

test('findingText: a finding without details still has a text for every cause', () => {
  for (const cause of [...gateCauses, null]) {
    const { operator } = findingText({ destination, cause, code: null, finding: { kind: 'unspecified', technical: '' } });
    assert.ok(isForOperators(operator), operator);
  }
});

test.run();
