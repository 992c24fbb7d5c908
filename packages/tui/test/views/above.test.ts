import { env } from 'node:process';
import type { ScreenTotals } from '@sluice/lists';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Model } from '../../src/model/model.ts';
import type { Line } from '../../src/picture/pieces/pieces.ts';
import { bannerLines } from '../../src/views/above/banners.ts';
import { headerLine } from '../../src/views/above/header.ts';
import { tabsLine } from '../../src/views/above/tabs.ts';
import { totalsLine } from '../../src/views/above/totals.ts';
import { noticeLine, ruleLine } from '../../src/views/horizontal-rule.ts';
import { calmFrame, model, now, offline, online, outageFrame, route } from './sample-model.ts';
import { ascii, textOf, unicode } from './themes.ts';

env['TZ'] = 'UTC';

const shown = (line: Line | null): string => (line === null ? '' : textOf(line)).trimEnd();

const headers: readonly [name: string, columns: number, change: Partial<Model>, text: string][] = [
  ['as in the sketch', 80, {}, ' SLUICE  ingest: /ingest -> /mnt/nas/ingest       agent up 3d04h       14:02:31'],
  ['small', 40, {}, ' SLUICE  ingest: ../nas/ingest 14:02:31'],
  ['two routes', 80, { frame: calmFrame() }, ' SLUICE  ingest: /ingest -> /mnt/nas/ingest       agent up 3d04h       14:02:31'],
  ['no agent yet', 80, { frame: null, link: { kind: 'connecting' } }, ` SLUICE${' '.repeat(47)}connecting       14:02:31`],
  [
    'agent lost',
    80,
    { link: { kind: 'lost', why: '', cause: 'away', sinceAt: now } },
    ' SLUICE  ingest: /ingest -> /mnt/nas/ingest                STALE       14:02:31',
  ],
  [
    'never an agent',
    60,
    { frame: null, link: { kind: 'lost', why: '', cause: 'away', sinceAt: now } },
    ` SLUICE${' '.repeat(33)}NO ANSWER  14:02:31`,
  ],
  [
    'no agent runs',
    60,
    { frame: null, link: { kind: 'lost', why: '', cause: 'not_running', sinceAt: now } },
    ` SLUICE${' '.repeat(34)}NO AGENT  14:02:31`,
  ],
  [
    'the agent of somebody else',
    60,
    { frame: null, link: { kind: 'lost', why: '', cause: 'refused', sinceAt: now } },
    ` SLUICE${' '.repeat(33)}NO ACCESS  14:02:31`,
  ],
  ['frozen, small', 60, { frozen: outageFrame(), now: now + 9000 }, ' SLUICE  ingest: /..nt/nas/ingest FROZEN 14:02:31  14:02:40'],
  ['read-only', 80, { isReadOnly: true }, ' SLUICE  ingest: /ingest -> /mnt/nas/ingest READ-ONLY  agent up 3d04h  14:02:31'],
];

for (const [name, columns, change, text] of headers) {
  test(`headerLine: ${name}`, () => assert.is(shown(headerLine(model(columns, 24, change), ascii)), text));
}

test('headerLine: describes every path next to it, if there is room', () => {
  assert.match(
    shown(headerLine(model(200, 50), unicode)),
    'ingest: /ingest (LOCAL DISK, same as system) → /mnt/nas/ingest (nfs4 nas01:/ingest)',
  );
});

const totals: readonly [name: string, columns: number, change: Partial<ScreenTotals>, text: string][] = [
  ['as in the sketch', 80, {}, ' Needs you 0   Recording 1   Waiting 214   Done 98,412   Left 1.42 TB  ETA -'],
  ['counting', 80, { isCounting: true }, ' Needs you 0   Recording 1   Waiting 214   Done 98,412   Left >1.42 TB  ETA -'],
  ['small', 40, {}, ' You 0 Rec 1 Wait 214 Done 98,412 ETA -'],
  [
    'moving',
    80,
    { bytesPerSecond: 622e6, etaMs: 2_280_000 },
    ' Needs you 0  Recording 1  Waiting 214  Done 98,412  Rate 622 MB/s  ETA 38:00',
  ],
  [
    'nothing can move',
    80,
    { bytesPerSecond: 0, etaMs: null },
    ' Needs you 0   Recording 1   Waiting 214   Done 98,412   Left 1.42 TB  ETA -',
  ],
  ['failed', 80, { failed: 2 }, ' Needs you 0   Failed 2   Recording 1   Waiting 214   Done 98,412   ETA -'],
  [
    'wide',
    120,
    { failed: 2, bytesPerSecond: 622e6, etaMs: 2_280_000 },
    ' Needs you 0   Failed 2   Recording 1   Waiting 214   Done 98,412   Recovered 1   Left 1.42 TB  Rate 622 MB/s  ETA 38:00',
  ],
];

for (const [name, columns, change, text] of totals) {
  test(`totalsLine: ${name}`, () => {
    const frame = outageFrame({ totals: { ...outageFrame().totals, ...change } });
    assert.is(shown(totalsLine(model(columns, 24, { frame }), unicode)), text);
  });
}

const tabs: readonly [name: string, columns: number, change: Partial<Model>, text: string, cursor: number | null][] = [
  ['as in the sketch', 80, {}, ' [1 All] 2 Active 3 Waiting 4 Needs you 5 Done 6 History               2/98,629', null],
  ['small', 40, { tab: 'waiting' }, ' 1 2 [3 Waiting] 4 5 6         2/98,629', null],
  ['nothing selected', 80, { selected: null }, ' [1 All] 2 Active 3 Waiting 4 Needs you 5 Done 6 History               -/98,629', null],
  [
    'a filter, with its count',
    80,
    { filter: { text: 'cam', isEditing: false }, frame: outageFrame({ rows: { ...outageFrame().rows, matched: 12 } }) },
    ' [1 All] 2 3 4 5 6  filter: cam                                  2/12 of 98,629',
    null,
  ],
  [
    'a filter that is typed',
    80,
    { filter: { text: 'cam', isEditing: true } },
    ' [1 All] 2 3 4 5 6  filter: cam                              2/98,629 of 98,629',
    31,
  ],
  ['history', 80, { tab: 'history' }, ' 1 All 2 Active 3 Waiting 4 Needs you 5 Done [6 History]                0 files', null],
];

for (const [name, columns, change, text, cursor] of tabs) {
  test(`tabsLine: ${name}`, () => {
    const drawn = tabsLine(model(columns, 24, change), unicode);
    assert.is(shown(drawn.line), text);
    assert.is(drawn.cursor, cursor);
  });
}

test('tabsLine: shows the end of a long filter while it is typed, and the cursor after it', () => {
  const drawn = tabsLine(model(40, 24, { filter: { text: 'route:ingest state:failed cam-b_0042', isEditing: true } }), unicode);
  assert.is(shown(drawn.line), ' [1 All] 2 3 4 5 6 /…m-b_0042  2/98,629');
  assert.is(drawn.cursor, 29);
});

const rules: readonly [name: string, change: Partial<Model>, text: RegExp][] = [
  ['nothing unusual', {}, /^-{80}$/],
  ['another order', { sort: 'size', isReversed: true }, /^-- sort: size, reversed -+$/],
  ['hidden', { hideRecovered: true }, /^-- recovered ones are hidden -+$/],
  [
    'a filter that hides files',
    { filter: { text: 'x', isEditing: false }, frame: outageFrame({ rows: { total: 5_000, matched: 2, offset: 0, rows: [] } }) },
    /^-- the filter hides 4,998 -+$/,
  ],
  ['the mouse', { hasMouse: true }, /^-- mouse -+$/],
];

for (const [name, change, text] of rules) {
  test(`ruleLine: ${name}`, () => assert.match(shown(ruleLine(model(80, 24, change), ascii)), text));
}

test('noticeLine: disappears at its time, and has a mark if it is bad', () => {
  const notice = { text: 'it is skipped or needs you; retry it first', isBad: true, untilAt: now + 1 };
  assert.is(shown(noticeLine(model(80, 24, { notice }), unicode)), ' ! it is skipped or needs you; retry it first');
  assert.is(noticeLine(model(80, 24, { notice: { ...notice, untilAt: now } }), unicode), null);
  assert.is(noticeLine(model(80, 24), unicode), null);
});

const bannersOf = (change: Partial<Model>, rows = 24): string[] => bannerLines(model(80, rows, change), unicode).map(shown);

test('bannerLines: empty while everything is well', () => assert.equal(bannersOf({ frame: calmFrame() }), []));

test('bannerLines: an old picture comes first', () => {
  const shown = bannersOf({ link: { kind: 'lost', why: 'ECONNREFUSED', cause: 'away', sinceAt: now - 5000 } });
  assert.is(shown[0], '!! STALE since 14:02:26: the agent does not answer (ECONNREFUSED)');
  assert.match(shown[1] ?? '', '!! ingest OFFLINE 00:12:36');
});

test('bannerLines: if no agent runs, the key that starts one is shown to users who may press it', () => {
  const link = { kind: 'lost', why: 'why', cause: 'not_running', sinceAt: now - 5000 } as const;
  assert.is(bannersOf({ link })[0], '!! STALE since 14:02:26: no agent is running; o starts one');
  assert.is(bannersOf({ link, isReadOnly: true })[0], '!! STALE since 14:02:26: no agent is running');
  assert.is(bannersOf({ link: { ...link, cause: 'refused' } })[0], '!! STALE since 14:02:26: why');
});

test('bannerLines: a held route is shown with who held it, until when, why, and how it ends', () => {
  const hold = { by: 'ann', since: offline.since, until: null, reason: 'edit running' };
  const frame = calmFrame({ routes: [route({ hold })] });
  assert.is(bannersOf({ frame })[0], '~ ingest HELD by ann since 13:49:50 (edit running): no new copies; h releases it');
  assert.not.match(bannersOf({ frame, isReadOnly: true })[0] ?? '', 'releases');
});

test('totalsLine: no time is estimated while the agent is gone', () => {
  const link = { kind: 'lost', why: '', cause: 'away', sinceAt: now } as const;
  const textOf = (change: Partial<Model>) => shown(totalsLine(model(120, 40, { frame: calmFrame(), ...change }), unicode));
  assert.match(textOf({}), /Rate .*ETA \d/);
  assert.not.match(textOf({ link }), 'Rate');
  assert.match(textOf({ link }), /ETA -/);
});

test('bannerLines: a destination that was not probed yet is not an outage', () => {
  const gate = { ...offline, cause: 'unknown' } as const;
  const checking = (waiting: number, nextProbeInMs: number | null = null) =>
    bannerLines(model(80, 24, { frame: outageFrame({ routes: [route({ gate, waiting, nextProbeInMs })] }) }), unicode)[0] ?? [];
  assert.is(shown(checking(2)).trimEnd(), '~ ingest CHECKING 00:12:41  2 wait at the source');
  assert.is(shown(checking(0, 900)).trimEnd(), '~ ingest CHECKING 00:12:41  next probe in 1 s');
  assert.is(shown(checking(0)).trimEnd(), '~ ingest CHECKING 00:12:41');
  assert.is(checking(2)[0]?.tone, 'notice');
});

test('bannerLines: a command before_probe that the first probe waits for is named, also where there is little room', () => {
  const gate = { ...offline, cause: 'unknown' } as const;
  const since = new Date(Date.parse(offline.since) + 12 * 60_000 + 29_000).toISOString();
  const banner = (program: string, columns: number, isAwaited = true): string => {
    const frame = outageFrame({ routes: [route({ gate, waiting: 2, beforeProbe: { program, since, isAwaited } })] });
    return shown(bannerLines(model(columns, 24, { frame }), unicode)[0] ?? []).trimEnd();
  };
  assert.is(banner('/bin/mount', 120), '~ ingest CHECKING 00:12:41  waits for before_probe for 12 s (/bin/mount), 2 wait at the source');
  assert.is(banner('/bin/mount', 80), '~ ingest CHECKING 00:12:41  waits for before_probe for 12 s (/bin/mount), 2 wait');
  assert.is(banner('/usr/local/bin/mount-nas', 70), '~ ingest CHECKING 00:12:41  waits for before_probe (mount-nas), 2 wait');
  assert.is(banner('/bin/mount', 80, false), '~ ingest CHECKING 00:12:41  2 wait at the source');
});

test('bannerLines: outages, then sources', () => {
  const sourceState = { ...route().sourceState, since: offline.since, state: 'missing' } as const;
  const frame = outageFrame({ routes: [route({ name: 'b', sourceState }), route({ gate: offline, waiting: 2 })] });
  assert.equal(bannersOf({ frame }), [
    '!! ingest OFFLINE 00:12:41 (no answer)  2 wait at the source',
    '!! SOURCE MISSING 00:12:41 /ingest: none of its files is treated as removed',
  ]);
});

test('bannerLines: the verdict reports what has no other banner', () => {
  const frame = calmFrame({ verdict: { ok: false, text: 'the journal cannot be written' } });
  assert.equal(bannersOf({ frame }), ['!! the journal cannot be written']);
});

test('bannerLines: every condition has a row, whatever else is wrong or held; one that an outage row tells has no second', () => {
  const about = { since: offline.since, remedy: 'x', called: true };
  const conditions = [
    { ...about, kind: 'journal_not_writable', route: null, files: null, text: 'the journal cannot be written' },
    { ...about, kind: 'destination_offline', route: 'ingest', files: 2, text: 'the destination does not answer' },
    { ...about, kind: 'destination_full', route: 'b', files: 2, text: 'no room' },
    { ...about, kind: 'files_lost', route: 'b', files: 1, text: 'a.mov vanished' },
    { ...about, kind: 'source_nearly_full', route: 'b', files: null, text: 'not yet', called: false },
  ] as const;
  const hold = { by: 'root', since: offline.since, until: null, reason: '' };
  const routes = [route({ gate: offline, waiting: 2 }), route({ name: 'b', gate: online, hold })];
  const frame = outageFrame({ verdict: { ok: false, text: 'offline' }, routes, conditions });
  assert.equal(bannersOf({ frame }, 50), [
    '!! ingest OFFLINE 00:12:41 (no answer)  2 wait at the source',
    '!! the journal cannot be written',
    '!! b: no room',
    '!! b: a.mov vanished',
    '~ b HELD by root since 13:49:50: no new copies; h releases it',
  ]);
});

test('bannerLines: leave the list its room', () => {
  const frame = outageFrame({ routes: Array.from({ length: 20 }, (_, index) => route({ name: `r${index}`, gate: offline })) });
  assert.is(bannersOf({ frame }).length, 3);
  assert.is(bannersOf({ frame })[2], '!! and 18 more');
  assert.is(bannersOf({ frame }, 12).length, 2);
  assert.is(bannersOf({ frame }, 50).length, 6);
});

test('a frozen picture does not get older', () => {
  const frozen = { frozen: outageFrame(), now: now + 3_600_000 };
  assert.match(bannersOf(frozen)[0] ?? '', 'OFFLINE 00:12:41');
});

test.run();
