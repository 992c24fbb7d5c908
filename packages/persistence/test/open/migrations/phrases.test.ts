import type { FileEvent, GateEvent, RouteEvent } from '@sluice/core';
import { type CopyNote, type FileError, fileId, type Refusal } from '@sluice/core/model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fileError, gateEvent } from '../../../src/open/migrations/typed-events/findings.ts';
import { fileEvent, routeEvent } from '../../../src/open/migrations/typed-events/phrases.ts';

// Every phrase and sentence that 0.1.0 wrote, and what it became.

const id = fileId('0f3c51d2-0000-4000-8000-000000000000');
const identity = { device: '8', inode: '4711' };
const who = { by: 'ann from 192.0.2.7', reason: 'wrong take' };

type FileRow = readonly [phrase: string, detail: Readonly<Record<string, unknown>>, to: string | null, event: FileEvent];

const plain: readonly (readonly [string, FileEvent['kind']])[] = [
  ['found', 'found'],
  ['name cannot be carried', 'name_invalid'],
  ['source moves', 'source_changes'],
  ['settled', 'settled'],
  ['recording', 'recording'],
  ['does not come to rest', 'stuck'],
  ['held by its writer', 'held_by_writer'],
  ['gone from the source', 'source_gone'],
  ['source as it was', 'source_unchanged'],
  ['failed too often', 'failed_too_often'],
  ['queued', 'queued'],
  ['destination went away', 'destination_offline'],
  ['destination answers', 'destination_answers'],
  ['no room', 'no_room'],
  ['room again', 'room_again'],
  ['agent started', 'agent_started'],
  ['agent stops', 'agent_stops'],
  ['skipped', 'skipped'],
  ['held', 'route_held'],
  ['hold ended', 'hold_ended'],
  ['source grew', 'source_grew'],
  ['withdrawn', 'withdrawn'],
];

const notes: readonly (readonly [string, CopyNote])[] = [
  ['times not set: EPERM', { kind: 'times_not_set', code: 'EPERM' }],
  ['mode not set: ENOTSUP', { kind: 'mode_not_set', code: 'ENOTSUP' }],
  ['the source was removed while it was carried, and could not be read again', { kind: 'source_removed' }],
  ["the source's change time did not rest; its bytes were the same 3 times", { kind: 'change_time_moved', readings: 3 }],
];

const refusals: readonly (readonly [string, Refusal])[] = [
  ['its route "old one" is not configured any more', { kind: 'route_not_configured', route: 'old one' }],
  ['it is over, and nothing of it is left to be done', { kind: 'nothing_left' }],
  ['its name is not valid UTF-8; rename it at the source', { kind: 'name_invalid' }],
  ['it is about to be carried', { kind: 'about_to_be_copied' }],
  ['it is carried as soon as it comes to rest', { kind: 'not_settled' }],
  ['its route is held by ann from 192.0.2.7; release the route', { kind: 'route_held', by: 'ann from 192.0.2.7' }],
  ['it is carried and just being given its name', { kind: 'being_published' }],
  ['it is skipped already', { kind: 'skipped_already' }],
  ['it is held; retry it', { kind: 'file_held' }],
  ['it is carried and verified already', { kind: 'completed' }],
  ['it is gone from the source', { kind: 'source_gone' }],
  ['it is being carried', { kind: 'being_copied' }],
];

const fileRows: readonly FileRow[] = [
  ...plain.map(([phrase, kind]): FileRow => [phrase, {}, 'READY', { kind } as FileEvent]),
  ['held', {}, null, { kind: 'held' }],
  ['pause over', {}, null, { kind: 'pause_over' }],
  ['same bytes', { mtimeNs: '17' }, null, { kind: 'same_bytes', mtimeNs: '17' }],
  ['found again', { after: id }, 'DISCOVERED', { kind: 'found_again', after: id }],
  ['found again', { after: id }, null, { kind: 'found_again', after: id }],
  ['found again', { by: id }, null, { kind: 'recovery_found', by: id }],
  ['destination not reached', { code: 'EHOSTDOWN' }, 'WAITING_FOR_NETWORK', { kind: 'destination_not_reached', code: 'EHOSTDOWN' }],
  ['name taken', { taken: 'a.mxf' }, null, { kind: 'name_taken', taken: 'a.mxf' }],
  ['renamed', { from: 'a_1.mxf', why: 'a source file has this very name' }, null, { kind: 'name_yielded', from: 'a_1.mxf' }],
  ['copy begins', { part: '.a.part', compare: true }, 'COPYING', { kind: 'copy_begins', part: '.a.part', compare: true }],
  ['copy begins', { part: null }, null, { kind: 'copy_begins', part: null, compare: false }],
  ['created', { part: '.a.part', identity }, null, { kind: 'created', part: '.a.part', identity }],
  ['copied', { hash: '0123', bytes: 5 }, 'VERIFYING', { kind: 'copied', hash: '0123', bytes: 5 }],
  ['publish', { as: 'a', readback: 'direct' }, null, { kind: 'publish', as: 'a', readback: 'direct' }],
  ['claim', { as: 'a', identity: null }, null, { kind: 'claim', as: 'a' }],
  ['claimed', { as: 'a', identity }, null, { kind: 'claimed', as: 'a', identity }],
  ['already there', { as: 'a', notes: [] }, 'COMPLETED', { kind: 'already_there', as: 'a', notes: [] }],
  ['parts removed', { removed: ['.a'], kept: [] }, null, { kind: 'parts_removed', removed: ['.a'], kept: [] }],
  ['leftover to be marked', { from: 'a', to: 'b' }, null, { kind: 'leftover_to_mark', from: 'a', to: 'b' }],
  ['leftover marked', { from: 'a', to: 'b', outcome: 'done' }, null, { kind: 'leftover_marked', from: 'a', to: 'b', outcome: 'done' }],
  ['leftover not marked', { from: 'a', to: 'b', outcome: 'gone' }, null, { kind: 'leftover_marked', from: 'a', to: 'b', outcome: 'gone' }],
  ['network_interruption', { code: 'EIO' }, 'FAILED', { kind: 'failed', error: 'network_interruption', code: 'EIO' }],
  ['skipped', { code: 'SKIPPED' }, 'FAILED', { kind: 'failed', error: 'skipped', code: 'SKIPPED' }],
  ...(['retry', 'skip', 'first'] as const).map((action): FileRow => [`${action} asked`, who, null, { kind: 'asked', action, ...who }]),
  ...refusals.map(
    ([why, refusal]): FileRow => ['skip came too late', { ...who, why }, null, { kind: 'refused', action: 'skip', ...who, why: refusal }],
  ),
  ...notes.map(
    ([note, typed]): FileRow => ['published', { as: 'a', notes: [note] }, 'COMPLETED', { kind: 'published', as: 'a', notes: [typed] }],
  ),
];

for (const [phrase, detail, to, event] of fileRows) {
  test(`fileEvent: ${phrase} ${JSON.stringify(detail)} is ${event.kind}`, () => assert.equal(fileEvent(phrase, detail, to), event));
}

test('fileEvent: a phrase that no released program wrote keeps its text and its detail', () => {
  assert.equal(fileEvent('was seen twice', { times: 2 }, null), { kind: 'was_seen_twice', times: 2 });
  assert.equal(fileEvent('constructor', {}, null), { kind: 'constructor' });
});

const destination = '/mnt/nas';
const routeRows: readonly (readonly [phrase: string, detail: Readonly<Record<string, unknown>>, event: RouteEvent])[] = [
  ['marker intended', { marker: 'm', destination }, { kind: 'marker_intended', marker: 'm', destination }],
  ['destination known', { marker: 'm', destination }, { kind: 'destination_known', marker: 'm', destination }],
  ['destination forgotten', { marker: null, destination }, { kind: 'destination_forgotten', destination }],
  ['destination adopted', { ...who, before: 'm', destination }, { kind: 'destination_adopted', ...who, before: 'm', destination }],
  ['held', { ...who, since: 1, until: null }, { kind: 'held', ...who, since: 1, until: null }],
  ['released', who, { kind: 'released', ...who }],
  ['released', { by: 'Sluice', reason: 'its time is over' }, { kind: 'hold_expired' }],
  ['rescan asked', { by: 'ann', reason: null }, { kind: 'rescan_asked', by: 'ann', reason: null }],
  ['carried first', { sources: ['a'] }, { kind: 'first', sources: ['a'] }],
  ['links are refused', { code: 'EPERM' }, { kind: 'links_refused', code: 'EPERM' }],
  ['parts to be removed', { parts: ['.a'] }, { kind: 'parts_to_remove', parts: ['.a'] }],
  ['source is listed only', { code: 'ENOSPC' }, { kind: 'source_not_watched', code: 'ENOSPC' }],
  ['source ok', { state: 'ok', code: null }, { kind: 'source_state', state: 'ok', code: null, path: null }],
  [
    'source unreadable',
    { state: 'unreadable', code: 'EIO', path: 'd' },
    { kind: 'source_state', state: 'unreadable', code: 'EIO', path: 'd' },
  ],
];

for (const [phrase, detail, event] of routeRows) {
  test(`routeEvent: ${phrase} ${JSON.stringify(detail)} is ${event.kind}`, () => assert.equal(routeEvent(phrase, detail), event));
}

type Closed = Extract<GateEvent, { kind: 'gate_closed' }>;
type GateRow = readonly [operator: string, technical: string, cause: Closed['cause'], code: string | null, finding: Closed['finding']];
const operation = 'create a probe file';
const gateRows: readonly GateRow[] = [
  ['asking the destination', 'no probe has answered yet', 'unknown', null, { kind: 'not_probed' }],
  [
    'the destination has not answered for 1.5 s',
    'no answer to a probe of /mnt/nas within 1500 ms',
    'timeout',
    'SILENT',
    { kind: 'no_answer', deadlineMs: 1_500 },
  ],
  [
    'the destination hangs: calls to it do not return; the mount has to be freed',
    'abandoned processes still inside a call: 17, 4',
    'hung',
    'HUNG',
    { kind: 'calls_hang', pids: [17, 4] },
  ],
  [
    'the question to the destination was lost; it is asked again',
    'exit code 1',
    'unreachable',
    'CHILD_LOST',
    { kind: 'prober_lost', how: 'exit code 1' },
  ],
  ['Sluice is ending', `${operation}: ENDED`, 'unknown', 'ENDED', { kind: 'agent_ends', operation }],
  ['/mnt/nas is read-only', `${operation}: EROFS`, 'read_only', 'EROFS', { kind: 'call_failed', operation }],
  [
    'Sluice may not write to /mnt/nas; give its user the right to',
    `${operation}: EACCES`,
    'denied',
    'EACCES',
    { kind: 'call_failed', operation },
  ],
  ['/mnt/nas is no folder', `${operation}: ENOTDIR`, 'unreachable', 'ENOTDIR', { kind: 'call_failed', operation }],
  [
    'the destination was mounted again; Sluice checks it again',
    `${operation}: REMOUNTED`,
    'unreachable',
    'REMOUNTED',
    { kind: 'call_failed', operation },
  ],
  [
    'the folder /mnt/nas is missing; mount the share or create the folder',
    'open the folder: ENOENT',
    'unreachable',
    'ENOENT',
    { kind: 'call_failed', operation: 'open the folder' },
  ],
  ['/mnt/nas cannot be reached (EIO)', 'statfs: EIO', 'unreachable', 'EIO', { kind: 'call_failed', operation: 'statfs' }],
  ['/mnt/nas has no room for its marker', `${operation}: ENOSPC`, 'unknown', 'ENOSPC', { kind: 'no_room_for_marker', operation }],
  [
    'the marker of /mnt/nas is empty or cut short; it is asked again, and if that does not help, remove /mnt/nas/.sluice-destination',
    'read the marker: MARKER',
    'unknown',
    'MARKER',
    { kind: 'marker_unclear', operation: 'read the marker' },
  ],
  [
    'WRONG DISK: /mnt/nas does not hold what Sluice left there; is the share mounted?',
    '.sluice-destination is missing, expected m',
    'not_the_destination',
    'MARKER',
    { kind: 'marker_missing', expected: 'm' },
  ],
  [
    'WRONG DISK: /mnt/nas is not the destination it was; mount the right one, or adopt this one',
    '.sluice-destination holds n, expected m',
    'not_the_destination',
    'MARKER',
    { kind: 'marker_differs', found: 'n', expected: 'm' },
  ],
  [
    'nothing is mounted at /mnt/nas; mount the share, or adopt the plain folder if it is meant',
    '/mnt/nas lies under /mnt, a place for mounts, and nothing is mounted there',
    'not_the_destination',
    'MARKER',
    { kind: 'nothing_mounted', under: '/mnt' },
  ],
  ['something else', 'and why', 'unreachable', 'EIO', { kind: 'unspecified', technical: 'and why' }],
];

for (const [operator, technical, cause, code, finding] of gateRows) {
  test(`gateEvent: ${operator}`, () => {
    const closed: GateEvent = { kind: 'gate_closed', destination, cause, code, finding };
    assert.equal(gateEvent('closed', { cause, code, operator, technical }, '/mnt/nas'), closed);
    // The path is read from the sentences if they have it.
    if (`${operator} ${technical}`.includes('/mnt/nas')) {
      assert.equal(gateEvent('closed', { cause, code, operator, technical }, ''), closed);
    }
  });
}

test('gateEvent: an opening names its destination', () => {
  const told = { cause: null, code: null, operator: 'the destination is online', technical: 'a probe of /mnt/nas was answered well' };
  assert.equal(gateEvent('open', told, ''), { kind: 'gate_opened', destination: '/mnt/nas' });
});

const errorRows: readonly (readonly [code: string, operator: string, technical: string, FileError['reason'], FileError['follows']])[] = [
  [
    'EIO',
    'the destination went away at 45.2%; a fresh copy (a_1.mxf) waits and is made when the destination is back',
    'write a.mxf on the destination: EIO (i/o error)',
    { kind: 'call', fault: { side: 'destination', code: 'EIO', operation: 'write a.mxf', message: 'i/o error' } },
    { kind: 'attempt', as: 'a_1.mxf', waitsFor: 'network' },
  ],
  [
    'CHILD_LOST',
    'the process that carried it ended, at 45.2%; the destination was not the reason; a fresh copy (d (1); a fresh copy/a.mxf) is made after a pause',
    'create d on the source: x on the destination: CHILD_LOST (not a directory (really))',
    {
      kind: 'call',
      fault: {
        side: 'destination',
        code: 'CHILD_LOST',
        operation: 'create d on the source: x',
        message: 'not a directory (really)',
      },
    },
    { kind: 'attempt', as: 'd (1); a fresh copy/a.mxf', waitsFor: 'backoff' },
  ],
  [
    'SILENT',
    'the destination went away at 3%; a fresh copy (a_1.mxf) waits for room',
    'probe on the destination: SILENT (no answer to a probe of /mnt/nas within 2000 ms)',
    { kind: 'gate', code: 'SILENT', destination: '/mnt/nas', finding: { kind: 'no_answer', deadlineMs: 2_000 } },
    { kind: 'attempt', as: 'a_1.mxf', waitsFor: 'space' },
  ],
  [
    'EIO',
    'the destination went away at 3%; a fresh copy (a_1.mxf) follows',
    'probe on the destination: EIO (statfs: EIO)',
    { kind: 'gate', code: 'EIO', destination: '', finding: { kind: 'call_failed', operation: 'statfs' } },
    { kind: 'attempt', as: 'a_1.mxf', waitsFor: 'turn' },
  ],
  [
    'SKIPPED',
    'it was skipped on request; a fresh copy (a.mxf) waits until it is retried by hand',
    'carry on the destination: SKIPPED (skipped by ann from 192.0.2.7)',
    { kind: 'skipped', by: 'ann from 192.0.2.7' },
    { kind: 'attempt', as: 'a.mxf', waitsFor: 'operator' },
  ],
  [
    'AGENT_GONE',
    'Sluice was stopped while it was being carried, at 0%; a fresh copy (a.mxf) needs you: it failed too often',
    'carry on the destination: AGENT_GONE (the agent ended while this copy ran)',
    { kind: 'agent_gone' },
    { kind: 'attempt', as: 'a.mxf', waitsFor: 'needs_you' },
  ],
  [
    'STOPPED',
    'Sluice was stopped while it was being carried, at 0%; its source is gone, nothing follows',
    'carry on the destination: STOPPED (the agent was stopped while this copy ran)',
    { kind: 'agent_stopped' },
    { kind: 'nothing' },
  ],
];

for (const [code, operator, technical, reason, follows] of errorRows) {
  test(`fileError: ${operator}`, () => {
    const stored = { kind: 'destination_error', code, percent: 45.2, operator, technical };
    assert.equal(fileError(stored), { kind: 'destination_error', percent: 45.2, reason, follows });
  });
}

test.run();
