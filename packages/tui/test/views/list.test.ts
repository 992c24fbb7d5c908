import { env } from 'node:process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Model } from '../../src/model/model.ts';
import { arrange, rowAt } from '../../src/views/arrangement.ts';
import { listLines, listTitles, listWindow } from '../../src/views/list/list.ts';
import { listColumns } from '../../src/views/list/list-columns.ts';
import { render } from '../../src/views/render.ts';
import { calmFrame, model, offline, outageFrame, past, route, row } from './sample-model.ts';
import { ascii, textOf, textsOf } from './themes.ts';

env['TZ'] = 'UTC';

const linesOf = (columns: number, change: Partial<Model> = {}, height = 8): string[] =>
  listLines(model(columns, 24, change), height, ascii).map((line) => textOf(line).trimEnd());

test('listLines: in 80 columns as in the sketch', () => {
  assert.is(
    textOf(listTitles(model(80, 24), ascii)).trimEnd(),
    '  NAME                   STATE      PROGRESS                   SIZE  MB/s   ETA',
  );
  assert.equal(linesOf(80), [
    '  video1.mxf             x FAILED   Network error at 45%      48.2G     -     -',
    '> `-video1_1.mxf         ~ READY    Waiting for network       48.2G     -     -',
    '  cam-b_0042.mov         ~ GROWING  +38 MB/s                   7.9G     -     -',
    '  cam-b_0041.mov         > VERIFY   READING BACK 72% [###..]  22.1G   410  0:15',
    '  cam-a_0007.mxf         > COPYING  [####......] 41%          12.0G   212  0:33',
    '  studio/live_0003.mxf   > COPYING  RECORDING 12 MB behind     3.1G    13     -',
    '  broll_0917.mxf         = DONE     verified xxh64             9.4G     - 13:44',
    '  broll_0916.mxf         = DONE     verified (cache only)     12.0G     - 11-21',
  ]);
});

test('listLines: in 40 columns a mark and a word for every file', () => {
  assert.equal(linesOf(40), [
    '  video1.mxf    x FAILED Network erro..',
    '> `-vi..1_1.mxf ~ READY Waiting for n..',
    '  cam-..042.mov ~ GROWING +38 MB/s',
    '  cam-..041.mov > READING BACK 72%',
    '  cam-..007.mxf > COPYING 41%',
    '  stud..003.mxf > RECORDING 12 MB beh..',
    '  brol..917.mxf = verified',
    '  brol..916.mxf = verified (cache only)',
  ]);
});

test('listLines: of several routes say which, if there is room', () => {
  assert.match(linesOf(120, { frame: calmFrame() })[0] ?? '', /^ {2}video1\.mxf +ingest +x FAILED/);
  assert.match(linesOf(80, { frame: calmFrame() })[0] ?? '', /^ {2}video1\.mxf {13}x FAILED/);
});

test('listLines: a waiting or failed file has no ETA and no rate, whatever the frame says', () => {
  const waiting = row({ id: 'w', hold: 'network', bytesPerSecond: 5e6 }, { etaMs: 1000 });
  const frame = outageFrame({ rows: { total: 1, matched: 1, offset: 0, rows: [waiting] } });
  assert.match(linesOf(80, { frame, selected: null })[0] ?? '', /-\s+-$/);
});

const without = outageFrame({ rows: { total: 0, matched: 0, offset: 0, rows: [] } });
const unmatched = outageFrame({ rows: { total: 5, matched: 0, offset: 0, rows: [] } });

const empties: readonly [name: string, change: Partial<Model>, text: string][] = [
  ['no frame yet', { frame: null, link: { kind: 'connecting' } }, '  loading'],
  ['no agent', { frame: null, link: { kind: 'lost', why: 'ENOENT', cause: 'not_running', sinceAt: 0 } }, '  no agent: ENOENT'],
  ['no answer', { frame: null, link: { kind: 'lost', why: 'ENOENT', cause: 'away', sinceAt: 0 } }, '  no answer: ENOENT'],
  ['no access', { frame: null, link: { kind: 'lost', why: 'it is of bob', cause: 'refused', sinceAt: 0 } }, '  it is of bob'],
  ['no files', { frame: without }, '  No files.'],
  ['nothing to do', { frame: without, tab: 'needs_you' }, '  Nothing needs you.'],
  ['nothing waits', { frame: without, tab: 'waiting' }, '  Nothing waits.'],
  ['nothing moves', { frame: without, tab: 'active' }, '  Nothing is being copied or recorded.'],
  ['nothing has ended', { frame: without, tab: 'done' }, '  Nothing ended recently; 6 shows the history.'],
  ['nothing matches', { frame: unmatched, filter: { text: 'x', isEditing: false } }, '  nothing matches; Esc clears the filter'],
];

for (const [name, change, text] of empties) test(`listLines: ${name}`, () => assert.is(linesOf(80, change)[0], text));

test('listLines: that nothing needs a person is good news', () => {
  const [line] = listLines(model(80, 24, { frame: without, tab: 'needs_you' }), 3, ascii);
  assert.is(line?.[0]?.tone, 'good');
});

test('listColumns: always fill the screen', () => {
  for (let columns = 40; columns <= 250; columns += 1) {
    for (const hasRoutes of [false, true]) {
      const at = listColumns(columns, hasRoutes);
      const sum = 2 + at.name + 1 + at.route + at.state + at.progress + at.brief + at.size + at.rate + at.eta + 1;
      assert.is(sum, columns);
      assert.ok(at.name >= 10);
    }
  }
});

const hundred = outageFrame({
  rows: { total: 5000, matched: 5000, offset: 1000, rows: Array.from({ length: 100 }, (_, index) => row({ id: `f${index}` })) },
});

const windows: readonly [name: string, top: number, selected: string | null, first: string][] = [
  ['from the requested top', 1010, null, 'f10'],
  ['a top before the window', 0, null, 'f0'],
  ['a top behind it: full to the end', 4000, null, 'f90'],
  ['the selection is below what is shown', 1010, 'f25', 'f16'],
  ['the selection is above it', 1010, 'f3', 'f3'],
  ['the selection is not in the window', 1010, 'elsewhere', 'f10'],
];

for (const [name, top, selected, first] of windows) {
  test(`listWindow: ${name}`, () => {
    const rows = listWindow(model(80, 24, { frame: hundred, top, selected }), 10);
    assert.is(rows.length, 10);
    assert.is(rows[0]?.file.id, first);
    if (selected !== null && selected !== 'elsewhere') assert.ok(rows.some(({ file }) => file.id === selected));
  });
}

test('rowAt: finds the file that is drawn in a row, whatever is above', () => {
  const troubled = outageFrame({ routes: [route({ gate: offline }), route({ name: 'b', gate: offline })] });
  for (const [columns, rows] of [
    [80, 24],
    [120, 40],
    [40, 12],
    [60, 30],
  ] as const) {
    for (const frame of [calmFrame(), outageFrame(), troubled]) {
      const drawn = model(columns, rows, { frame });
      const texts = textsOf(render(drawn, ascii));
      const shown = listWindow(drawn, arrange(drawn, ascii).layout.list);
      const found = texts.map((_, index) => rowAt(drawn, index));
      assert.equal(
        found.filter((each) => each !== null),
        shown.map(({ file }) => file.id),
      );
      for (const [index, each] of found.entries()) {
        const row = shown.find(({ file }) => file.id === each);
        if (row !== undefined) assert.match(texts[index] ?? '', row.depth === 1 ? '`-vi' : row.file.source.slice(0, 4));
      }
    }
  }
});

test('rowAt: finds what is drawn in a row of the history', () => {
  for (const [columns, rows] of [
    [80, 24],
    [120, 40],
    [40, 12],
  ] as const) {
    const drawn = model(columns, rows, { tab: 'history', history: { ...past, top: 4 } });
    const texts = textsOf(render(drawn, ascii));
    const found = texts.flatMap((text, index) => {
      const file = past.files.find(({ id }) => id === rowAt(drawn, index));
      return file === undefined ? [] : [[file.source.at(-5), /_(\d)\.mxf/.exec(text)?.[1]]];
    });
    assert.ok(found.length > 1);
    for (const [expected, shown] of found) assert.is(shown, expected);
  }
});

test('rowAt: is null if a dialog covers the list, or the list is not shown', () => {
  assert.is(rowAt(model(80, 24, { dialogs: [{ kind: 'help', scroll: 0 }] }), 8), null);
  assert.is(rowAt(model(80, 24, { tab: 'history' }), 8), null);
  assert.is(rowAt(model(80, 24, { tab: 'history', history: past, dialogs: [{ kind: 'help', scroll: 0 }] }), 17), null);
  assert.is(rowAt(model(30, 8), 0), null);
  assert.is(rowAt(model(80, 24), -1), null);
});

test.run();
