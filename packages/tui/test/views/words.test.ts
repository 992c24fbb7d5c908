import { env } from 'node:process';
import type { FileJson, ScreenRoute } from '@sluice/control';
import { errorKinds, gateCauses } from '@sluice/core/fixtures';
import { type GateCause, statuses } from '@sluice/core/model';
import { type ShownHold, shortTime, sourceTrouble } from '@sluice/words';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { offlineText } from '../../src/views/above/offline-banner.ts';
import { causeText, routeWords } from '../../src/views/words/destination-words.ts';
import { fileWords } from '../../src/views/words/file-words.ts';
import { removedText } from '../../src/views/words/removal-words.ts';
import { file, now, offline, online, route } from './sample-model.ts';
import { unicode } from './themes.ts';

env['TZ'] = 'UTC';

const error = { kind: 'network_interruption', code: 'EIO', percent: 45.2, operator: 'o', technical: 't' } as const;
const hash = { algorithm: 'xxh64', value: '0123456789abcdef' } as const;

/** Mark and word, the text after them, and both in brief. */
const files: readonly [change: Partial<FileJson>, phaseDone: number | null, state: string, progress: string, brief: string][] = [
  [{ status: 'DISCOVERED' }, null, '~ FOUND', 'checking for changes', '~ FOUND checking for changes'],
  [{ status: 'GROWING' }, null, '~ GROWING', 'still changing', '~ GROWING still changing'],
  [{ status: 'GROWING', bytesPerSecond: 38e6 }, null, '~ GROWING', '+38 MB/s', '~ GROWING +38 MB/s'],
  [{ status: 'GROWING', hold: 'needs_you' }, null, '! GROWING', 'Needs you: still changing', '! GROWING Needs you: still changing'],
  [{ status: 'READY' }, null, '~ READY', 'Waiting its turn', '~ READY Waiting its turn'],
  [{ status: 'READY', hold: 'network' }, null, '~ READY', 'Waiting for network', '~ READY Waiting for network'],
  [{ status: 'READY', hold: 'network', growing: true }, null, '~ READY', 'Recording; no network', '~ READY Recording; no network'],
  [{ status: 'READY', hold: 'space' }, null, '~ READY', 'Waiting for room', '~ READY Waiting for room'],
  [{ status: 'READY', hold: 'backoff' }, null, '~ READY', 'Waiting to try again', '~ READY Waiting to try again'],
  [{ status: 'READY', hold: 'operator' }, null, '~ READY', 'Route held', '~ READY Route held'],
  [{ status: 'READY', hold: 'needs_you' }, null, '! READY', 'Needs you', '! READY Needs you'],
  [{ status: 'READY', hold: 'needs_you', nameValid: false }, null, '! READY', 'Needs you: rename it', '! READY Needs you: rename it'],
  [{ status: 'WAITING_FOR_NETWORK', hold: 'network' }, null, '~ WAITING', 'Waiting for network', '~ WAITING Waiting for network'],
  [{ status: 'WAITING_FOR_SPACE', hold: 'space' }, null, '~ WAITING', 'Waiting for room', '~ WAITING Waiting for room'],
  [{ status: 'IN_QUEUE' }, null, '~ QUEUED', 'Waiting its turn', '~ QUEUED Waiting its turn'],
  [{ status: 'COPYING', percent: 41.9 }, null, '> COPYING', '41%', '> COPYING 41%'],
  [
    { status: 'GROWING_COPY', phase: 'following', behindBytes: 12e6 },
    null,
    '> COPYING',
    'RECORDING 12 MB behind',
    '> RECORDING 12 MB behind',
  ],
  [{ status: 'GROWING_COPY', phase: 'draining' }, null, '> COPYING', 'CATCHING UP', '> CATCHING UP'],
  [{ status: 'GROWING_COPY', phase: 'settling' }, 0.4, '> COPYING', 'RECHECKING SOURCE 40%', '> RECHECKING SOURCE 40%'],
  [{ status: 'GROWING_COPY', phase: 'settling' }, null, '> COPYING', 'RECHECKING SOURCE', '> RECHECKING SOURCE'],
  [{ status: 'VERIFYING', phase: 'reading_back' }, 0.72, '> VERIFY', 'READING BACK 72%', '> READING BACK 72%'],
  [
    { status: 'VERIFYING', phase: 'reading_back', hold: 'network' },
    0.72,
    '~ VERIFY',
    'Waiting for network',
    '~ VERIFY Waiting for network',
  ],
  [{ status: 'COMPLETED', copied: true, readback: 'direct', hash }, null, '= DONE', 'verified xxh64', '= verified'],
  [{ status: 'COMPLETED', copied: true, readback: 'cached', hash }, null, '= DONE', 'verified (cache only)', '= verified (cache only)'],
  [{ status: 'COMPLETED', copied: true, readback: 'size' }, null, '= DONE', 'SIZE ONLY', '= SIZE ONLY'],
  [{ status: 'COMPLETED', copied: false, readback: 'direct', hash }, null, '= DONE', 'ALREADY THERE', '= ALREADY THERE'],
  [{ status: 'COMPLETED_DELETE_FAILED' }, null, '= DONE', 'removal fails', '= removal fails'],
  [
    { status: 'COMPLETED', copied: true, readback: 'direct', hash, afterCopy: 'pending' },
    null,
    '= DONE',
    'verified xxh64, removal pending',
    '= verified, removal pending',
  ],
  [
    { status: 'COMPLETED', copied: true, readback: 'direct', hash, afterCopy: 'done', sourceGone: true },
    null,
    '= DONE',
    'verified xxh64, source removed',
    '= verified, source removed',
  ],
  [{ status: 'FAILED', error }, null, 'x FAILED', 'Network error at 45%', 'x FAILED Network error at 45%'],
  [{ status: 'REMOVED' }, null, '- REMOVED', 'removed from source', '- REMOVED removed from source'],
];

for (const [change, phaseDone, state, progress, brief] of files) {
  test(`fileWords of ${JSON.stringify(change)}`, () => {
    const words = fileWords({ file: file(change), phaseDone });
    assert.equal([`${words.mark} ${words.word}`, words.progress, words.brief], [state, progress, brief]);
  });
}

const atClosed: readonly [cause: GateCause, change: Partial<FileJson>, state: string, progress: string, brief: string][] = [
  ['not_the_destination', { status: 'READY', hold: 'network' }, '~ READY', 'Waiting: WRONG DISK', '~ WRONG DISK'],
  ['not_the_destination', { status: 'VERIFYING', hold: 'network' }, '~ VERIFY', 'Waiting: WRONG DISK', '~ WRONG DISK'],
  ['not_the_destination', { status: 'WAITING_FOR_NETWORK', hold: 'network' }, '~ WAITING', 'Waiting: WRONG DISK', '~ WRONG DISK'],
  ['not_the_destination', { status: 'READY', hold: 'operator' }, '~ READY', 'Route held', '~ READY Route held'],
  ['not_the_destination', { status: 'READY', hold: 'needs_you' }, '! READY', 'Needs you', '! READY Needs you'],
  ['read_only', { status: 'READY', hold: 'network' }, '~ READY', 'Waiting: read-only', '~ READY Waiting: read-only'],
  ['denied', { status: 'READY', hold: 'network' }, '~ READY', 'Waiting: access denied', '~ READY Waiting: access denied'],
  ['timeout', { status: 'READY', hold: 'network' }, '~ READY', 'Waiting for network', '~ READY Waiting for network'],
  ['unknown', { status: 'READY', hold: 'network' }, '~ READY', 'Checking destination', '~ READY Checking destination'],
  ['unknown', { status: 'READY', hold: 'network', growing: true }, '~ READY', 'Recording', '~ READY Recording'],
];

for (const [cause, change, state, progress, brief] of atClosed) {
  test(`fileWords where the destination is ${cause}, of ${JSON.stringify(change)}`, () => {
    const words = fileWords({ file: file(change) }, { cause, hold: null });
    assert.equal([`${words.mark} ${words.word}`, words.progress, words.brief], [state, progress, brief]);
  });
}

test('fileWords: a file that needs you says why, in as many words as fit', () => {
  const failure = { kind: 'source_unreadable', code: 'EACCES', percent: 0 } as const;
  const { progress, shorter, brief } = fileWords({ file: file({ status: 'READY', hold: 'needs_you', attempt: 6 }), failure });
  assert.is(progress, 'Needs you: source unreadable (permission denied), 5 attempts');
  assert.equal(shorter, ['Needs you: source unreadable (permission denied)', 'Needs you: permission denied', 'Needs you']);
  assert.is(brief, '! Needs you: source unreadable');
});

test('fileWords: a file that an operator skipped differs from one of a held route', () => {
  const skipped = file({ status: 'READY', hold: 'operator' });
  assert.is(fileWords({ file: skipped, isSkipped: true }).progress, 'Skipped; r copies it');
  const held = (hold: ShownHold | null) => fileWords({ file: skipped }, { cause: null, hold }, now);
  assert.is(held(null).progress, 'Route held');
  const { progress, shorter } = held({ by: 'ann', until: null, reason: '' });
  assert.equal([progress, shorter], ['Route held by ann', ['Route held']]);
  const bounded = held({ by: 'ann from 192.0.2.7', until: new Date(now + 60_000).toISOString(), reason: '' });
  const end = shortTime(now + 60_000, now);
  assert.equal(
    [bounded.progress, bounded.shorter],
    [`Route held by ann from 192.0.2.7 until ${end}`, [`Route held until ${end}`, 'Route held']],
  );
});

test('fileWords: one that was moved to the front on a held route says both, as far as there is room', () => {
  const held = { by: 'ann', until: new Date(now + 60_000).toISOString(), reason: '' };
  const shown = { file: file({ status: 'READY', hold: 'operator' }), isFirst: true } as const;
  const { progress, shorter, brief } = fileWords(shown, { cause: null, hold: held }, now);
  const end = shortTime(now + 60_000, now);
  assert.equal(
    [progress, shorter, brief],
    [`First: route held by ann until ${end}`, [`First: route held until ${end}`, 'First: route held', 'First in line'], '~ First in line'],
  );
});

test('fileWords: a file that an operator moved to the front says so, and what it waits for', () => {
  const waits = (change: Partial<FileJson>) => {
    const { mark, progress, shorter, brief } = fileWords({ file: file({ status: 'READY', ...change }), isFirst: true });
    return [mark, progress, shorter, brief];
  };
  assert.equal(waits({ hold: null }), ['~', 'First in line', undefined, '~ First in line']);
  assert.equal(waits({ hold: 'network' }), ['~', 'First: waiting for network', ['First in line'], '~ First in line']);
  assert.equal(waits({ status: 'IN_QUEUE', hold: null }), ['~', 'First in line', undefined, '~ First in line']);
});

for (const [inMs, text] of [
  [40_000, 'Tries again in 40 s'],
  [540_000, 'Tries again in 9 min'],
  [0, 'Waiting to try again'],
  [-60_000, 'Waiting to try again'],
] as const) {
  test(`fileWords: ${text}, ${inMs} ms before the next attempt`, () => {
    const row = { file: file({ status: 'READY', hold: 'backoff' }), retryAt: new Date(now + inMs).toISOString() };
    assert.is(fileWords(row, undefined, now).progress, text);
    assert.is(fileWords(row).progress, 'Waiting to try again', 'where nothing is said of when');
  });
}

const interruptions: readonly [code: string, progress: string][] = [
  ['EIO', 'Network error at 45%'],
  ['EROFS', 'Read-only storage at 45%'],
  ['EACCES', 'No write access at 45%'],
  ['MARKER', 'Wrong disk at 45%'],
];
for (const [code, progress] of interruptions) {
  test(`fileWords: an outage by ${code} is ${progress}`, () =>
    assert.is(fileWords({ file: file({ status: 'FAILED', error: { ...error, code } }) }).progress, progress));
}

test('fileWords: after a crash of the agent it is not known how far a copy came', () => {
  const gone = { ...error, kind: 'agent_stopped', code: 'AGENT_GONE', percent: 0 } as const;
  assert.is(fileWords({ file: file({ status: 'FAILED', error: gone }) }).progress, 'Sluice ended');
});

test('fileWords: every state has a mark and a word that fits its column', () => {
  for (const status of statuses) {
    for (const hold of [null, 'needs_you'] as const) {
      const { mark, word } = fileWords({ file: file({ status, hold, error: status === 'FAILED' ? error : null }) });
      assert.match(mark, /^[x!~>=-]$/);
      assert.match(word, /^[A-Z]{4,8}$/);
    }
  }
});

test('fileWords: every failure has its own words', () => {
  const shown = errorKinds.map((kind) => fileWords({ file: file({ status: 'FAILED', error: { ...error, kind } }) }).progress);
  assert.is(new Set(shown).size, errorKinds.length);
  assert.ok(
    shown.every((text) => text.length > 0 && text.length <= 24),
    shown.join(),
  );
});

test('fileWords: a failed file with a recovery is not alarming', () => {
  assert.is(fileWords({ file: file({ status: 'FAILED', error }) }).tone, 'bad');
  assert.is(fileWords({ file: file({ status: 'FAILED', error, recoveredBy: 'again' }) }).tone, 'warn');
});

const held = { by: 'anna', since: offline.since, until: null, reason: '' };
const strange: ScreenRoute['gate'] = { ...offline, cause: 'not_the_destination' };
const full: ScreenRoute['space'] = { totalBytes: 10, freeBytes: 0, level: 'full' };

const routes: readonly [name: string, change: Partial<ScreenRoute>, said: string][] = [
  ['open', {}, '= online'],
  ['closed', { gate: offline }, 'x OFFLINE'],
  ['another disk', { gate: strange }, 'x WRONG DISK'],
  ['full', { space: full }, '! full'],
  ['held', { hold: held }, '- HELD'],
  ['open, and its source missing', { sourceState: { ...route().sourceState, state: 'missing' } }, 'x NO SOURCE'],
  ['held, and closed', { hold: held, gate: offline }, 'x OFFLINE'],
];

for (const [name, change, said] of routes) {
  test(`routeWords: ${name} is ${said}`, () => {
    const { mark, word } = routeWords(route(change));
    assert.is(`${mark} ${word}`, said);
  });
}

test('causeText: has words for every cause, and none for an open gate', () => {
  const shown = gateCauses.map((cause) => causeText({ gate: { ...offline, cause } }));
  assert.is(new Set(shown).size, gateCauses.length);
  assert.is(causeText({ gate: online }), null);
  assert.is(causeText({ gate: { ...offline, cause: 'unreachable', code: 'EIO' } }), 'unreachable, EIO');
});

const outage = route({
  gate: offline,
  waiting: 214,
  nextProbeInMs: 900,
  sourceState: { ...route().sourceState, fullInMs: 7_800_000 },
});

const outages: readonly [columns: number, text: string][] = [
  [120, '!! ingest OFFLINE 00:12:41 (no answer)  214 wait at the source, disk full in 2h10, next probe in 1 s'],
  [81, '!! ingest OFFLINE 00:12:41 (no answer)  214 wait at the source, disk full in 2h10'],
  [80, '!! ingest OFFLINE 00:12:41 (no answer) 214 wait at the source, disk full in 2h10'],
  [70, '!! ingest OFFLINE 00:12:41 (no answer)  214 wait, disk full in 2h10'],
  [50, '!! ingest OFFLINE 00:12:41 (no answer)  214 wait'],
  [40, '!! ingest OFFLINE 00:12:41  214 wait'],
];

for (const [columns, text] of outages) {
  test(`offlineText: in ${columns} columns`, () => assert.is(offlineText(outage, now, columns, unicode), text));
}

const whileRecording: readonly [columns: number, text: string][] = [
  [120, '!! ingest OFFLINE 00:12:41 (no answer)  216 wait at the source (2 recording), disk full in 2h10, next probe in 1 s'],
  [94, '!! ingest OFFLINE 00:12:41 (no answer) 216 wait at the source (2 recording), disk full in 2h10'],
  [80, '!! ingest OFFLINE 00:12:41 (no answer)  216 wait (2 recording)'],
  [60, '!! ingest OFFLINE 00:12:41  216 wait (2 recording)'],
];

for (const [columns, text] of whileRecording) {
  test(`offlineText: counts recordings, in ${columns} columns`, () =>
    assert.is(offlineText({ ...outage, recording: 2 }, now, columns, unicode), text));
}

test('offlineText: of another disk, with one file that waits', () => {
  const text = offlineText(route({ gate: strange, waiting: 1 }), now, 120, unicode);
  assert.is(text, '!! ingest WRONG DISK 00:12:41 (not the known disk)  1 waits at the source');
});

const sources: readonly [ScreenRoute['sourceState']['state'], string | null][] = [
  ['ok', null],
  ['unknown', null],
  ['missing', '!! SOURCE MISSING 00:12:41 /ingest: none of its files is treated as removed'],
  ['unreadable', '!! SOURCE UNREADABLE 00:12:41 /ingest: none of its files is treated as removed'],
  ['silent', '!! SOURCE SILENT 00:12:41 /ingest: none of its files is treated as removed'],
  [
    'suddenly_empty',
    '!! SOURCE SUDDENLY EMPTY 00:12:41 /ingest: none of its files is treated as removed; if somebody cleared it, run sluice rescan',
  ],
];

for (const [state, text] of sources) {
  test(`sourceTrouble: of a source that is ${state}`, () =>
    assert.is(sourceTrouble(route({ sourceState: { ...route().sourceState, since: offline.since, state } }), now), text));
}

test('sourceTrouble: names the folder that cannot be read', () => {
  const sourceState = { ...route().sourceState, since: offline.since, state: 'unreadable' } as const;
  const text = '!! SOURCE UNREADABLE 00:12:41 day1/locked in /ingest (EACCES): nothing in it is treated as removed';
  assert.is(sourceTrouble(route({ sourceState, unread: { path: 'day1/locked', code: 'EACCES' } }), now), text);
});

test('fileWords: a failed removal shows the reason and the time of the next attempt, as far as there is room', () => {
  const failing = file({ id: 'f', status: 'COMPLETED_DELETE_FAILED', copied: true, readback: 'direct', afterCopy: 'failed' });
  const removal = { to: 'delete', code: 'EACCES', retryAt: new Date(now + 600_000).toISOString() } as const;
  const words = fileWords({ file: failing, removal }, undefined, now);
  assert.equal(
    [words.progress, ...(words.shorter ?? [])],
    [
      'delete fails: permission denied, retry in 10 min',
      'delete fails: EACCES, retry in 10 min',
      'delete fails: permission denied',
      'delete fails: EACCES',
      'delete fails',
    ],
  );
  assert.is(words.tone, 'warn');
  assert.match(fileWords({ file: failing, removal }, undefined, now + 600_000).progress, /permission denied, retry due$/);
  assert.is(fileWords({ file: failing, removal: { to: 'archive', code: null } }).progress, 'archive fails');
  const pending = { ...failing, status: 'COMPLETED', afterCopy: 'pending' } as const;
  assert.is(fileWords({ file: pending, removal: { to: 'archive', code: null } }).shorter?.at(-1), 'archive pending');
});

test('removedText: from the timeline, with its time, deleted or archived', () => {
  const entry = { seq: 1, at: new Date(now).toISOString(), from: null, to: null, event: 'source_removed' } as const;
  assert.is(removedText([{ ...entry, detail: { archive: null } }]), 'source deleted 14:02');
  assert.is(removedText([{ ...entry, detail: { archive: '/archive' } }]), 'source archived 14:02');
  assert.is(removedText([{ ...entry, event: 'found', detail: {} }]), null);
});

test.run();
