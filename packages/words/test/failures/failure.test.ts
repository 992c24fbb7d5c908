import { errorKinds } from '@sluice/core/fixtures';
import type { FileError } from '@sluice/core/model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { failureText, problemText, remedyText } from '../../src/failures/failure.ts';
import { isForOperators } from '../support/for-operators.ts';

type Reason = FileError['reason'];
type Follows = FileError['follows'];

const call = (code: string, side: 'source' | 'destination' = 'destination'): Reason => ({
  kind: 'call',
  fault: { side, code, operation: 'write day1/clip.mxf', message: 'it went wrong' },
});
const gate: Extract<Reason, { kind: 'gate' }> = {
  kind: 'gate',
  code: 'SILENT',
  destination: '/mnt/nas',
  finding: { kind: 'no_answer', deadlineMs: 10_000 },
};
const soon: Follows = { kind: 'attempt', as: 'clip_1.mxf', waitsFor: 'turn' };
const errorOf = (kind: FileError['kind'], reason: Reason, percent = 45.2, follows: Follows = soon): FileError => ({
  kind,
  percent,
  reason,
  follows,
});

const byCall = (code: string, side = 'destination') => `write day1/clip.mxf on the ${side}: ${code} (it went wrong)`;
const inTheWay = 'where a folder of this name is needed';

const rows: { readonly [Kind in FileError['kind']]: readonly (readonly [Reason, operator: string, technical: string])[] } = {
  network_interruption: [
    [call('EIO'), 'the destination went offline, at 45.2%', byCall('EIO')],
    [call('EROFS'), 'the destination became read-only, at 45.2%', byCall('EROFS')],
    [call('EACCES'), 'Sluice lost the right to write to the destination (permission denied), at 45.2%', byCall('EACCES')],
    [call('MARKER'), 'another disk took the place of the destination, at 45.2%', byCall('MARKER')],
    [
      { ...gate, code: 'MARKER_UNCLEAR', finding: { kind: 'marker_unclear', operation: 'read the marker' } },
      'the marker file of the destination became empty, cut short or something other than a regular file, at 45.2%',
      'probe of the destination: MARKER_UNCLEAR (read the marker: MARKER_UNCLEAR)',
    ],
    [gate, 'the destination went offline, at 45.2%', 'probe of the destination: SILENT (no answer to a probe of /mnt/nas within 10000 ms)'],
    [
      { ...gate, code: 'EROFS', finding: { kind: 'call_failed', operation: 'create /mnt/nas/.probe' } },
      'the destination became read-only, at 45.2%',
      'probe of the destination: EROFS (create /mnt/nas/.probe: EROFS)',
    ],
    [
      { ...gate, code: 'MARKER', finding: { kind: 'marker_missing', expected: 'm' } },
      'another disk took the place of the destination, at 45.2%',
      'probe of the destination: MARKER (.sluice-destination is missing, expected m)',
    ],
  ],
  destination_full: [[call('ENOSPC'), 'the destination is full, at 45.2%', byCall('ENOSPC')]],
  destination_denied: [[call('EACCES'), 'the destination refused the file (permission denied), at 45.2%', byCall('EACCES')]],
  destination_error: [
    [call('EINVAL'), 'the destination reported an error for this file (EINVAL), at 45.2%', byCall('EINVAL')],
    [call('ENAMETOOLONG'), 'the name of this file is too long for the destination', byCall('ENAMETOOLONG')],
    [call('FOLDER_TOO_LONG'), 'the name of a folder above this file is too long for the destination', byCall('FOLDER_TOO_LONG')],
    [call('PATH_TOO_LONG'), 'the path of this file is too long for the destination', byCall('PATH_TOO_LONG')],
    [call('ENOTDIR'), `the destination has a file ${inTheWay}; move that file away`, byCall('ENOTDIR')],
    [call('EEXIST'), `the destination has a file ${inTheWay}; move that file away`, byCall('EEXIST')],
    [call('LINKED'), `the destination has a link or a file ${inTheWay}; Sluice does not follow links`, byCall('LINKED')],
    [
      call('SAME_FILE'),
      'the file at the destination is the source file itself: source and destination are the same folder',
      byCall('SAME_FILE'),
    ],
    [call('DIVERTED'), 'this folder of the destination is on a different mount; make a separate route for it', byCall('DIVERTED')],
    [
      call('MARKER_UNCLEAR'),
      'the marker file of the destination was empty, cut short or not a regular file when this copy began or ended',
      byCall('MARKER_UNCLEAR'),
    ],
    [call('CHILD_LOST'), 'the process that copied this file ended, at 45.2%; the destination did not cause it', byCall('CHILD_LOST')],
    [call('SILENT'), 'the destination took too long with this file, at 45.2%', byCall('SILENT')],
    [call('SHORT'), 'the destination has fewer bytes than were written, at 45.2%', byCall('SHORT')],
    [call('LOST'), 'the unfinished copy is no longer at the destination, at 45.2%', byCall('LOST')],
  ],
  source_unreadable: [
    [call('EIO', 'source'), 'the source file could not be read (EIO), at 45.2%', byCall('EIO', 'source')],
    [call('EACCES', 'source'), 'the source file could not be read (permission denied), at 45.2%', byCall('EACCES', 'source')],
    [call('SILENT', 'source'), 'the source stopped answering, at 45.2%', byCall('SILENT', 'source')],
  ],
  source_changed: [[call('CHANGED', 'source'), 'another file took the path of the source file, at 45.2%', byCall('CHANGED', 'source')]],
  checksum_mismatch: [[call('MISMATCH'), 'the bytes read back differ from the bytes written', byCall('MISMATCH')]],
  agent_stopped: [
    [{ kind: 'agent_stopped' }, 'Sluice was stopped during the copy, at 45.2%', 'copy: STOPPED (Sluice was stopped while this copy ran)'],
    [
      { kind: 'agent_gone' },
      'Sluice ended unexpectedly during the copy; how far the copy was is unknown',
      'copy: AGENT_GONE (Sluice ended while this copy ran)',
    ],
  ],
  skipped: [[{ kind: 'skipped', by: 'ann' }, 'an operator skipped it', 'copy: SKIPPED (skipped by ann)']],
};

test('failureText: every kind of error has a row', () => assert.equal(Object.keys(rows).sort(), [...errorKinds].sort()));

for (const [kind, ofKind] of Object.entries(rows) as [FileError['kind'], (typeof rows)['skipped']][]) {
  for (const [reason, operator, technical] of ofKind) {
    test(`failureText: ${kind}: ${operator}`, () => {
      const text = failureText(errorOf(kind, reason), 'day1/clip.mxf');
      assert.equal(text, { operator: `${operator}; a new copy (clip_1.mxf) follows`, technical });
      assert.ok(isForOperators(text.operator), operator);
    });
  }
}

const nextRows: { readonly [Waits in Extract<Follows, { kind: 'attempt' }>['waitsFor']]: string } = {
  turn: 'a new copy (clip_1.mxf) follows',
  network: 'a new copy (clip_1.mxf) starts when the destination is online again',
  space: 'a new copy (clip_1.mxf) starts when there is room',
  backoff: 'a new copy (clip_1.mxf) starts after a pause',
  operator: 'a new copy (clip_1.mxf) starts when an operator retries the file',
  needs_you: 'a new copy (clip_1.mxf) needs you, because the file failed too often',
};
const nextOf = (follows: Follows): string => failureText(errorOf('destination_full', call('ENOSPC'), 1, follows), 'a').operator;

for (const [waitsFor, text] of Object.entries(nextRows)) {
  test(`failureText: what follows: ${waitsFor}: ${text}`, () => {
    const follows = { kind: 'attempt', as: 'clip_1.mxf', waitsFor } as Follows;
    assert.is(nextOf(follows), `the destination is full, at 1%; ${text}`);
  });
}

test('failureText: a file that is too big: says so, where it stopped, and what to do', () => {
  const fault = { side: 'destination', code: 'EFBIG', operation: 'write a', message: 'it stopped at 4294967295 bytes' } as const;
  const { operator } = failureText(errorOf('destination_error', { kind: 'call', fault }), 'a');
  assert.is(
    operator,
    'the destination cannot hold a file this large (it stopped at 4294967295 bytes); needs you: use another filesystem, then retry it',
  );
  assert.ok(isForOperators(operator));
});

for (const [code, operator] of [
  [
    'ENAMETOOLONG',
    'the name of this file is too long for the destination (it takes names of up to 143 bytes); needs you: shorten its name at the source, then retry it',
  ],
  [
    'FOLDER_TOO_LONG',
    'the name of a folder above this file is too long for the destination (it takes names of up to 143 bytes); needs you: shorten the name of the folder at the source, then retry it',
  ],
  [
    'PATH_TOO_LONG',
    'the path of this file is too long for the destination (it takes names of up to 143 bytes); needs you: shorten the names of its folders at the source, or move it up, then retry it',
  ],
] as const) {
  test(`failureText: ${code} says what was too long, what is accepted, and what to do`, () => {
    const fault = { side: 'destination', code, operation: 'create a', message: 'it takes names of up to 143 bytes' } as const;
    const follows: Follows = { kind: 'attempt', as: 'a', waitsFor: 'needs_you' };
    assert.is(failureText(errorOf('destination_error', { kind: 'call', fault }, 0, follows), 'a').operator, operator);
  });
}

test('failureText: nothing follows if the source file is gone', () => {
  assert.is(nextOf({ kind: 'nothing' }), 'the destination is full, at 1%; no copy follows, because the file is gone from the source');
});

const follows = 'a new copy (clip_1.mxf) follows';
for (const [code, name, operator] of [
  [
    'EINVAL',
    'day1/12:30.mxf',
    'the destination refused the name of the file (EINVAL): on Windows a name cannot contain ":"; rename it at the source',
  ],
  [
    'ENOENT',
    'aux.mxf',
    'the destination refused the name of the file (ENOENT): on Windows AUX is the name of a device; rename it at the source',
  ],
  [
    'UNKNOWN',
    'a.',
    'the destination refused the name of the file (UNKNOWN): on Windows a name cannot end with a dot; rename it at the source',
  ],
  ['EINVAL', 'a.mxf', 'the destination reported an error for this file (EINVAL), at 0%'],
  ['EIO', '12:30.mxf', 'the destination reported an error for this file (EIO), at 0%'],
] as const) {
  test(`failureText: ${code} for ${name}: ${operator}`, () => {
    const text = failureText(errorOf('destination_error', call(code), 0), name);
    assert.is(text.operator, `${operator}; ${follows}`);
    assert.ok(isForOperators(text.operator));
  });
}

test('failureText: a file waits for the end of exactly what happened', () => {
  const network: Follows = { kind: 'attempt', as: 'clip_1.mxf', waitsFor: 'network' };
  const of = (code: string, finding: Extract<Reason, { kind: 'gate' }>['finding']): string =>
    failureText(errorOf('network_interruption', { ...gate, code, finding }, 1, network), 'a').operator;
  assert.match(of('EROFS', { kind: 'call_failed', operation: 'create' }), /starts when the destination is writable again$/);
  assert.match(of('MARKER', { kind: 'marker_differs', found: 'a', expected: 'b' }), /starts when the right disk is back$/);
  assert.match(of('MARKER_UNCLEAR', { kind: 'marker_unclear', operation: 'read' }), /starts when the marker file can be read again$/);
  assert.match(of('EACCES', { kind: 'call_failed', operation: 'create' }), /starts when Sluice may write there again$/);
  assert.match(of('EIO', { kind: 'call_failed', operation: 'create' }), /starts when the destination is online again$/);
});

test('problemText: what clients know about an error is enough for its first half', () => {
  const known = { kind: 'source_unreadable', percent: 0, code: 'EACCES' } as const;
  assert.is(problemText(known, 'a.mxf'), 'the source file could not be read (permission denied), at 0%');
});

test('remedyText: every error that a person can correct has a remedy, and others have none', () => {
  const remedies = errorKinds.map((kind) => [kind, remedyText({ kind, percent: 0, code: 'EIO' })]);
  const without = remedies.filter(([, text]) => text === null).map(([kind]) => kind);
  assert.equal(new Set(without), new Set(['agent_stopped', 'skipped', 'source_changed']));
  assert.is(remedyText({ kind: 'source_unreadable', percent: 0, code: 'EACCES' }), 'let Sluice read the file');
  assert.is(remedyText({ kind: 'destination_error', percent: 0, code: 'ENAMETOOLONG' }), 'shorten its name at the source');
});

test.run();
