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
    [call('EIO'), 'the destination went away at 45.2%', byCall('EIO')],
    [call('EROFS'), 'the destination became read-only at 45.2%', byCall('EROFS')],
    [call('EACCES'), 'Sluice may no longer write to the destination (permission denied), at 45.2%', byCall('EACCES')],
    [call('MARKER'), 'another disk came to the place of the destination at 45.2%', byCall('MARKER')],
    [
      { ...gate, code: 'MARKER_UNCLEAR', finding: { kind: 'marker_unclear', operation: 'read the marker' } },
      'the marker of the destination became empty, was cut short or is not a regular file any more, at 45.2%',
      'probe of the destination: MARKER_UNCLEAR (read the marker: MARKER_UNCLEAR)',
    ],
    [gate, 'the destination went away at 45.2%', 'probe of the destination: SILENT (no answer to a probe of /mnt/nas within 10000 ms)'],
    [
      { ...gate, code: 'EROFS', finding: { kind: 'call_failed', operation: 'create /mnt/nas/.probe' } },
      'the destination became read-only at 45.2%',
      'probe of the destination: EROFS (create /mnt/nas/.probe: EROFS)',
    ],
    [
      { ...gate, code: 'MARKER', finding: { kind: 'marker_missing', expected: 'm' } },
      'another disk came to the place of the destination at 45.2%',
      'probe of the destination: MARKER (.sluice-destination is missing, expected m)',
    ],
  ],
  destination_full: [[call('ENOSPC'), 'the destination is full, at 45.2%', byCall('ENOSPC')]],
  destination_denied: [[call('EACCES'), 'the destination refused the file (permission denied), at 45.2%', byCall('EACCES')]],
  destination_error: [
    [call('EINVAL'), 'the destination failed on this file (EINVAL), at 45.2%', byCall('EINVAL')],
    [call('ENAMETOOLONG'), 'its name is too long for the destination', byCall('ENAMETOOLONG')],
    [call('FOLDER_TOO_LONG'), 'the name of a folder above it is too long for the destination', byCall('FOLDER_TOO_LONG')],
    [call('PATH_TOO_LONG'), 'its path is too long for the destination', byCall('PATH_TOO_LONG')],
    [call('ENOTDIR'), `the destination has a file ${inTheWay}; move it away`, byCall('ENOTDIR')],
    [call('EEXIST'), `the destination has a file ${inTheWay}; move it away`, byCall('EEXIST')],
    [call('LINKED'), `the destination has a link or a file ${inTheWay}; Sluice does not follow it`, byCall('LINKED')],
    [call('SAME_FILE'), 'at the destination this is the source file itself: source and destination are one folder', byCall('SAME_FILE')],
    [call('DIVERTED'), 'at the destination this folder is on another mount than the rest; give it a route', byCall('DIVERTED')],
    [
      call('MARKER_UNCLEAR'),
      'the marker of the destination was empty, cut short or no regular file when this copy began or ended',
      byCall('MARKER_UNCLEAR'),
    ],
    [call('CHILD_LOST'), 'the process that copied it ended, at 45.2%; the destination was not the reason', byCall('CHILD_LOST')],
    [call('SILENT'), 'the destination took too long over this file, at 45.2%', byCall('SILENT')],
  ],
  source_unreadable: [
    [call('EIO', 'source'), 'the source could not be read (EIO), at 45.2%', byCall('EIO', 'source')],
    [call('EACCES', 'source'), 'the source could not be read (permission denied), at 45.2%', byCall('EACCES', 'source')],
    [call('SILENT', 'source'), 'the source stopped answering, at 45.2%', byCall('SILENT', 'source')],
  ],
  source_changed: [[call('CHANGED', 'source'), 'the source was replaced by another file, at 45.2%', byCall('CHANGED', 'source')]],
  checksum_mismatch: [[call('MISMATCH'), 'the bytes read back differ from the bytes written', byCall('MISMATCH')]],
  agent_stopped: [
    [{ kind: 'agent_stopped' }, 'Sluice was stopped during the copy, at 45.2%', 'copy: STOPPED (Sluice was stopped while this copy ran)'],
    [
      { kind: 'agent_gone' },
      'Sluice ended without warning during the copy; how far it was is not known',
      'copy: AGENT_GONE (Sluice ended while this copy ran)',
    ],
  ],
  skipped: [[{ kind: 'skipped', by: 'ann' }, 'it was skipped on request', 'copy: SKIPPED (skipped by ann)']],
};

test('failureText: every kind of error has a row', () => assert.equal(Object.keys(rows).sort(), [...errorKinds].sort()));

for (const [kind, ofKind] of Object.entries(rows) as [FileError['kind'], (typeof rows)['skipped']][]) {
  for (const [reason, operator, technical] of ofKind) {
    test(`failureText: ${kind}: ${operator}`, () => {
      const text = failureText(errorOf(kind, reason), 'day1/clip.mxf');
      assert.equal(text, { operator: `${operator}; a fresh copy (clip_1.mxf) follows`, technical });
      assert.ok(isForOperators(text.operator), operator);
    });
  }
}

const nextRows: { readonly [Waits in Extract<Follows, { kind: 'attempt' }>['waitsFor']]: string } = {
  turn: 'a fresh copy (clip_1.mxf) follows',
  network: 'a fresh copy (clip_1.mxf) waits and is made when the destination is back',
  space: 'a fresh copy (clip_1.mxf) waits for room',
  backoff: 'a fresh copy (clip_1.mxf) is made after a pause',
  operator: 'a fresh copy (clip_1.mxf) waits until it is retried by hand',
  needs_you: 'a fresh copy (clip_1.mxf) needs you: it failed too often',
};
const nextOf = (follows: Follows): string => failureText(errorOf('destination_full', call('ENOSPC'), 1, follows), 'a').operator;

for (const [waitsFor, text] of Object.entries(nextRows)) {
  test(`failureText: what follows: ${waitsFor}: ${text}`, () => {
    const follows = { kind: 'attempt', as: 'clip_1.mxf', waitsFor } as Follows;
    assert.is(nextOf(follows), `the destination is full, at 1%; ${text}`);
  });
}

test('failureText: a file that is too big says so, where it stopped, and what to do', () => {
  const fault = { side: 'destination', code: 'EFBIG', operation: 'write a', message: 'it stopped at 4294967295 bytes' } as const;
  const { operator } = failureText(errorOf('destination_error', { kind: 'call', fault }), 'a');
  assert.is(
    operator,
    'the destination holds no file this big (it stopped at 4294967295 bytes); it needs you: use another filesystem, then retry it',
  );
  assert.ok(isForOperators(operator));
});

for (const [code, operator] of [
  [
    'ENAMETOOLONG',
    'its name is too long for the destination (names of up to 143 bytes are taken there); it needs you: shorten its name at the source',
  ],
  [
    'FOLDER_TOO_LONG',
    'the name of a folder above it is too long for the destination (names of up to 143 bytes are taken there); it needs you: shorten the name of the folder at the source',
  ],
  [
    'PATH_TOO_LONG',
    'its path is too long for the destination (names of up to 143 bytes are taken there); it needs you: shorten the names of its folders at the source, or move it up',
  ],
] as const) {
  test(`failureText: ${code} says what was too long, what is taken, and what to do`, () => {
    const fault = { side: 'destination', code, operation: 'create a', message: 'names of up to 143 bytes are taken there' } as const;
    const follows: Follows = { kind: 'attempt', as: 'a', waitsFor: 'needs_you' };
    assert.is(failureText(errorOf('destination_error', { kind: 'call', fault }, 0, follows), 'a').operator, operator);
  });
}

test('failureText: nothing follows where the source is gone', () => {
  assert.is(nextOf({ kind: 'nothing' }), 'the destination is full, at 1%; its source is gone, nothing follows');
});

const follows = 'a fresh copy (clip_1.mxf) follows';
for (const [code, name, operator] of [
  ['EINVAL', 'day1/12:30.mxf', 'the destination refused its name (EINVAL): on Windows no name may hold :; rename it at the source'],
  ['ENOENT', 'aux.mxf', 'the destination refused its name (ENOENT): on Windows AUX is the name of a device; rename it at the source'],
  ['UNKNOWN', 'a.', 'the destination refused its name (UNKNOWN): on Windows no name may end in a dot; rename it at the source'],
  ['EINVAL', 'a.mxf', 'the destination failed on this file (EINVAL), at 0%'],
  ['EIO', '12:30.mxf', 'the destination failed on this file (EIO), at 0%'],
] as const) {
  test(`failureText: ${code} for ${name}: ${operator}`, () => {
    const text = failureText(errorOf('destination_error', call(code), 0), name);
    assert.is(text.operator, `${operator}; ${follows}`);
    assert.ok(isForOperators(text.operator));
  });
}

test('failureText: what is waited for is what happened', () => {
  const network: Follows = { kind: 'attempt', as: 'clip_1.mxf', waitsFor: 'network' };
  const of = (code: string, finding: Extract<Reason, { kind: 'gate' }>['finding']): string =>
    failureText(errorOf('network_interruption', { ...gate, code, finding }, 1, network), 'a').operator;
  assert.match(of('EROFS', { kind: 'call_failed', operation: 'create' }), /is made when the destination can be written again$/);
  assert.match(of('MARKER', { kind: 'marker_differs', found: 'a', expected: 'b' }), /is made when the right disk is back$/);
  assert.match(of('MARKER_UNCLEAR', { kind: 'marker_unclear', operation: 'read' }), /is made when its marker can be read again$/);
  assert.match(of('EACCES', { kind: 'call_failed', operation: 'create' }), /is made when Sluice may write there again$/);
  assert.match(of('EIO', { kind: 'call_failed', operation: 'create' }), /is made when the destination is back$/);
});

test('problemText: what clients know of an error is enough for its first half', () => {
  const known = { kind: 'source_unreadable', percent: 0, code: 'EACCES' } as const;
  assert.is(problemText(known, 'a.mxf'), 'the source could not be read (permission denied), at 0%');
});

test('remedyText: what a person can mend has a remedy, and the rest has none', () => {
  const remedies = errorKinds.map((kind) => [kind, remedyText({ kind, percent: 0, code: 'EIO' })]);
  const without = remedies.filter(([, text]) => text === null).map(([kind]) => kind);
  assert.equal(new Set(without), new Set(['agent_stopped', 'skipped', 'source_changed']));
  assert.is(remedyText({ kind: 'source_unreadable', percent: 0, code: 'EACCES' }), 'let Sluice read the file');
  assert.is(remedyText({ kind: 'destination_error', percent: 0, code: 'ENAMETOOLONG' }), 'shorten its name at the source');
});

test.run();
