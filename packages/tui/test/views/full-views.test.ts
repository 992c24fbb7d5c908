import { env } from 'node:process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { filterFiles, filterOutages } from '../../src/history/rows.ts';
import type { Dialog, FileStory, Model } from '../../src/model/model.ts';
import type { Line } from '../../src/picture/pieces/pieces.ts';
import { scrolled, scrollText } from '../../src/picture/pieces/scrolled.ts';
import { statusLine } from '../../src/views/below/status-line.ts';
import { dialogBox } from '../../src/views/boxes/dialog-box.ts';
import { detailLines, timelineLine } from '../../src/views/full-views/detail.ts';
import { maxScroll, withinReach } from '../../src/views/full-views/full-view.ts';
import { helpBody, helpLines } from '../../src/views/full-views/help.ts';
import { historyLines } from '../../src/views/full-views/history.ts';
import { dayBars, daysOf, daysOfSums, daysText } from '../../src/views/full-views/history-days.ts';
import { render } from '../../src/views/render.ts';
import { again, calmFrame, endedFiles, failed, file, historyOutages, model, now, outageFrame, past, timeline } from './sample-model.ts';
import { ascii, textOf, textsOf, unicode } from './themes.ts';

env['TZ'] = 'UTC';

const shown = (line: Line): string => textOf(line).trimEnd();
const stories: readonly FileStory[] = [
  { file: failed.file, timeline },
  { file: again.file, timeline: timeline.slice(0, 2) },
];
const detail = (change: Partial<Extract<Dialog, { kind: 'detail' }>> = {}): Extract<Dialog, { kind: 'detail' }> => ({
  kind: 'detail',
  id: 'failed',
  files: stories,
  scroll: 0,
  ...change,
});
const detailOf = (dialog: Extract<Dialog, { kind: 'detail' }>, height = 60): string =>
  detailLines(model(100, 40), dialog, height, ascii).map(shown).join('\n');

test('detailLines: show both sides, sizes, both sentences, lineage and timeline', () => {
  const text = detailOf(detail());
  for (const expected of [
    ' video1.mxf  x FAILED',
    ' Source       /ingest/video1.mxf (LOCAL DISK, same as system)',
    ' Destination  /mnt/nas/ingest/video1.mxf (nfs4 nas01:/ingest)',
    ' Size         48.2 GB (48,200,000,000 bytes)',
    ' Copied       21.8 GB, 45%',
    ' What         the destination went offline, at 45.2%',
    ' Technical    write on the destination: EIO',
    ' > 1 video1.mxf ',
    '   2 `-video1_1.mxf ',
    ' 2026-11-23 13:42:31  QUEUED -> COPYING  copy starts as .video1.mxf.01234567.part',
    ' 2026-11-23 13:49:31  COPYING -> FAILED  network interruption (EIO)',
    ' attempt 2, as video1_1.mxf',
  ]) {
    assert.match(text, expected);
  }
});

test('detailLines: of a completed file show hash and verification', () => {
  const done = file({
    id: 'd',
    status: 'COMPLETED',
    copied: true,
    readback: 'cached',
    hash: { algorithm: 'xxh64', value: '0123456789abcdef' },
  });
  const text = detailOf(detail({ id: 'd', files: [{ file: done, timeline: [] }] }));
  assert.match(text, ' Hash         xxh64 0123456789abcdef');
  assert.match(text, ' Verified     = verified (cache only)');
});

test('detailLines: before the answer show what the list knows, or that it is requested', () => {
  assert.match(detailOf(detail({ files: null })), / video1\.mxf {2}x FAILED[\s\S]*loading/);
  assert.match(detailOf(detail({ id: 'elsewhere', files: null })), /^ loading/);
});

test('detailLines: scroll to the last line and not beyond', () => {
  const end = detailOf(detail({ scroll: 10_000 }), 10);
  assert.match(end, 'READY  settled');
  assert.match(end, /\d+-(\d+) of \1/);
});

test('scrolled: shows a part, and says which', () => {
  const lines = Array.from({ length: 45 }, () => (): Line => []);
  assert.is(scrollText(scrolled(lines, 0, 20)), '1-20 of 45');
  assert.is(scrollText(scrolled(lines, 99, 20)), '26-45 of 45');
  assert.is(scrollText(scrolled(lines, 0, 45)), '');
  assert.is(scrolled(lines, Number.NaN, 20).first, 0);
});

test('scrolled: makes only the visible lines', () => {
  let made = 0;
  const lines = Array.from({ length: 5000 }, () => (): Line => {
    made += 1;
    return [];
  });
  scrolled(lines, 100, 20);
  assert.is(made, 20);
});

test('detailLines: a lost file says that no copy exists and which key acknowledges it, whether it failed or was removed', () => {
  for (const status of ['REMOVED', 'FAILED'] as const) {
    const error = status === 'FAILED' ? failed.file.error : null;
    const lost = { ...failed, file: file({ id: 'lost', status, error, sourceGone: true }), isLost: true as const };
    const frame = outageFrame({ rows: { total: 1, matched: 1, offset: 0, rows: [lost] } });
    const dialog = { kind: 'detail', id: 'lost', files: null, scroll: 0 } as const;
    const text = detailLines(model(100, 40, { frame }), dialog, 30, ascii)
      .map(shown)
      .join('\n');
    assert.match(text, /Now +vanished at the source before it was copied: no copy exists; press A/, status);
  }
});

test('timelineLine: shows a fact without a change of state, and a value that is not a text', () => {
  const detail = { removed: ['.a.part', '.b.part'], kept: [] };
  const entry = { seq: 1, at: new Date(now).toISOString(), from: null, to: null, event: 'parts_removed', detail };
  const text = 'temporary files removed: .a.part, .b.part';
  assert.is(shown(timelineLine(entry, 80, ascii)), ` 2026-11-23 14:02:31  ${text}`);
  assert.is(shown(timelineLine(entry, 55, ascii)), ` 14:02:31  ${text}`);
});

test('timelineLine: shows a kind of event that another version wrote', () => {
  const entry = { seq: 1, at: new Date(now).toISOString(), from: null, to: null, event: 'old_note', detail: { list: [1, 2], none: null } };
  assert.is(shown(timelineLine(entry, 80, ascii)), ' 2026-11-23 14:02:31  old note');
});

test('daysOf: counts by local days, and leaves none out', () => {
  const days = daysOf(endedFiles, historyOutages, now);
  assert.equal(
    days.map(({ day, files, outages }) => [day, files, outages]),
    [
      ['2026-11-20', 1, 1],
      ['2026-11-21', 0, 0],
      ['2026-11-22', 2, 0],
      ['2026-11-23', 2, 1],
    ],
  );
  assert.is(daysText(days, 2), '5 files copied, 60.0G, 2 outages');
});

test('daysOfSums: has the bars of files that are not in the model, and outages', () => {
  const day = (date: number): number => new Date(2026, 10, date).getTime();
  const sums = [
    { from: 0, files: 3, bytes: 30 },
    { from: day(20), files: 0, bytes: 0 },
    { from: day(21), files: 20_000, bytes: 1.5e12 },
    { from: day(22), files: 0, bytes: 0 },
    { from: day(23), files: 1, bytes: 5 },
  ];
  const shownDays = daysOfSums(sums.slice(1), historyOutages, now).map(({ day, files, bytes, outages }) => [day, files, bytes, outages]);
  assert.equal(shownDays, [
    ['2026-11-20', 0, 0, 1],
    ['2026-11-21', 20_000, 1.5e12, 0],
    ['2026-11-22', 0, 0, 0],
    ['2026-11-23', 1, 5, 1],
  ]);
  assert.is(daysOfSums(sums, [], now).length, 240, 'what is older than the bars has none');
  assert.is(daysText(sums, 1), '20,004 files copied, 1.5T, 1 outage', 'and is counted');
});

test('daysOf: is bounded, and begins today if nothing is known', () => {
  assert.is(daysOf([file({ status: 'COMPLETED', endedAt: '1970-01-01T00:00:00.000Z' })], [], now).length, 240);
  assert.is(daysOf([], [], now).length, 1);
  assert.equal(daysOf([], [], Number.NaN), []);
});

test('dayBars: a bar for each day, a mark for an outage, the day below it', () => {
  const lines = dayBars(daysOf(endedFiles, historyOutages, now), 80, 4, ascii).map(shown);
  assert.equal(lines, [
    '  24.0G',
    '        ========= _________ ######### #########',
    'outages x                             x',
    '        11-20     11-21     11-22     11-23',
  ]);
});

test('historyLines: bars, outages, files; the filter applies to all of them', () => {
  const history: Model['history'] = past;
  const all = historyLines(model(80, 24, { tab: 'history', history }), 20, ascii).map(shown);
  assert.match(all[0] ?? '', /^ 24h \[7d\] 30d all +5 files copied, 60\.0G, 2 outages$/);
  assert.ok(all.includes(' OUTAGES') && all.includes(' FILES'));
  assert.ok(all.some((line) => line.startsWith(' x 2026-11-20 14:02:31  00:08:20  ingest: the destination does not answer')));
  const filtered = historyLines(model(80, 24, { tab: 'history', history, filter: { text: 'clip_3', isEditing: false } }), 20, ascii).map(
    shown,
  );
  assert.is(filtered.filter((line) => line.includes('clip_')).length, 1);
});

const more = { ...past, hasMore: true, files: past.files.slice(0, 2) };
const sums = [{ from: now, files: 20_430, bytes: 1.5e12 }];
for (const [what, history, filter, text, tone] of [
  ['sums over all that ended', { ...more, sums }, '', '20,430 files copied, 1.5T, 2 outages  the newest 2 are listed', 'plain'],
  ['no sums', more, '', /^the newest 2 only {2}\d files? copied, .*, 2 outages$/, 'bad'],
  ['a search under way', { ...more, sums, isLoading: true, askedFilter: 'x' }, 'x', 'searching the journal', 'busy'],
  ['a search that is about to begin', { ...more, sums }, 'x', 'searching the journal', 'busy'],
  [
    'a search that failed',
    { ...more, sums, askedFilter: 'x', trouble: 'late' },
    'x',
    /^only the newest 2 are searched {2}\d files? copied/,
    'bad',
  ],
  ['a search that was answered', { ...more, filter: 'x', hasMore: false, sums }, 'x', '20,430 files copied, 1.5T, 2 outages', 'plain'],
] as const) {
  test(`historyLines: say what their figures are of: ${what}`, () => {
    const seen = model(120, 24, { tab: 'history', history, filter: { text: filter, isEditing: false } });
    const said = historyLines(seen, 20, ascii)[0]?.find(({ text }) => /copied|searching/.test(text));
    assert.is(said?.tone, tone);
    const shownText = said?.text.trim() ?? '';
    if (typeof text === 'string') assert.is(shownText, text);
    else assert.match(shownText, text);
  });
}

test('historyLines: while they are requested', () => {
  const history: Model['history'] = { ...past, range: '24h', files: [], outages: [], isLoading: true, selected: null };
  assert.match(
    historyLines(model(80, 24, { history }), 5, ascii)
      .map(shown)
      .join('\n'),
    'loading',
  );
});

const filters: readonly [filter: string, files: readonly string[]][] = [
  ['', ['clip_0', 'clip_1', 'clip_2', 'clip_3', 'clip_4']],
  ['CLIP_3', ['clip_3']],
  ['state:done clip_1', ['clip_1']],
  ['state:failed', []],
  ['route:ing', ['clip_0', 'clip_1', 'clip_2', 'clip_3', 'clip_4']],
  ['route:other', []],
];

for (const [filter, expected] of filters) {
  test(`filterFiles by ${JSON.stringify(filter)}`, () =>
    assert.equal(
      filterFiles(endedFiles, filter).map(({ source }) => source.replace(/^.*\/|\.mxf$/g, '')),
      expected,
    ));
}

test('filterOutages: filter only by route', () => {
  assert.is(filterOutages(historyOutages, 'clip_3').length, 2);
  assert.is(filterOutages(historyOutages, 'route:other').length, 0);
});

const help = { kind: 'help', scroll: 0 } as const;
const helpOf = (change: Partial<Model>, columns = 80): string =>
  helpLines(model(columns, 24, change), help, 22, ascii)
    .map(shown)
    .join('\n');

test('helpLines: show the present keys, without those that do nothing', () => {
  const all = helpOf({});
  for (const expected of [
    'Enter  detail',
    'r      retry',
    'h      hold ingest',
    'z      freeze',
    'sluice stop',
    'x failed',
    'video1.mxf ~ READY',
  ]) {
    assert.match(all, expected);
  }
  const readOnly = helpOf({ isReadOnly: true, selected: null });
  for (const unwanted of ['retry', 'hold ingest', 'Enter  detail']) assert.not.match(readOnly, unwanted);
  assert.match(readOnly, 'No file is selected.');
});

test('helpBody: in a small screen still has all keys', () => {
  const small = helpBody(model(40, 12), ascii)
    .map((line) => shown(line()))
    .join('\n');
  for (const expected of ['Enter detail', 'r retry', 'x skip', '/ filter', 'q leave', '1-6 tabs']) assert.match(small, expected);
});

/** Returns the rows between header, banner and footer. */
const seen = (change: Partial<Model>): readonly string[] => textsOf(render(model(40, 12, change), ascii)).slice(2, -1);

test('helpLines: in a small screen scroll to their end, and show the position', () => {
  const whole = helpBody(model(40, 12), ascii).map((line) => shown(line()).trimEnd());
  const first = seen({ dialogs: [help] });
  assert.match(first[0] ?? '', `1-8 of ${whole.length}`);
  const reached = new Set<string>();
  for (let scroll = 0; scroll <= maxScroll(model(40, 12, { dialogs: [help] }), ascii); scroll += 1) {
    for (const line of seen({ dialogs: [{ ...help, scroll }] }).slice(1)) reached.add(line.trimEnd());
  }
  assert.equal(
    whole.filter((line) => !reached.has(line)),
    [],
  );
});

test('maxScroll: the last line is at the bottom, whatever fills the rows above it', () => {
  const notice = { text: 'done', isBad: false, untilAt: now + 1 };
  for (const change of [{}, { notice }, { frame: calmFrame() }] as const) {
    const at = (scroll: number): Partial<Model> => ({ ...change, dialogs: [{ ...help, scroll }] });
    const most = maxScroll(model(40, 12, at(0)), ascii);
    assert.ok(most > 0);
    assert.equal(seen(at(most + 1)), seen(at(most)));
    assert.not.equal(seen(at(most - 1)), seen(at(most)));
  }
  assert.is(maxScroll(model(120, 40, { dialogs: [help] }), ascii), 0);
  assert.is(maxScroll(model(40, 12), ascii), 0);
});

test('withinReach: limits the scrolling, and changes nothing else', () => {
  const far = model(40, 12, {
    dialogs: [
      { kind: 'message', lines: [] },
      { ...help, scroll: 900 },
    ],
  });
  assert.equal(withinReach(far, ascii), {
    ...far,
    dialogs: [
      { kind: 'message', lines: [] },
      { ...help, scroll: maxScroll(far, ascii) },
    ],
  });
  const near = model(40, 12, { dialogs: [{ ...help, scroll: 2 }] });
  assert.is(withinReach(near, ascii), near);
});

const adopt: Extract<Dialog, { kind: 'confirm' }> = {
  kind: 'confirm',
  intent: { do: 'adopt', route: 'ingest' },
  lines: ['/mnt/nas/ingest (ext4 /dev/sdb1)', '  known as      1234', '  found there   no marker'],
  expected: 'ingest',
  typed: 'ing',
};

test('dialogBox: asks for a name to be typed, with the cursor after the typed text', () => {
  const { lines, cursor } = dialogBox(adopt, 40, 12, ascii);
  assert.equal(lines.map(shown), [
    '+- SURE? ------------------------------+',
    '| /mnt/nas/ingest (ext4 /dev/sdb1)     |',
    '|   known as      1234                 |',
    '|   found there   no marker            |',
    '|                                      |',
    '| Type ingest: ing                     |',
    '+--------------------------------------+',
  ]);
  assert.equal(cursor, { row: 5, column: 18 });
});

test('dialogBox: the caret stands where it was moved to, and an export is named as one', () => {
  assert.equal(dialogBox({ ...adopt, after: 2 }, 40, 12, ascii).cursor, { row: 5, column: 16 });
  const past = { range: 'all', filter: '', files: [], outages: [], newest: null } as const;
  const asked = { ...adopt, intent: { do: 'export', past, path: '/a.csv' } as const, expected: null };
  assert.match(shown(dialogBox(asked, 40, 12, ascii).lines[0] ?? []), /^\+- EXPORT -+\+$/);
});

test('dialogBox: with too little room still asks', () => {
  const lines = dialogBox(
    { ...adopt, expected: null, lines: Array.from({ length: 50 }, (_, index) => `line ${index}`) },
    40,
    8,
    ascii,
  ).lines.map(shown);
  assert.is(lines.length, 8);
  assert.match(lines[5] ?? '', 'and 46 more lines');
  assert.match(lines[6] ?? '', 'y yes   n no');
});

test('dialogBox: a message is as wide as allowed, in the middle', () => {
  const { lines, cursor } = dialogBox({ kind: 'message', lines: ['done'] }, 100, 20, ascii);
  assert.match(shown(lines[0] ?? []), /^ {12}\+- NOTE -+\+$/);
  assert.is(cursor, null);
});

const tiny: readonly [name: string, change: Partial<Model>, text: string][] = [
  ['an outage', {}, '!! ingest OFFLINE 00:12:41  214..'],
  ['all is well', { frame: calmFrame() }, 'SLUICE You 0 Rec 1 Wait 214 Don..'],
  ['nothing known yet', { frame: null, link: { kind: 'connecting' } }, 'SLUICE connecting'],
  ['no agent', { frame: null, link: { kind: 'lost', why: 'ENOENT', cause: 'away', sinceAt: now } }, 'SLUICE no answer: ENOENT'],
  ['something is asked', { dialogs: [{ ...adopt, expected: null }] }, 'y/n /mnt/nas/ingest (ext4 /dev/..'],
  ['a name is typed', { dialogs: [adopt] }, 'ing_ /mnt/nas/ingest (ext4 /dev..'],
];

for (const [name, change, text] of tiny) {
  test(`statusLine: ${name}`, () => assert.is(shown(statusLine(model(33, 6, change), ascii)), text));
}

test('render: a screen that is too small is one line', () => {
  const rows = textsOf(render(model(39, 12), unicode));
  assert.is(rows.length, 12);
  assert.equal(
    rows.slice(1).map((row) => row.trim()),
    Array.from({ length: 11 }, () => ''),
  );
});

test('render: keeps the cursor on the screen, where something is typed', () => {
  const typing = render(model(80, 24, { filter: { text: 'cam', isEditing: true } }), unicode);
  assert.equal(typing.cursor, { row: 3, column: 31 });
  assert.is(textsOf(typing)[3]?.slice(28, 31), 'cam');
  assert.is(render(model(80, 24), unicode).cursor, null);
  const asked = render(model(80, 24, { dialogs: [adopt] }), unicode);
  assert.is(textsOf(asked)[asked.cursor?.row ?? 0]?.slice(0, asked.cursor?.column).endsWith('Type ingest: ing'), true);
});

test('render: a frozen picture shows the frozen frame', () => {
  const frozen = outageFrame();
  const both = render(model(80, 24, { frozen, frame: calmFrame(), now: now + 60_000 }), ascii);
  assert.match(textsOf(both)[0] ?? '', 'FROZEN 14:02:31');
  assert.match(textsOf(both)[1] ?? '', 'OFFLINE 00:12:41');
});

test.run();
