import type { StatusReply } from '@sluice/control';
import { statuses } from '@sluice/core/model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { momentText, shortTime } from '../src/figures/clock.ts';
import { statusLines } from '../src/status-lines.ts';

type Route = StatusReply['routes'][number];

const since = '2026-11-23T14:00:00.000Z';
const wall = Date.parse('2026-11-23T14:12:00.000Z');
const online: Route['gate'] = { state: 'open', since, cause: null, code: null, operator: '', technical: '' };
const none = Object.fromEntries(statuses.map((status) => [status, 0])) as Route['counts'];

const route = (change: Partial<Route> = {}): Route => ({
  name: 'ingest',
  source: '/in',
  destination: '/out',
  sourceState: { state: 'ok', since, lastListingAt: since, freeBytes: 1, fullInMs: null },
  gate: online,
  space: { totalBytes: 8e12, freeBytes: 3.9e12, level: 'ok' },
  counts: none,
  needsYou: 0,
  recovered: 0,
  bytesPerSecond: 0,
  hold: null,
  recording: 0,
  copying: 0,
  waiting: 0,
  ...change,
});

const lines = (...routes: readonly Route[]): string[] =>
  statusLines(
    {
      v: 1,
      verdict: { ok: true, text: 'everything is copied' },
      agent: { running: true, pid: 1, version: '0.1.0', startedAt: since, stateDir: '/s' },
      routes,
    },
    wall,
  );

const cases: readonly [what: string, change: Partial<Route>, line: string][] = [
  ['at rest', {}, '  ingest: online for 12 min, 0 copying, 0 wait, 0 done, 3.9 TB free'],
  [
    'with files of every kind, each counted once, as the screen counts them',
    {
      needsYou: 1,
      recording: 2,
      copying: 3,
      waiting: 1,
      counts: { ...none, READY: 2, GROWING: 2, COPYING: 3, COMPLETED: 4, COMPLETED_DELETE_FAILED: 1 },
    },
    '  ingest: online for 12 min, 1 needs you, 2 recording, 3 copying, 1 waits, 5 done, 3.9 TB free',
  ],
  [
    'while what a scan found is taken in',
    { waiting: 7, sourceState: { state: 'ok', since, lastListingAt: null, listedFiles: 100_000, freeBytes: 1, fullInMs: null } },
    '  ingest: online for 12 min, 0 copying, 7 wait, 0 done, 3.9 TB free, a scan found 100,000 files',
  ],
  [
    'with a limit',
    { maxRate: { bytesPerSecond: 20_000_000, until: null } },
    '  ingest: online for 12 min, 0 copying, 0 wait, 0 done, 3.9 TB free, at most 20.0 MB/s',
  ],
  [
    'with a limit for some time',
    { maxRate: { bytesPerSecond: 20_000_000, until: new Date(wall + 120_000).toISOString() } },
    `  ingest: online for 12 min, 0 copying, 0 wait, 0 done, 3.9 TB free, at most 20.0 MB/s until ${shortTime(wall + 120_000, wall)}`,
  ],
  [
    'without a limit until another day',
    { maxRate: { bytesPerSecond: null, until: '2026-11-26T12:00:00.000Z' } },
    `  ingest: online for 12 min, 0 copying, 0 wait, 0 done, 3.9 TB free, no limit until ${momentText('2026-11-26T12:00:00.000Z').slice(0, 16)}`,
  ],
  [
    'at the wrong disk',
    {
      gate: { ...online, state: 'closed', cause: 'not_the_destination' },
      needsYou: 2,
      space: { totalBytes: null, freeBytes: null, level: 'unknown' },
    },
    '  ingest: WRONG DISK for 12 min, 2 need you, 0 copying, 0 wait, 0 done',
  ],
  [
    'held until later, with its source suddenly empty',
    { hold: { by: 'ann', since, until: since, reason: '' }, sourceState: { ...route().sourceState, state: 'suddenly_empty' } },
    `  ingest: online for 12 min, 0 copying, 0 wait, 0 done, 3.9 TB free, HELD by ann until ${momentText(since)}, source suddenly empty`,
  ],
  [
    'held, with its source in trouble',
    { hold: { by: 'ann', since, until: null, reason: 'night' }, sourceState: { ...route().sourceState, state: 'missing' } },
    '  ingest: online for 12 min, 0 copying, 0 wait, 0 done, 3.9 TB free, HELD by ann (night), source missing',
  ],
];
for (const [what, change, line] of cases) {
  test(`statusLines: a route ${what}`, () => assert.equal(lines(route(change)), ['everything is copied', line]));
}

const left = (count: number, ...examples: readonly string[]): Partial<Route> => ({
  leftAlone: [{ rule: 'destination', pattern: null, count, folders: count, examples }],
});

for (const [what, change, line] of [
  ['one folder', left(1, 'archive'), '    1 folder left alone: it is a destination of this agent (archive)'],
  ['two folders', left(2, 'a', 'b/c'), '    2 folders left alone: they are destinations of this agent (a, b/c)'],
  ['many folders', left(9, 'a', 'b', 'c', 'd', 'e'), '    9 folders left alone: they are destinations of this agent (a, b, c, …)'],
  ['an unsafe name', left(1, 'a\u001b[31m'), '    1 folder left alone: it is a destination of this agent (a?[31m)'],
] as const) {
  test(`statusLines: ${what} left alone below the line of the route`, () => {
    assert.equal(lines(route(change), route()).slice(1), [lines(route())[1], line, lines(route())[1]]);
  });
}

test('statusLines: shows what rules and patterns left alone, and which match nothing, each on a line', () => {
  const shown = lines(
    route({
      leftAlone: [
        { rule: 'excluded', pattern: '*.txt', count: 4, folders: 0, examples: ['a.txt', 'b.txt', 'c.txt', 'd.txt'] },
        { rule: 'dotfile', pattern: null, count: 1, folders: 1, examples: ['.proxies'] },
      ],
      unmatched: [
        { setting: 'include', pattern: '*.mfx' },
        { setting: 'exclude', pattern: 'proxy/' },
      ],
    }),
  );
  assert.equal(shown.slice(2), [
    '    include "*.mfx", exclude "proxy/" match nothing',
    '    left alone: exclude "*.txt": 4 files (a.txt, b.txt, c.txt, …); names that begin with a dot: 1 folder (.proxies)',
  ]);
});

test('statusLines: what is left alone takes only the room that the routes leave', () => {
  const marked = Array.from({ length: 10 }, () => route(left(1, 'archive')));
  const shown = lines(...marked);
  assert.is(shown.length, 13);
  assert.is(shown.filter((line) => line.includes('online')).length, 10);
  assert.is(lines(...marked, ...marked).length, 13);
});

test('statusLines: has at most twelve lines after the verdict', () => {
  const many = lines(...Array.from({ length: 20 }, () => route()));
  assert.is(many.length, 13);
  assert.match(many.at(-1) ?? '', 'and 9 more routes');
});

test('statusLines: a source that the system does not watch is named below its route', () => {
  assert.match(lines(route({ notWatched: 'ENOSPC' }))[2] ?? '', /^ {4}the system has no watches left \(ENOSPC\): .*; raise fs\.inotify/);
});

test('statusLines: a command before_probe that runs is named below its route, unless the verdict names it', () => {
  const beforeProbe = { program: '/bin/mount', since: '2026-11-23T14:11:00.000Z', isAwaited: false };
  assert.is(lines(route({ beforeProbe }))[2], '    before_probe has run for 1 min (/bin/mount)');
  assert.is(lines(route({ beforeProbe: { ...beforeProbe, isAwaited: true } }))[2], '    waits for before_probe for 1 min (/bin/mount)');
  const agent = { running: true, pid: 1, version: '0.1.0', startedAt: since, stateDir: '/s' };
  const verdict = { ok: false, text: 'ingest: before_probe has run for 1 min (/bin/mount)' };
  assert.is(statusLines({ v: 1, verdict, agent, routes: [route({ beforeProbe })] }, wall).length, 2);
});

test('statusLines: a writer that pauses for longer than stable_after is named below its route', () => {
  const pausing = { count: 1, source: 'a.mxf', times: 2, stableAfterMs: 30_000, restMs: 120_000 };
  assert.is(
    lines(route({ pausing }))[2],
    '    a.mxf changed again 2 times after it was copied: stable_after (30 s) is too short for it. Raise it; until then, Sluice copies the file after 2 min without a change',
  );
});

test('statusLines: what was renamed at the source is named below its route', () => {
  const latest = { what: 'folder', from: 'day1', to: 'day2', files: 2, onRename: 'copy' } as const;
  assert.is(
    lines(route({ renamed: { latest, count: 3 } }))[2],
    '    the folder day1 was renamed to day2 (2 files); 1 file before that: they are copied again under the new names',
  );
});

const condition = (number: number): NonNullable<StatusReply['conditions']>[number] => ({
  route: `r${number}`,
  kind: 'source_away',
  since,
  files: null,
  text: 'the source is missing (ENOENT)',
  remedy: 'mount the disk of the source',
  called: true,
});

test('statusLines: what needs a person, since when, and what to do; at most 13 lines', () => {
  const reply = {
    v: 1,
    verdict: { ok: false, text: 'trouble' },
    agent: { running: true, pid: 1, version: '0.1.0', startedAt: since, stateDir: '/s' },
    routes: [route()],
  } as const;
  const own = { ...condition(0), route: null, text: 'the journal cannot be written (SQLITE_FULL)', remedy: 'make room' };
  assert.equal(statusLines({ ...reply, conditions: [own, condition(1)] }, wall).slice(2), [
    '  ! the journal cannot be written (SQLITE_FULL), for 12 min: make room',
    '  ! r1: the source is missing (ENOENT), for 12 min: mount the disk of the source',
  ]);
  const many = statusLines({ ...reply, conditions: Array.from({ length: 100 }, (_, index) => condition(index)) }, wall);
  assert.equal([many.length, many.at(-1)], [13, '  ! … and 90 more: sluice status --json has all of them']);
  const routes = Array.from({ length: 300 }, () => route());
  assert.is(statusLines({ ...reply, routes, conditions: [own] }, wall).length, 13);
});

test('statusLines: a reload that was refused is shown with who requested it, the mistake, and what to do', () => {
  const problem = 'cannot read /etc/sluice/sluice.toml:7: unknown key "stable_since"';
  const agent = {
    running: true,
    pid: 1,
    version: '0.1.0',
    startedAt: since,
    stateDir: '/s',
    reloadRefused: { at: since, by: 'SIGHUP', problem },
  };
  const reply = { v: 1, verdict: { ok: true, text: 'everything is copied' }, agent, routes: [route()] } as const;
  assert.is(
    statusLines(reply, wall).at(-1),
    `  ! the settings that SIGHUP had read again at ${momentText(since)} are not in force: ${problem}; when that is corrected, run sluice reload`,
  );
  const many = Array.from({ length: 100 }, (_, index) => condition(index));
  assert.is(statusLines({ ...reply, conditions: many }, wall).length, 13);
});

test('statusLines: where removals leave empty folders, the setting that removes them is named', () => {
  const leftAlone = [{ rule: 'empty', pattern: null, count: 2, folders: 2, examples: ['cardA', 'day1'] }] as const;
  const removals = { pending: 0, failed: null, waiting: null, unproven: 0, isWeak: false, unknown: null } as const;
  const text = '    left alone: empty folders: 2 folders (cardA, day1)';
  assert.is(lines(route({ leftAlone, removals }))[2], text);
  assert.is(
    lines(route({ leftAlone, removals: { ...removals, emptyFolders: 2 } }))[2],
    `${text}; remove_empty_dirs = true removes empty folders`,
  );
});

test.run();
