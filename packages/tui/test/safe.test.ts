import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Message, Model } from '../src/model/model.ts';
import type { SafeReport } from '../src/model/safe.ts';
import { openedSafe } from '../src/safe/safe.ts';
import { render } from '../src/views/render.ts';
import { key, run } from './sample.ts';
import { calmFrame, model, row } from './views/sample-model.ts';
import { ascii, textsOf } from './views/themes.ts';

const nested = row({ id: 'n', source: 'day1/cam_a/clip.mxf' });
const start: Model = model(80, 24, {
  frame: calmFrame({ rows: { total: 1, matched: 1, offset: 0, rows: [nested] } }),
  selected: 'n',
  log: [],
});
const shown = (of: Model): string => textsOf(render(of, ascii)).join('\n');
const typed = (of: Model): unknown => {
  const dialog = of.dialogs.at(-1);
  return dialog?.kind === 'ask_safe' ? [dialog.targets[dialog.at]?.route, dialog.typed] : null;
};
const answer: SafeReport = {
  isSafe: false,
  verdict: 'NOT SAFE: 1 file of 2 files (3 MB) must not be cleared',
  files: [{ route: 'ingest', path: 'day1/a.mxf', text: 'not copied' }],
  more: 0,
  notes: [],
};

test('c: offers the source of the selected file, its folders, then the other sources', () => {
  let { model: now } = run(start, key('c'));
  const offered: unknown[] = [];
  for (let press = 0; press < 5; press += 1) {
    offered.push(typed(now));
    now = run(now, key('down')).model;
  }
  assert.equal(offered, [
    ['ingest', ''],
    ['ingest', 'day1'],
    ['ingest', 'day1/cam_a'],
    ['archive', ''],
    ['ingest', ''],
  ]);
  assert.equal(typed(run(start, key('c'), key('up')).model), ['archive', '']);
});

test('c: a folder can be typed and pasted, with the path of the source and slashes around it', () => {
  const asked = (...messages: readonly Message[]) => run(start, key('c'), ...messages, key('enter')).intents;
  const expected = (folder: string | null, reads = false) => [{ do: 'safe', asked: { route: 'ingest', folder, reads } }];
  assert.equal(asked(), expected(null));
  assert.equal(asked({ kind: 'paste', text: '/ingest/day1/' }), expected('day1'));
  assert.equal(asked(key('/'), key('d'), key('x'), key('backspace'), key('2')), expected('d2'));
  assert.equal(asked({ kind: 'paste', text: '/ingest' }), expected(null));
  assert.equal(asked({ kind: 'paste', text: '/ingester' }), expected('ingester'), 'another folder with the same beginning');
  assert.equal(asked(key('tab')), expected(null, true));
  assert.equal(asked(key('tab'), key('tab')), expected(null));
});

test('safe: shows the progress, then the verdict with the names', () => {
  const asked = run(start, key('c'), key('enter')).model;
  assert.match(shown(asked), 'listing the source');
  const half = run(asked, { kind: 'safe_progress', progress: { files: 1, bytes: 5e9, allFiles: 4, allBytes: 10e9 } }).model;
  assert.match(shown(half), /\[#+\.+\] 50%\s+\n 1 of 4 files, 5\.0G of 10\.0G/);
  const answered = run(half, { kind: 'safe', answer, trouble: null }).model;
  assert.match(shown(answered), /NOT SAFE: 1 file of 2 files \(3 MB\) must not be cleared[^]*day1\/a\.mxf: not copied/);
  const yes = run(half, {
    kind: 'safe',
    answer: { ...answer, isSafe: true, verdict: 'SAFE TO CLEAR: 2 files', files: [] },
    trouble: null,
  }).model;
  assert.match(shown(yes), ' SAFE TO CLEAR: 2 files ');
  assert.match(
    shown(run(half, { kind: 'safe', answer: null, trouble: 'the journal is gone' }).model),
    'cannot be checked: the journal is gone',
  );
});

test('safe: Esc ends the check, and a late answer does not open it again', () => {
  const ended = run(start, key('c'), key('enter'), key('escape'));
  assert.equal(ended.intents.at(-1), { do: 'cancel_safe' });
  assert.equal(run(ended.model, { kind: 'safe', answer, trouble: null }).model.dialogs, []);
});

test('safe: r checks again, b reads the bytes, and neither does anything while a check runs', () => {
  const running = run(start, key('c'), key('enter'));
  assert.is(running.intents.length, 1);
  assert.equal(run(running.model, key('r'), key('b')).intents, []);
  const answered = run(running.model, { kind: 'safe', answer, trouble: null }).model;
  const again = run(answered, key('r'));
  assert.equal(again.intents, [{ do: 'safe', asked: { route: 'ingest', folder: null, reads: false } }]);
  assert.is(openedSafe(again.model)?.answer, null, 'the old answer is not shown as the new one');
  const bytes = run(answered, key('b'));
  assert.equal(bytes.intents, [{ do: 'safe', asked: { route: 'ingest', folder: null, reads: true } }]);
  const read = run(bytes.model, { kind: 'safe', answer, trouble: null }).model;
  assert.equal(run(read, key('b')).intents, [], 'they are read already');
});

test('safe: a check is possible in a read-only screen and while the agent is lost, because it changes nothing', () => {
  const lost = { kind: 'lost', why: '', cause: 'away', sinceAt: 0 } as const;
  assert.equal(run({ ...start, isReadOnly: true, link: lost }, key('c'), key('enter')).intents.length, 1);
});

test('safe: ? lists its keys, and the answer is kept below the help', () => {
  const help = run(start, key('c'), key('enter'), { kind: 'safe', answer, trouble: null }, key('?')).model;
  assert.match(shown(help), 'check again');
  assert.match(shown(run(help, key('escape')).model), 'NOT SAFE');
});

test.run();
