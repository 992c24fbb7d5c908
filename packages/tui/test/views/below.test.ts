import { env } from 'node:process';
import type { ScreenRoute } from '@sluice/control';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Dialog, Model } from '../../src/model/model.ts';
import type { FolderCheck } from '../../src/model/starter.ts';
import { gaugeText, type Line } from '../../src/picture/pieces/pieces.ts';
import { routeLines } from '../../src/views/above/routes-panel.ts';
import { barRows, throughputLines } from '../../src/views/above/throughput.ts';
import { footerLine } from '../../src/views/below/footer.ts';
import { logLines } from '../../src/views/below/log-tail.ts';
import { panelLines } from '../../src/views/render.ts';
import { calmFrame, failed, model, now, offline, outageFrame, route } from './sample-model.ts';
import { ascii, textOf, unicode } from './themes.ts';

env['TZ'] = 'UTC';

const shown = (line: Line): string => textOf(line).trimEnd();

test('panelLines: in 80 columns as in the sketch', () => {
  const lines = panelLines(model(80, 24), 5, ascii).map(shown);
  assert.is(lines[0], '');
  assert.is(lines[1], '+- ROUTES ---------------------------++- THROUGHPUT 10 min, MB/s --------------+');
  assert.match(lines[2] ?? '', /^\| x ingest {3}OFFLINE 00:12:41 {8}\|\| 412 \| +\|$/);
  assert.match(lines[3] ?? '', /^\| {3}destination 61% 3\.9T free {8}\|\| {3}0 \|[ .:=+*%#_-]+ [\d.]+ *\|$/);
  assert.is(lines[4], '+------------------------------------++----------------------------------------+');
});

const full: ScreenRoute['space'] = { totalBytes: 10e12, freeBytes: 0, level: 'full' };
const held = { by: 'anna', since: offline.since, until: null, reason: '' };

const routes: readonly [name: string, routes: readonly ScreenRoute[], columns: number, height: number, lines: readonly string[]][] = [
  ['one, with room', [route()], 60, 2, [' = ingest   online', '   destination [############........] 61% 3.9T free']],
  [
    'one, with more room: every path with its description',
    [route({ gate: offline, nextProbeInMs: 900 })],
    60,
    4,
    [
      ' x ingest   OFFLINE 00:12:41  probe in 1 s',
      '   destination [############........] 61% 3.9T free',
      '   to /mnt/nas/ingest (nfs4 nas01:/ingest)',
      '   from /ingest (LOCAL DISK, same as system) 2.1T free',
    ],
  ],
  [
    'two in two lines',
    [route(), route({ name: 'b', space: full })],
    40,
    2,
    [' = ingest   online  3.9T free', ' ! b        full  0B free ! full'],
  ],
  ['held', [route({ hold: held })], 40, 2, [' - ingest   HELD by anna', '   destination 61% 3.9T free']],
  [
    'too many: what is not well comes first',
    [route({ name: 'a' }), route({ name: 'b' }), route({ name: 'c', gate: offline })],
    40,
    2,
    [' x c        OFFLINE 00:12:41  3.9T free', ' and 2 more'],
  ],
  [
    'nothing known of the space',
    [route({ space: { totalBytes: null, freeBytes: null, level: 'unknown' } })],
    40,
    2,
    [' = ingest   online', '   destination free space unknown'],
  ],
];

for (const [name, given, columns, height, lines] of routes) {
  test(`routeLines: ${name}`, () => assert.equal(routeLines(given, now, columns, height, ascii).map(shown), lines));
}

const bars: readonly [figures: readonly number[], height: number, inUnicode: readonly string[], inAscii: readonly string[]][] = [
  [[0, 1, 4, 8], 1, ['_▁▄█'], ['_.=#']],
  [[0, 4, 8, 16], 2, ['   █', '_▄██'], ['    ', '_:=#']],
  [[0, 0], 2, ['  ', '__'], ['  ', '__']],
  [[0, 8, 24], 3, ['  █', '  █', '_██'], ['  #', '  #', '_##']],
];

for (const [figures, height, inUnicode, inAscii] of bars) {
  test(`barRows of ${figures.join()} in ${height} rows`, () => {
    assert.equal(barRows(figures, Math.max(...figures), height, unicode), inUnicode);
    assert.equal(barRows(figures, Math.max(...figures), height, ascii), inAscii);
  });
}

test('throughputLines: keep the highest figure of those that share a column', () => {
  const figures = [...Array.from({ length: 59 }, () => 0), 412e6];
  const lines = throughputLines(figures, 398e6, 40, 2, unicode).map(shown);
  assert.match(lines[0] ?? '', /^ 412 │ +█$/);
  assert.match(lines[1] ?? '', /^ {3}0 │_+█ 398$/);
});

test('throughputLines: a value that is not a number is left out', () => {
  const lines = throughputLines([Number.NaN, -1, Number.POSITIVE_INFINITY], 0, 40, 2, unicode).map(shown);
  assert.match(lines[1] ?? '', '___');
});

test('gaugeText: is full only when everything is done', () => {
  assert.is(gaugeText(0.41, 12, ascii), '[####......]');
  assert.is(gaugeText(0.999, 12, ascii), '[#########.]');
  assert.is(gaugeText(1, 12, unicode), '[██████████]');
  assert.is(gaugeText(Number.NaN, 5, ascii), '[...]');
  assert.is(gaugeText(7, 2, ascii), '[]');
});

test('logLines: the newest last, with its route where there are several', () => {
  assert.equal(logLines(model(80, 24), 2, unicode).map(shown), [
    '13:49:50 error video1.mxf failed at 45%: network; video1_1.mxf waits',
    '14:02:23 warn  ingest unreachable (EIO), probing every 1 s',
  ]);
  assert.match(shown(logLines(model(80, 24, { frame: calmFrame() }), 1, unicode)[0] ?? []), 'warn  ingest: ingest');
  assert.is(logLines(model(80, 24, { log: [] }), 2, unicode).length, 2);
});

test('logLines: of a frozen picture end when it was frozen', () => {
  const frozen = outageFrame({ at: new Date(now - 60_000).toISOString() });
  assert.match(shown(logLines(model(80, 24, { frozen }), 1, unicode)[0] ?? []), '13:49:50 error');
});

const lost = { kind: 'lost', why: 'ECONNREFUSED', cause: 'away', sinceAt: now } as const;
const longTimeline = Array.from({ length: 30 }, (_, seq) => ({
  seq,
  at: failed.file.discoveredAt,
  from: null,
  to: null,
  event: 'found',
  detail: {},
}));
const settingUp = (verdict: FolderCheck['verdict'] | null, isAsking = false): Dialog => {
  const field = { typed: '/ingest', isAsking, check: verdict === null ? null : { path: '/ingest', text: '', verdict } };
  return { kind: 'set_up', setUp: { file: '/x', step: 'source', source: field, destination: field, isWriting: false, trouble: null } };
};
const confirm = { kind: 'confirm', intent: { do: 'hold', route: 'ingest' }, lines: [], typed: '' } as const;

const footers: readonly [name: string, columns: number, change: Partial<Model>, text: string][] = [
  ['a usual terminal', 80, {}, ' Enter detail  r retry  f first  h hold  ? help   q leave (sluice stop ends it)'],
  ['a little less', 79, {}, ' Enter detail  r retry  f first  h hold ingest  / filter  ? help       q leave'],
  ['no agent to end', 80, { link: lost }, ' Enter detail  / filter  ! conditions  l log  c safe to clear?  ? help  q leave'],
  ['small', 40, {}, ' Enter detail  r retry  ? help  q leave'],
  ['nothing selected', 80, { selected: null }, ' h hold ingest  / filter  ! conditions  ? help    q leave (sluice stop ends it)'],
  ['read-only', 60, { isReadOnly: true }, ' Enter detail  / filter  ! conditions  ? help       q leave'],
  ['frozen', 60, { frozen: outageFrame() }, ' Enter detail  r retry  z continue  ? help          q leave'],
  ['a filter to clear', 60, { filter: { text: 'x', isEditing: false } }, ' Enter detail  r retry  f first  Esc clear  ? help  q leave'],
  ['typing a filter', 80, { filter: { text: 'x', isEditing: true } }, ' Enter keep the filter  Esc clear it'],
  ['a yes or no', 80, { dialogs: [{ ...confirm, expected: null }] }, ' y yes  n no'],
  ['a name to type', 80, { dialogs: [{ ...confirm, expected: 'ingest' }] }, ' Enter accept  Esc no'],
  [
    'a detail of which all is seen',
    80,
    { dialogs: [{ kind: 'detail', id: 'x', files: null, scroll: 0 }] },
    ' Esc back  h hold ingest  ? help',
  ],
  [
    'a detail that goes on',
    80,
    { dialogs: [{ kind: 'detail', id: 'failed', files: [{ file: failed.file, timeline: longTimeline }], scroll: 0 }] },
    ' Esc back  r retry  f first  x skip  h hold ingest  y copy path  ? help',
  ],
  ['help of which all is seen', 80, { dialogs: [{ kind: 'help', scroll: 0 }] }, ' Esc back'],
  ['set-up: a folder is typed', 80, { dialogs: [settingUp(null)] }, ' Enter check the folder  Esc back'],
  ['set-up: the folder is asked', 80, { dialogs: [settingUp(null, true)] }, ' Esc back'],
  ['set-up: it cannot be', 80, { dialogs: [settingUp('impossible')] }, ' Enter check the folder  Esc back'],
  ['set-up: it is doubtful', 80, { dialogs: [settingUp('doubtful')] }, ' Enter use it anyway  Esc back'],
  ['set-up: gone back to it', 80, { dialogs: [settingUp('good')] }, ' Enter continue  Esc back'],
];

for (const [name, columns, change, text] of footers) {
  test(`footerLine: ${name}`, () => assert.is(shown(footerLine(model(columns, 24, change), unicode)), text));
}

test('footerLine: a wrong disk can be adopted, a held route released', () => {
  const strange = outageFrame({ routes: [route({ gate: { ...offline, cause: 'not_the_destination' } })] });
  assert.match(shown(footerLine(model(80, 24, { frame: strange }), unicode)), ' a adopt ');
  assert.match(
    shown(footerLine(model(120, 24, { frame: outageFrame({ routes: [route({ hold: held })] }) }), unicode)),
    ' h release ingest ',
  );
});

test('footerLine: a help that can be scrolled says how', () => {
  assert.is(shown(footerLine(model(40, 12, { dialogs: [{ kind: 'help', scroll: 0 }] }), unicode)), ' Esc back  Up Down PgUp PgDn scroll');
});

test('footerLine: says which command stops the agent, if there is room', () => {
  assert.match(shown(footerLine(model(120, 40), unicode)), 'q leave (copying goes on; sluice stop ends it)');
  for (const columns of [80, 100, 109]) assert.match(shown(footerLine(model(columns, 24), unicode)), 'q leave (sluice stop ends it)');
});

test('footerLine: a route with a long name is named if there is room, and can be held in any case', () => {
  const named = outageFrame({ routes: [route({ name: 'the-long-name-of-a-route' })] });
  const of = (columns: number): string => shown(footerLine(model(columns, 24, { frame: named, selected: null }), unicode));
  assert.match(of(80), ' h hold the-long-name-of-a-route ');
  assert.match(of(40), / h hold {2}/);
});

test('throughputLines: a wide panel is filled up to the newest figure, and an empty one says so once', () => {
  const lines = throughputLines([...Array.from({ length: 59 }, () => 0), 5e6], 5e6, 140, 2, unicode).map(shown);
  assert.match(lines[1] ?? '', /_██ 5\.0$/);
  const calm = throughputLines([0, 0], 0, 60, 2, unicode).map(shown);
  assert.equal(
    calm.map((line) => line.trim().slice(0, 1)),
    ['│', '0'],
  );
});

test('logLines: in a long line the name is shortened, not the sentence about it', () => {
  const text = `later/${'Day 04/Card 001/'.repeat(8)}clip.mxf: copied and verified`;
  const [line = ''] = logLines(
    model(80, 24, { log: [{ v: 1, at: '2026-11-23T14:02:23.000Z', level: 'info', route: 'ingest', text }] }),
    1,
    unicode,
  ).map(shown);
  assert.match(line, /later\/.+….+clip\.mxf: copied and verified$/);
});

test.run();
