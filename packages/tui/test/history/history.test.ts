import type { FileJson, OutageJson } from '@sluice/control';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { outageId, selectedPast, shownHistory } from '../../src/history/rows.ts';
import { commandOf, keysNow } from '../../src/keys/bindings.ts';
import type { Message, Model } from '../../src/model/model.ts';
import { frame, key, row, run, shows, started } from '../sample.ts';

const ended = (id: string, change: Partial<FileJson> = {}): FileJson =>
  row(id, { status: 'COMPLETED', destination: `at/${id}.mxf`, error: null, recoveredBy: null, ...change }).file;
const outage = (since: string, route = 'ingest'): OutageJson => ({
  route,
  since,
  until: null,
  cause: 'timeout',
  code: null,
  operator: 'no answer',
  technical: 'none within 10 s',
});
type Answer = Extract<Message, { kind: 'history' }>;
const answer = (ids: readonly (string | FileJson)[], change: Partial<Answer> = {}): Message => ({
  kind: 'history',
  range: '24h',
  filter: '',
  sums: null,
  files: ids.map((id) => (typeof id === 'string' ? ended(id) : id)),
  outages: [],
  hasMore: false,
  ...change,
});
const lost: Message = { kind: 'link', link: { kind: 'lost', why: 'gone', cause: 'away', sinceAt: 0 } };
const connected: Message = { kind: 'link', link: { kind: 'connected' } };

/** Returns a model of the history with these files. The list has another file. */
const past = (files: readonly (string | FileJson)[], change: Partial<Answer> = {}, base: Partial<Model> = {}): Model =>
  run(started(base), shows(frame(['listed'])), key('6'), answer(files, change)).model;
const selected = ({ history }: Model): string | null => history.selected;
const keys = (model: Model): string[] =>
  keysNow(model, { colours: 0, unicode: false, light: false })
    .filter(({ does }) => !always.has(does))
    .map(({ label, text }) => `${label} ${text}`);
const always = new Set([
  'up',
  'down',
  'page_up',
  'page_down',
  'first_row',
  'last_row',
  'filter',
  'mouse',
  'help',
  'leave',
  'conditions',
  'safe',
  'log',
  'settings',
]);

test('history: has its own keys, and those of the selected file', () => {
  assert.equal(keys(past(['a'])), ['Enter detail', 'h hold ingest', 'Right 7d', 'e export', 'y copy path']);
  assert.equal(keys(past([])), ['h hold ingest', 'Right 7d']);
  assert.equal(keys(past([], { outages: [outage('1')] })), ['Enter detail', 'h hold ingest', 'Right 7d', 'e export']);
  assert.equal(keys(past(['a'], {}, { isReadOnly: true })), ['Enter detail', 'Right 7d', 'y copy path']);
  assert.equal(keys(run(past(['a']), lost).model), ['Enter detail', 'e export', 'y copy path']);
  assert.equal(keys(past([ended('a', { route: 'gone' })])), ['Enter detail', 'Right 7d', 'e export', 'y copy path']);
});

test('history: a key that is not offered does nothing', () => {
  for (const name of ['r', 'f', 'x', 's', 'S', 'v', 'z', 'a', 'left', '[']) assert.is(commandOf(past(['a']), name), null, name);
  for (const name of ['left', 'right', '[', ']', 'e']) assert.is(commandOf(run(started(), shows(frame(['a']))).model, name), null, name);
});

const failed = (id: string, recoveredBy: string | null): FileJson => ended(id, { status: 'FAILED', recoveredBy });
const acting: readonly [name: string, files: readonly FileJson[], isOffered: boolean][] = [
  ['a failed one without a recovery', [failed('a', null)], false],
  ['a failed one whose recovery has not ended', [failed('a', 'live')], true],
  ['a failed one whose recovery is done', [failed('a', 'b'), ended('b')], false],
  ['a failed one whose recovery failed, and waits again', [failed('a', 'b'), failed('b', 'live')], true],
  ['a broken chain that runs in a circle', [failed('a', 'b'), failed('b', 'a')], false],
  ['one that is gone', [ended('a', { status: 'REMOVED' })], false],
];

for (const [name, files, isOffered] of acting) {
  test(`history: retry, first and skip of ${name}`, () => {
    const model = past(files);
    assert.equal(
      ['r', 'f', 'x'].map((each) => commandOf(model, each)),
      isOffered ? ['retry', 'first', 'skip'] : [null, null, null],
    );
    if (isOffered) assert.equal(run(model, key('r')).intents, [{ do: 'act', action: 'retry', id: 'a', name: 'a.mxf' }]);
  });
}

test('history: a longer and a shorter range is requested, and the files of another range are dropped', () => {
  const wider = run(past(['a']), key('right'));
  assert.equal(wider.intents, [{ do: 'history', range: '7d', filter: '' }]);
  assert.equal([wider.model.history.files, wider.model.history.isLoading, selected(wider.model)], [[], true, null]);
  assert.equal(run(wider.model, key(']'), key('right'), key('right')).intents, [
    { do: 'history', range: '30d', filter: '' },
    { do: 'history', range: 'all', filter: '' },
  ]);
  assert.equal(run(wider.model, key('[')).intents, [{ do: 'history', range: '24h', filter: '' }]);
});

test('history: an answer for another range than the shown one is ignored', () => {
  const wider = run(past(['a']), key('right')).model;
  assert.is(run(wider, answer(['late'])).model.history, wider.history);
  assert.is(run(wider, { kind: 'no_history', range: '24h', why: 'late' }).model.history, wider.history);
  assert.is(selected(run(wider, answer(['b'], { range: '7d' })).model), 'b');
});

test('history: a failed request is reported, and repeated when the agent answers', () => {
  const { model } = run(past(['a']), key('right'), lost, { kind: 'no_history', range: '7d', why: 'it went away' });
  assert.equal([model.history.isLoading, model.notice?.text], [false, 'cannot show the history: it went away']);
  assert.equal(shownHistory(model).lines, [{ kind: 'note', text: 'cannot be shown: it went away' }]);
  assert.equal(run(model, connected).intents, [{ do: 'watch' }, { do: 'history', range: '7d', filter: '' }]);
});

test('history: the first file is selected, keys move over outages too and stop at the ends', () => {
  const model = past(['a', 'b'], { outages: [outage('1'), outage('2')] });
  assert.is(selected(model), 'a');
  const at = (...names: string[]): string | null => selected(run(model, ...names.map(key)).model);
  assert.equal([at('down'), at('end', 'down'), at('up')], ['b', 'b', outageId(outage('2'))]);
  assert.equal([at('home'), at('home', 'k'), at('pagedown')], [outageId(outage('1')), outageId(outage('1')), 'b']);
});

test('history: the list has a separate selection', () => {
  const model = past(['a', 'b']);
  assert.equal([run(model, key('down')).model.selected, selected(run(model, key('down')).model)], [model.selected, 'b']);
  assert.is(selectedPast(past([])), null);
});

test('history: the selection follows its file, not its row; if the file is gone, the selection stays at its row', () => {
  const model = run(past(['a', 'b', 'c']), key('down')).model;
  assert.is(selected(run(model, key('6'), answer(['n', 'a', 'b', 'c'])).model), 'b');
  assert.is(selected(run(model, key('6'), answer(['a', 'c'])).model), 'c');
  assert.is(selected(run(model, key('6'), answer([])).model), null);
});

test('history: a filter that hides the selected file selects a visible one', () => {
  const model = run(past(['a', 'bb', 'c']), key('/'), key('b')).model;
  assert.is(selected(model), 'bb');
  const none = run(model, key('x')).model;
  assert.equal([selected(none), commandOf({ ...none, filter: { ...none.filter, isEditing: false } }, 'e')], [null, null]);
  assert.is(selected(run(none, key('escape')).model), 'a');
});

test('history: Enter opens the detail of a file, or everything about an outage; y copies the shown path', () => {
  const model = past(['a'], { outages: [outage('2026-11-23T00:00:00.000Z')] }, { now: Date.parse('2026-11-23T00:00:09.000Z') });
  assert.equal(run(model, key('enter')).intents, [{ do: 'show', id: 'a' }]);
  assert.equal(run(model, key('y')).intents, [{ do: 'copy', text: 'at/a.mxf' }]);
  const shown = run(model, key('up'), key('enter'));
  assert.equal(shown.intents, []);
  assert.match(JSON.stringify(shown.model.dialogs), /no answer.*now: 00:00:09.*none within 10 s \(timeout\)/);
});

test('history: a detail that was not answered is requested again when the agent answers', () => {
  const open = run(past(['a']), key('enter'), lost);
  assert.equal(run(open.model, connected).intents.at(-1), { do: 'show', id: 'a' });
  const shown = run(open.model, { kind: 'shown', id: 'a', files: [] }, connected);
  assert.not(JSON.stringify(shown.intents).includes('show'));
});

test('history: the wheel scrolls, and the selection moves along only if it would be hidden', () => {
  const ids = Array.from({ length: 100 }, (_, index) => `f${index}`);
  const wheel = (by: number): Message => ({ kind: 'wheel', by });
  const model = run(past(ids), key('down'), key('down'), key('down'), key('down')).model;
  const down = run(model, wheel(3)).model;
  assert.equal([down.history.top, selected(down)], [3, 'f4']);
  const further = run(down, wheel(3)).model;
  assert.equal([further.history.top, selected(further)], [6, 'f5']);
  const back = run(further, wheel(-3), wheel(-99)).model;
  assert.equal([back.history.top, selected(back)], [0, 'f5']);
  assert.is(run(model, wheel(9_999)).model.history.top, run(model, key('end')).model.history.top);
});

test('history: that there is more is a separate line', () => {
  const text = JSON.stringify(shownHistory(past(['a', 'b'], { hasMore: true })).lines.at(-1));
  assert.match(text, String.raw`Only the newest 2 files are listed. \"sluice history\" lists all`);
});

test('history: the journal is searched for a filter if the model does not have everything, at most once a second', () => {
  const tick = (now: number): Message => ({ kind: 'tick', now });
  const whole = run(past(['a', 'b']), key('/'), key('x'), tick(1_000));
  assert.equal(whole.intents, [{ do: 'watch' }], 'all that ended is held here');
  const typed = run(past(['a', 'b'], { hasMore: true }), key('/'), key('x'), key('y'));
  assert.equal(typed.intents, [{ do: 'watch' }, { do: 'watch' }]);
  assert.equal(shownHistory(typed.model).lines, [{ kind: 'note', text: 'searching the journal' }]);
  const asked = run(typed.model, tick(1_000), tick(2_000));
  assert.equal(asked.intents, [{ do: 'history', range: '24h', filter: 'xy' }], 'once until it is answered');
  const found = run(asked.model, answer([ended('xy')], { filter: 'xy' }), tick(3_000));
  assert.equal([found.intents, shownHistory(found.model).files.map(({ id }) => id)], [[], ['xy']]);
  const cleared = run(found.model, key('escape'), tick(4_000));
  assert.equal(cleared.intents.at(-1), { do: 'history', range: '24h', filter: '' });
});

test('history: a search without a result says so; a failed one says that only a part was searched, and is not repeated', () => {
  const tick = (now: number): Message => ({ kind: 'tick', now });
  const asked = run(past(['a'], { hasMore: true }), key('/'), key('x'), tick(1_000)).model;
  const notes = (model: Model) => shownHistory(model).lines.flatMap((line) => (line.kind === 'note' ? [line.text] : []));
  assert.equal(notes(run(asked, answer([], { filter: 'x' })).model), ['nothing matches; Esc clears the filter']);
  const failed = run(asked, { kind: 'no_history', range: '24h', why: 'it took too long' }, tick(2_000), tick(3_000));
  assert.equal([failed.intents, notes(failed.model)], [[], ['the journal could not be searched: it took too long']]);
  const old = run(asked, answer(['a'], { hasMore: true }), tick(2_000), tick(3_000));
  assert.equal(old.intents, [], 'an agent of an older version does not search it');
});

test('history: an export has what is shown; first a path is found, then confirmed, then the file is written', () => {
  const model = run(past(['a', 'bb'], { outages: [outage('1')], hasMore: true }), key('/'), key('b'), key('enter')).model;
  const asked = run(model, key('e')).intents[0] as Extract<Parameters<typeof run>[1], { kind: 'path_found' }>;
  assert.equal(asked, {
    do: 'find_path',
    past: { range: '24h', filter: 'b', files: [ended('bb')], outages: [outage('1')], newest: 2 },
    avoid: [undefined, undefined],
  } as never);
  const found = run(model, { kind: 'path_found', past: asked.past, path: '/home/ann/past.csv' });
  assert.equal(found.intents, []);
  assert.match(JSON.stringify(found.model.dialogs), /1 file \(of the newest 2 only\) and 1 outage.*past\.csv.*filter b/);
  assert.equal(run(found.model, key('n')).intents, []);
  assert.equal(run(found.model, key('y')).intents, [{ do: 'export', past: asked.past, path: '/home/ann/past.csv' }]);
});

test('history: the message about a written export has the whole path, in a box if a line is too short for it', () => {
  const short = run(past(['a']), { kind: 'exported', path: '/a.csv', count: '1 file' }).model;
  assert.equal([short.notice?.text, short.dialogs], ['wrote 1 file to /a.csv', []]);
  const path = `/${'long'.repeat(20)}.csv`;
  const long = run(past(['a']), { kind: 'exported', path, count: '1 file' }).model;
  assert.equal(long.dialogs, [{ kind: 'message', lines: [`wrote 1 file to ${path}`] }]);
});

test('history: while it is shown, it requests what has ended meanwhile every few seconds', () => {
  const ended = (done: number) => shows(frame(['a'], { totals: { done, failed: 0, recovered: 0 } as never }));
  const answer = { kind: 'history', range: '24h', filter: '', sums: null, files: [], outages: [], hasMore: false } as const;
  const at = run(started(), ended(1), key('6'), answer).model;
  const tick = (now: number) => ({ kind: 'tick', now }) as const;
  assert.equal(run(at, tick(5_000)).intents, [], 'nothing has ended');
  assert.equal(run(at, ended(2), tick(6_000)).intents, [], 'not every second');
  const again = run(at, ended(2), tick(10_000), tick(15_000));
  assert.equal(again.intents, [{ do: 'history', range: '24h', filter: '' }], 'once until it is answered');
  assert.equal(run(again.model, answer, tick(20_000)).intents, []);
  assert.equal(run(at, key('1'), ended(3), tick(10_000)).intents, [{ do: 'watch' }], 'it is not shown');
});

test.run();
