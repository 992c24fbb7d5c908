import { countGroups, type RouteView, timeText } from '@sluice/core';
import { gateCauses } from '@sluice/core/fixtures';
import { type RoomShort, type Status, statuses } from '@sluice/core/model';
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { duration } from '../../src/figures/duration.ts';
import { judge } from '../../src/states/verdict.ts';
import { isForOperators } from '../support/for-operators.ts';

const epoch = 1_700_000_000_000;

const minute = 60_000;

type Change = Partial<Omit<RouteView, 'gate' | 'counts' | 'sourceState' | 'space'>> & {
  readonly gate?: Partial<RouteView['gate']>;
  readonly counts?: Partial<Record<Status, number>>;
  readonly sourceState?: Partial<RouteView['sourceState']>;
  readonly space?: Partial<RouteView['space']>;
};

function route({ gate, counts, sourceState, space, ...over }: Change = {}): RouteView {
  const since = timeText(epoch);
  const allCounts = { ...(Object.fromEntries(statuses.map((status) => [status, 0])) as Record<Status, number>), ...counts };
  return {
    name: 'ingest',
    source: '/in',
    sourceDescription: null,
    destination: '/mnt/nas',
    destinationDescription: null,
    sourceState: { state: 'ok', since, lastListingAt: since, freeBytes: 1, fullInMs: null, ...sourceState },
    unread: null,
    selection: { leftAlone: [], unmatched: [] },
    lost: null,
    notWatched: null,
    pausing: null,
    renamed: null,
    removals: null,
    conditions: [],
    gate: { state: 'open', since, cause: null, code: null, destination: '/mnt/nas', finding: { kind: 'answers' }, ...gate },
    space: { totalBytes: 1, freeBytes: 1, level: 'ok', ...space },
    beforeProbe: null,
    roomShort: null,
    counts: allCounts,
    needing: null,
    ...countGroups(allCounts, { needsYou: 0, stuck: 0 }),
    bytesPerSecond: 0,
    hold: null,
    ...over,
  };
}

const short = (change: Partial<RoomShort>): RoomShort => ({
  isFull: false,
  freeBytes: 2.6e9,
  totalBytes: 1e11,
  keepFree: { bytes: 2e9 },
  reservedBytes: 0,
  files: 0,
  bytes: 0,
  tooLarge: null,
  ...change,
});

const judged = (routes: readonly RouteView[], afterMs = 12 * minute) => judge(routes, epoch + afterMs);
const offline = { state: 'closed', cause: 'timeout', code: 'SILENT', finding: { kind: 'no_answer', deadlineMs: 10_000 } } as const;

const held = { by: 'ann', since: timeText(epoch), until: null, reason: '' };
test('judge: a destination that is being checked says what a probe found, and nothing before the first one', () => {
  const checking = (finding: RouteView['gate']['finding']): string =>
    judged([route({ gate: { state: 'closed', cause: 'unknown', code: 'CHILD_LOST', finding } })], 5_000).text;
  assert.is(checking({ kind: 'not_probed' }), 'ingest: checking the destination for 5 s; nothing waits at the source');
  assert.match(checking({ kind: 'prober_lost', how: 'exit 1' }), 'for 5 s (the process that probes the destination ended; Sluice starts');
});

test('judge: a destination that is not probed yet, because before_probe runs, names the command and how long it has run', () => {
  const gate = { state: 'closed', cause: 'unknown', finding: { kind: 'not_probed' } } as const;
  const beforeProbe = { program: '/usr/local/bin/mount-nas', since: timeText(epoch + 1_000), isAwaited: true };
  const text = (afterMs: number): string => judged([route({ gate, beforeProbe })], afterMs).text;
  assert.is(
    text(13_000),
    'ingest: checking the destination for 13 s: waits for before_probe for 12 s (/usr/local/bin/mount-nas); nothing waits at the source',
  );
  assert.is(text(2_000), 'ingest: checking the destination for 2 s; nothing waits at the source');
});

const calm: readonly (readonly [what: string, routes: readonly RouteView[], text: string])[] = [
  ['nothing to do', [route()], 'everything is copied'],
  ['no route', [], 'everything is copied'],
  ['copies', [route({ counts: { COPYING: 1, GROWING_COPY: 2, VERIFYING: 3 } })], '4 copying, 2 recording'],
  ['copies and a queue', [route({ counts: { COPYING: 1, READY: 4, IN_QUEUE: 2 } })], '1 copying, 6 waiting'],
  ['a pause after a failure counts once', [route({ waiting: 1, counts: { READY: 1 } })], '1 waiting'],
  ['room was waited for and is there', [route({ waiting: 2, counts: { WAITING_FOR_SPACE: 2 } })], '2 waiting'],
  ['a destination that was not reached for one file', [route({ waiting: 1, counts: { WAITING_FOR_NETWORK: 1 } })], '1 waiting'],
  ['what is still written is not carried', [route({ counts: { GROWING: 1 } })], '1 recording'],
  ['what was only just found waits', [route({ counts: { DISCOVERED: 2, COPYING: 1 } })], '1 copying, 2 waiting'],
  ['all routes together', [route({ counts: { COPYING: 1 } }), route({ counts: { COPYING: 2, READY: 1 } })], '3 copying, 1 waiting'],
  [
    'what is left alone troubles nobody',
    [
      route({
        selection: {
          leftAlone: [{ rule: 'destination', pattern: null, count: 2, folders: 2, examples: ['a', 'b'] }],
          unmatched: [{ setting: 'include', pattern: '*.mfx' }],
        },
      }),
    ],
    'everything is copied',
  ],
  ['a held route', [route({ hold: held })], 'ingest is HELD by ann; everything is copied'],
  ['a held route, and files that wait', [route({ hold: held, waiting: 3 })], 'ingest is HELD by ann; 3 waiting'],
  [
    'two held routes',
    [route({ hold: held }), route({ name: 'b', hold: held })],
    '2 routes are HELD, such as ingest by ann; everything is copied',
  ],
  ['a warning about space does not count as trouble', [route({ space: { level: 'warn' } })], 'everything is copied'],
];

for (const [what, routes, text] of calm) {
  test(`judge: ${what}: ${text}`, () => {
    assert.equal(judged(routes), { ok: true, text });
    assert.ok(isForOperators(text));
  });
}

const troubles: readonly (readonly [what: string, change: Change, text: string])[] = [
  [
    'an outage',
    { gate: offline, waiting: 214 },
    'ingest: destination offline for 12 min (the destination does not answer); 214 wait at the source',
  ],
  [
    'an outage, and one file',
    { gate: offline, waiting: 1 },
    'ingest: destination offline for 12 min (the destination does not answer); 1 waits at the source',
  ],
  [
    'an outage in which recorders go on: their files wait, too',
    { gate: offline, waiting: 1, recording: 2 },
    'ingest: destination offline for 12 min (the destination does not answer); 3 wait at the source (2 recording)',
  ],
  [
    'an outage that fills the source',
    { gate: offline, waiting: 3, sourceState: { fullInMs: 185 * minute } },
    "ingest: destination offline for 12 min (the destination does not answer); 3 wait at the source; the source's disk is full in 3 h 5 min",
  ],
  [
    'another disk',
    { gate: { state: 'closed', cause: 'not_the_destination', finding: { kind: 'marker_missing', expected: 'm' } }, waiting: 2 },
    'ingest: WRONG DISK at the destination for 12 min; 2 wait at the source',
  ],
  [
    'another disk, and a recording',
    { gate: { state: 'closed', cause: 'not_the_destination', finding: { kind: 'marker_missing', expected: 'm' } }, recording: 1 },
    'ingest: WRONG DISK at the destination for 12 min; 1 waits at the source (1 recording)',
  ],
  ['a source that is missing', { sourceState: { state: 'missing' } }, 'ingest: source missing for 12 min'],
  [
    'a file that vanished before it was copied',
    { lost: { count: 1, source: 'a.mov' } },
    'ingest: a.mov vanished at the source before it was copied (sluice acknowledge)',
  ],
  [
    'files that vanished during an outage',
    { gate: offline, waiting: 1, lost: { count: 2, source: 'b.mov' } },
    'ingest: destination offline for 12 min (the destination does not answer); 1 waits at the source; 2 files vanished at the source before they were copied, last b.mov (sluice acknowledge)',
  ],
  [
    'a folder of the source that cannot be read',
    { sourceState: { state: 'unreadable' }, unread: { path: 'day1/locked', code: 'EACCES' } },
    'ingest: source unreadable for 12 min (day1/locked: EACCES); nothing in it is treated as removed',
  ],
  ['a source that is suddenly empty', { sourceState: { state: 'suddenly_empty' } }, 'ingest: source suddenly empty for 12 min'],
  [
    'another source while files of the one before wait',
    { sourceState: { state: 'suddenly_empty' }, counts: { READY: 2 } },
    'ingest: source suddenly empty for 12 min; 2 files were not copied before that',
  ],
  ['one file for a person', { needsYou: 1 }, 'ingest: 1 file needs you'],
  ['one file for a person, which is known', { needsYou: 1, needing: 'a.mxf' }, 'ingest: 1 file needs you: a.mxf'],
  ['files for a person', { needsYou: 3, needing: 'a.mxf' }, 'ingest: 3 files need you, such as a.mxf'],
  [
    'a full destination of which nothing is known',
    { roomShort: short({ isFull: true, freeBytes: null }), waiting: 2 },
    'ingest: destination full: 2 wait at the source',
  ],
  [
    'a full destination, which recordings are copied to all the same',
    { roomShort: short({ isFull: true, freeBytes: null }), waiting: 2, recording: 1 },
    'ingest: destination full: 2 wait at the source',
  ],
  [
    'a destination where much has to stay free',
    { roomShort: short({ isFull: true, freeBytes: 1.05e8 }), waiting: 1 },
    'ingest: destination full: 105 MB free; space.keep_free = 2.00 GB must stay free; 1 waits at the source',
  ],
  [
    'files that wait for room, though the destination is not full',
    { roomShort: short({ files: 1, bytes: 7.34e8 }), waiting: 1 },
    'ingest: no room at the destination: 2.60 GB free; space.keep_free = 2.00 GB must stay free; 1 file, 734 MB waits',
  ],
  [
    'two sizes that look the same in three digits',
    { roomShort: short({ isFull: true, freeBytes: 1.999e9, files: 3, bytes: 7.34e8 }) },
    'ingest: destination full: 1.999 GB free; space.keep_free = 2.000 GB must stay free; 3 files, 734 MB wait',
  ],
  [
    'a share that stays free, and copies that use the rest',
    { roomShort: short({ keepFree: { share: 0.025 }, reservedBytes: 1e8, files: 2, bytes: 1e9 }) },
    'ingest: no room at the destination: 2.60 GB free; space.keep_free = 2.5%, 2.50 GB must stay free; 100 MB are reserved for running copies; 2 files, 1.00 GB wait',
  ],
  [
    'a file that is larger than the whole destination',
    {
      roomShort: short({
        totalBytes: 2.1e7,
        freeBytes: 2.1e7,
        keepFree: { bytes: 0 },
        files: 1,
        bytes: 3e7,
        tooLarge: { files: 1, source: 'a.mxf', sizeBytes: 3e7 },
      }),
    },
    'ingest: no room at the destination: 21.0 MB free; 1 file, 30.0 MB waits; a.mxf (30.0 MB) can never fit: the whole destination has 21.0 MB',
  ],
  [
    'a quota',
    { roomShort: short({ isFull: true, files: 4, bytes: 4e9 }) },
    'ingest: destination full: 2.60 GB free; space.keep_free = 2.00 GB must stay free; it refuses new files anyway: a quota or its number of files may be used up; 4 files, 4.00 GB wait',
  ],
];

for (const [what, change, text] of troubles) {
  test(`judge: ${what}: ${text}`, () => {
    assert.equal(judged([route(change)]), { ok: false, text });
    assert.ok(isForOperators(text));
  });
}

test('judge: the worst trouble of a route is reported, in the order of the table above', () => {
  const all = { needsYou: 1, roomShort: short({ isFull: true }), sourceState: { state: 'missing' }, gate: offline, waiting: 2 } as const;
  const { gate, ...online } = all;
  const { sourceState, ...reached } = online;
  const { needsYou, ...carried } = reached;
  assert.match(judged([route({ ...all, gate: { ...gate, cause: 'not_the_destination' } })]).text, /WRONG DISK/);
  assert.match(judged([route(all)]).text, /offline/);
  assert.match(judged([route(online)]).text, new RegExp(`source ${sourceState.state}`));
  assert.match(judged([route(reached)]).text, new RegExp(`${needsYou} file needs you`));
  assert.match(judged([route(carried)]).text, /full/);
});

test('judge: the trouble of one route is said, further routes are named', () => {
  const two = [route({ name: 'a' }), route({ name: 'b', needsYou: 1 }), route({ name: 'c', gate: offline })];
  assert.equal(judged(two), { ok: false, text: 'b: 1 file needs you (and 1 more: c)' });
  const many = ['a', 'b', 'c', 'd', 'e'].map((name) => route({ name, needsYou: 1 }));
  assert.equal(judged(many), { ok: false, text: 'a: 1 file needs you (and 4 more: b, c, d, …)' });
});

const nearlyFull = (isCalled: boolean): RouteView['conditions'][number] => ({
  name: 'source_nearly_full',
  since: timeText(epoch),
  isCalled,
  condition: { kind: 'source_nearly_full', forMs: 0, freeBytes: 3.1e9, warnBelow: { bytes: 1e10 } },
});

test('judge: a source that is nearly full counts once a person is called, after all else', () => {
  const text = 'b: the source is nearly full: 3.10 GB free, source_warn_below = 10.0 GB';
  assert.ok(judged([route({ conditions: [nearlyFull(false)] })]).ok);
  const full = route({ name: 'b', conditions: [nearlyFull(true)] });
  assert.equal(judged([route(), full]), { ok: false, text });
  assert.is(judged([full, route({ needsYou: 1 })]).text, 'ingest: 1 file needs you (and 1 more: b)');
  assert.is(judged([{ ...full, needsYou: 1 }]).text, 'b: 1 file needs you', 'one route is named once');
});

test('judge: a condition of the agent itself counts', () => {
  const own = [{ text: 'the disk of the state folder /s is nearly full: 120 MB free' }];
  assert.equal(judge([route()], epoch, own), { ok: false, text: own[0]?.text });
  assert.is(judge([route({ needsYou: 1 })], epoch, own).text, 'ingest: 1 file needs you (and 1 more: the agent)');
});

test('judge: every cause of a closed gate counts as trouble, in words for operators', () => {
  for (const cause of gateCauses) {
    const { ok, text } = judged([route({ gate: { state: 'closed', cause, finding: { kind: 'unspecified', technical: 'statfs' } } })]);
    assert.not(ok);
    assert.ok(text.startsWith('ingest: ') && isForOperators(text), text);
  }
});

test('judge: a clock that was set back gives no negative time', () => {
  assert.is(
    judged([route({ gate: offline, waiting: 2 })], -5 * minute).text,
    'ingest: destination offline for 0 s (the destination does not answer); 2 wait at the source',
  );
});

for (const [ms, text] of [
  [-1, '0 s'],
  [0, '0 s'],
  [45_999, '45 s'],
  [59_999, '59 s'],
  [60_000, '1 min'],
  [59 * minute + 59_999, '59 min'],
  [60 * minute, '1 h 0 min'],
  [185 * minute, '3 h 5 min'],
  [24 * 60 * minute - 1, '23 h 59 min'],
  [52 * 60 * minute, '2 d 4 h'],
] as const) {
  test(`duration: ${ms} is ${text}`, () => {
    assert.is(duration(ms), text);
  });
}

test('duration: shows at most two whole numbers, for any input', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, min: -1e12, max: 1e13 }), (ms) => /^\d+ (s|min|h \d{1,2} min|d \d{1,2} h)$/.test(duration(ms))),
  );
});

test.run();
