import type { LogNote } from '@sluice/control';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { places } from '../src/keys/binding.ts';
import { bindings, commandOf } from '../src/keys/bindings.ts';
import { windowOf } from '../src/model/layout.ts';
import type { Message, Tour } from '../src/model/model.ts';
import { withLogged, withNote } from '../src/update/update.ts';
import { frame, key, row, run, shows, started } from './sample.ts';

const abc = frame(['a', 'b', 'c']);

test('update: the first picture selects its first row, keys move from there and stop at the ends', () => {
  const { model } = run(started(), shows(abc));
  assert.is(model.selected, 'a');
  assert.is(run(model, key('down'), key('j')).model.selected, 'c');
  assert.is(run(model, key('end'), key('down')).model.selected, 'c');
  assert.is(run(model, key('end'), key('k'), key('home'), key('up')).model.selected, 'a');
});

test('update: the selection follows its file, not its row', () => {
  const { model } = run(started(), shows(abc), key('down'), shows(frame(['x', 'y', 'a', 'b', 'c'])));
  assert.is(model.selected, 'b');
  assert.is(run(model, shows(frame(['x', 'y', 'a', 'c']))).model.selected, 'c');
  assert.is(run(model, shows(frame([]))).model.selected, null);
});

test('update: until the selection is moved, it is the first row, whichever file it shows; Home and some minutes without a key restore that', () => {
  const news = shows(frame(['n', 'a', 'b', 'c']));
  const { model } = run(started(), shows(abc), news);
  assert.equal([model.selected, model.top, windowOf(model).anchor], ['n', 0, null]);
  const moved = run(started(), shows(abc), key('down'), key('k'), news).model;
  assert.equal([moved.selected, windowOf(moved).anchor], ['a', 'a']);
  assert.is(run(moved, key('home'), shows(frame(['m', 'n', 'a']))).model.selected, 'm');
  const waited = run(moved, { kind: 'tick', now: 299_999 });
  assert.equal([waited.model.isAtTop, waited.intents], [false, []]);
  const rested = run(waited.model, { kind: 'tick', now: 300_000 });
  assert.equal([rested.model.isAtTop, rested.intents], [true, [{ do: 'watch' }]]);
  const read = run(moved, key('enter'), { kind: 'tick', now: 900_000 }).model;
  assert.is(read.isAtTop, false, 'nobody is disturbed in a detail');
});

/** Returns the window from this row on, of 20,000 files. */
const part = (offset: number): ReturnType<typeof frame> => {
  const ids = Array.from({ length: 64 }, (_, index) => `f${offset + index}`);
  const { rows } = frame(ids).rows;
  return frame(ids, { rows: { total: 20_000, matched: 20_000, offset, rows } });
};

for (const [name, count, at] of [
  ['down', 80, 80],
  ['down', 200, 200],
  ['pagedown', 10, 110],
] as const) {
  test(`update: ${count} times ${name} before the next window arrives end where they should`, () => {
    const burst = Array.from({ length: count }, () => key(name));
    const { model } = run(started(), shows(part(0)), ...burst);
    assert.is(model.at, at);
    // What arrives first may still belong to the window before.
    const late = run(model, shows(part(0))).model;
    assert.equal([late.selected, late.at], [null, at]);
    const { model: there } = run(late, shows(part(windowOf(late).offset)));
    assert.is(there.selected, `f${at}`);
    assert.is(run(there, key('up')).model.selected, `f${at - 1}`);
  });
}

test('update: the wheel continues from where it is, too', () => {
  const turns = Array.from({ length: 25 }, () => ({ kind: 'wheel', by: 3 }) as const);
  assert.is(run(started(), shows(part(0)), ...turns).model.at, 75);
});

test('update: a frozen picture keeps its selection', () => {
  const { model } = run(started(), shows(abc), key('down'), key('z'), shows(frame(['n'])));
  assert.is(model.selected, 'b');
});

test('update: in the detail keys act on its file, whatever is selected now; ? explains and leads back', () => {
  const { model } = run(started(), shows(abc), key('down'), key('enter'), shows(frame(['x', 'a', 'b', 'c'])));
  assert.equal(run(model, key('r')).intents, [{ do: 'act', action: 'retry', id: 'b', name: 'b.mxf' }]);
  assert.equal(run(model, key('f')).intents, [{ do: 'act', action: 'first', id: 'b', name: 'b.mxf' }]);
  assert.equal(run(model, key('x'), key('y')).intents, [{ do: 'act', action: 'skip', id: 'b', name: 'b.mxf' }]);
  assert.equal(run(model, key('h'), key('y')).intents, [{ do: 'hold', route: 'ingest' }]);
  assert.is(run(model, key('y')).intents.length, 1);
  const kinds = (of: typeof model) => of.dialogs.map(({ kind }) => kind);
  const helped = run(model, key('?')).model;
  assert.equal([kinds(helped), kinds(run(helped, key('?')).model)], [['detail', 'help'], ['detail']]);
  assert.equal(kinds(run(model, key('s'), key('v'), key('/'))['model']), ['detail']);
  assert.is(run(model, key('s')).model.sort, 'attention');
});

test('update: in the detail an impossible action says why, and what was done is shown', () => {
  const done = frame([], { rows: { total: 1, matched: 1, offset: 0, rows: [row('a', { status: 'COMPLETED' })] } });
  const { model } = run(started(), shows(done), key('enter'));
  assert.match(run(model, key('r')).model.notice?.text ?? '', /this file is copied already/);
  assert.equal(run(model, { kind: 'done', text: 'tried again', isBad: false }).intents, [{ do: 'show', id: 'a' }]);
});

test('update: frozen, the picture stays and keys work in it, and news of the agent are kept', () => {
  const { model } = run(started(), shows(abc), key('z'), shows(frame(['n', 'a'])));
  assert.equal([model.frozen?.rows.matched, model.frame?.rows.matched], [3, 2]);
  assert.is(run(model, key('z')).model.frozen, null);
});

test('update: while a filter is typed, each change requests another window; Esc clears it', () => {
  const { model, intents } = run(started(), shows(abc), key('/'), key('c'), key('a'), key('m'), key('backspace'));
  assert.equal([model.filter, intents.length], [{ text: 'ca', after: 0, isEditing: true }, 4]);
  assert.is(windowOf(model).filter, 'ca');
  const { model: kept } = run(model, key('enter'), key('q'));
  assert.is(kept.filter.isEditing, false);
  assert.is(run(model, key('escape')).model.filter.text, '');
});

test('update: while a filter is typed no key does anything else, except Ctrl-C', () => {
  const { model, intents } = run(started(), shows(abc), key('/'), key('q'), key('x'), key('r'));
  assert.equal([model.filter.text, intents], ['qxr', [{ do: 'watch' }, { do: 'watch' }, { do: 'watch' }]]);
  assert.equal(run(model, key('ctrl-c')).intents, [{ do: 'leave' }]);
});

test('update: a paste is text in a filter, and nothing elsewhere', () => {
  assert.equal(run(started(), shows(abc), { kind: 'paste', text: 'q\nx' }).intents, []);
  assert.is(run(started(), key('/'), { kind: 'paste', text: 'clip\nrm' }).model.filter.text, 'clip');
});

test('update: keys choose tabs, and 6 is the history', () => {
  const { model, intents } = run(started(), shows(abc), key('4'));
  assert.equal([model.tab, model.selected, intents], ['needs_you', null, [{ do: 'watch' }]]);
  assert.equal(run(model, key('6')).intents, [{ do: 'history', range: '24h', filter: '' }]);
});

test('update: help and detail are scrolled by keys and the wheel, and nothing under them moves', () => {
  const { model } = run(started(), shows(abc), key('?'));
  const scrollOf = (...messages: Message[]): unknown => {
    const dialog = run(model, ...messages).model.dialogs.at(-1);
    return dialog?.kind === 'help' ? dialog.scroll : null;
  };
  assert.is(scrollOf(key('j'), key('down'), key('down'), key('k')), 2);
  assert.is(scrollOf(key('pagedown')), model.size.rows - 7);
  assert.is(scrollOf(key('pagedown'), key('pageup'), key('up')), 0);
  assert.is(scrollOf({ kind: 'wheel', by: 3 }), 3);
  const under = run(model, key('j'), { kind: 'wheel', by: 3 }, key('escape')).model;
  assert.equal([under.selected, under.dialogs], ['a', []]);
  const asked = run(started(), shows(abc), key('x'), { kind: 'wheel', by: 3 }).model;
  assert.is(asked.selected, 'a');
});

test('update: retry and first act at once; skip and hold ask, and say what they will do', () => {
  const at = run(started(), shows(abc)).model;
  assert.equal(run(at, key('r')).intents, [{ do: 'act', action: 'retry', id: 'a', name: 'a.mxf' }]);
  assert.equal(run(at, key('f')).intents, [{ do: 'act', action: 'first', id: 'a', name: 'a.mxf' }]);
  const skip = run(at, key('x'));
  assert.equal(skip.intents, []);
  assert.match(JSON.stringify(skip.model.dialogs), /a\.mxf/);
  assert.equal(run(skip.model, key('n')), { model: at, intents: [] });
  assert.equal(run(skip.model, key('y')).intents, [{ do: 'act', action: 'skip', id: 'a', name: 'a.mxf' }]);
  assert.equal(run(at, key('h'), key('y')).intents, [{ do: 'hold', route: 'ingest' }]);
});

test('update: adopt is offered only for a wrong disk, shows the evidence and needs the name of the route', () => {
  const strange = frame(['a'], {
    routes: [{ name: 'ingest', gate: { state: 'closed', cause: 'not_the_destination' }, hold: null }] as never,
  });
  assert.equal(run(started(), shows(abc), key('a')).intents, []);
  const asked = run(started(), shows(strange), key('a'));
  assert.equal(asked.intents, [{ do: 'evidence', route: 'ingest' }]);
  assert.match(asked.model.notice?.text ?? '', 'examining what is at the destination');
  const evidence = {
    v: 1,
    route: 'ingest',
    destination: '/nas',
    knownMarker: 'm',
    foundMarker: null,
    description: '(ext4)',
    asked: 2,
    present: 0,
  } as const;
  const shown = run(asked.model, { kind: 'evidence', evidence: { ...evidence, missing: ['x'], trouble: null } }).model;
  assert.equal(run(shown, key('y'), key('enter')).intents, []);
  const typed = run(shown, ...'ingest'.split('').map(key), key('enter'));
  assert.equal(typed.intents, [{ do: 'adopt', route: 'ingest' }]);
  assert.equal(typed.model.dialogs, []);
  const wrong = run(
    shown,
    ...'foo'.split('').map(key),
    key('enter'),
    key('ctrl-u'),
    ...'igest'.split('').map(key),
    key('home'),
    key('right'),
  );
  assert.equal(run(wrong.model, key('n'), key('enter')).intents, [{ do: 'adopt', route: 'ingest' }], 'what was typed can be edited');
});

test('update: nothing acts in a read-only screen, or while the agent is gone', () => {
  for (const model of [
    run(started({ isReadOnly: true }), shows(abc)).model,
    run(started(), shows(abc), { kind: 'link', link: { kind: 'lost', why: 'gone', cause: 'away', sinceAt: 0 } }).model,
  ]) {
    for (const name of ['r', 'f', 'x', 'h', 'a']) assert.is(commandOf(model, name), null);
    assert.is(model.frame, abc);
  }
});

test('update: the story of a file appears in its detail, and in no other', () => {
  const opened = run(started(), shows(abc), key('enter'));
  assert.equal(opened.intents, [{ do: 'show', id: 'a' }]);
  const files = [{ file: row('a').file, timeline: [] }];
  const shown = run(opened.model, { kind: 'shown', id: 'b', files: [] }, { kind: 'shown', id: 'a', files }).model;
  assert.equal(shown.dialogs, [{ kind: 'detail', id: 'a', files, scroll: 0 }]);
  assert.equal(run(shown, key('escape')).model.dialogs, []);
});

test('update: a notice disappears by itself', () => {
  const { model } = run(started(), { kind: 'done', text: 'a.mxf will be tried again now', isBad: false });
  assert.is(run(model, { kind: 'tick', now: 7_999 }).model.notice?.text, 'a.mxf will be tried again now');
  assert.is(run(model, { kind: 'tick', now: 8_000 }).model.notice, null);
});

test('update: a key that moves out of the window requests the next one', () => {
  const many = frame(
    Array.from({ length: 60 }, (_, index) => `f${index}`),
    {},
  );
  const wide = { ...many, rows: { ...many.rows, total: 1000, matched: 1000 } };
  const { model, intents } = run(started(), shows(wide), key('end'));
  assert.equal(intents, [{ do: 'watch' }]);
  assert.is(model.top, 999);
  assert.ok(windowOf(model).offset > 900);
});

/** The bindings of each view. */
const byPlace = places.map((place) => ({ place, own: bindings.filter(({ in: where = ['list'] }) => where.includes(place)) }));

test('bindings: no key does two things in one view', () => {
  for (const { place, own } of byPlace) {
    const keys = own.flatMap((binding) => binding.keys);
    assert.is(new Set(keys).size, keys.length, place);
  }
});

const tour = { step: 6, steps: 6, shows: ['it is your turn'], hints: [], storage: 'right', isPlayed: true } as const;
const shown = (change: Partial<Tour> = {}): Message => ({ kind: 'tour', tour: { ...tour, ...change } });

test('update: B, W and N are keys of a tour, and do nothing without one', () => {
  assert.equal(run(started(), shows(abc), key('B'), key('W'), key('N')).intents, []);
  assert.equal(run(started(), shows(abc), shown(), key('B'), key('W'), key('N')).intents, [
    { do: 'tour', action: 'storage' },
    { do: 'tour', action: 'disk' },
    { do: 'tour', action: 'recorder' },
  ]);
});

test('update: while the tour plays it controls the storage; without a disk none is inserted', () => {
  assert.equal(run(started(), shown({ isPlayed: false }), key('B'), key('W'), key('N')).intents, [{ do: 'tour', action: 'recorder' }]);
  assert.equal(run(started(), shown({ storage: 'gone' }), key('W'), key('B')).intents, [{ do: 'tour', action: 'storage' }]);
});

test('bindings: no position and no rank of the footer is used twice in one view', () => {
  for (const { place, own } of byPlace) {
    const footers = own.flatMap(({ footer }) => footer ?? []);
    for (const key of ['position', 'rank'] as const) {
      assert.is(new Set(footers.map((footer) => footer[key])).size, footers.length, `${place}: ${key}`);
    }
  }
});

test('update: the whole path is copied; a name that acts on a terminal is not', () => {
  const routes = [{ name: 'ingest', source: '/in', destination: '/out', gate: { state: 'open', cause: null }, hold: null }] as never;
  const at = run(started(), shows(frame(['a'], { routes }))).model;
  assert.equal(run(at, key('y')).intents, [{ do: 'copy', text: '/in/a.mxf' }]);
  for (const source of ['a\nrm -rf x\n', 'a\u001b]0;x\u0007', 'a\u009b31m', 'a\u202efxm']) {
    const rows = { total: 1, matched: 1, offset: 0, rows: [row('a', { source })] };
    const { model, intents } = run(started(), shows(frame(['a'], { routes, rows })), key('y'));
    assert.equal([intents, model.notice?.isBad], [[], true], JSON.stringify(source));
  }
});

test('update: an impossible action says why', () => {
  const lost = { kind: 'link', link: { kind: 'lost', why: '', cause: 'away', sinceAt: 0 } } as const;
  assert.match(run(started({ isReadOnly: true }), shows(abc), key('x')).model.notice?.text ?? '', /--read-only/);
  assert.match(run(started(), shows(abc), lost, key('h')).model.notice?.text ?? '', /no agent/);
});

test('update: an ended file has no actions, and a running copy cannot be moved to the front', () => {
  const of = (...rows: ReturnType<typeof row>[]) =>
    run(started(), shows(frame([], { rows: { total: rows.length, matched: rows.length, offset: 0, rows } }))).model;
  const keys = (model: Parameters<typeof commandOf>[0]) => ['r', 'f', 'x'].filter((name) => commandOf(model, name) !== null).join('');
  assert.is(keys(of(row('a'))), 'rfx');
  assert.is(keys(of(row('a', { status: 'COPYING' }))), 'x');
  assert.is(keys(of(row('a', { status: 'COMPLETED' }))), '');
  const failed = row('a', { status: 'FAILED', recoveredBy: 'b' });
  assert.is(keys(of(failed, row('b'))), 'rfx');
  assert.is(keys(of(failed, row('b', { status: 'COMPLETED' }))), '');
  const refused = (model: Parameters<typeof commandOf>[0], name: string) => run(model, key(name)).model.notice?.text;
  assert.is(refused(of(row('a', { status: 'COPYING' })), 'f'), 'this file is being copied now');
  assert.is(refused(of(row('a', { status: 'REMOVED' })), 'x'), 'this file was removed at the source');
  assert.is(refused(of(failed, row('b', { status: 'COMPLETED' })), 'r'), 'this attempt is over, and a later one copied the file');
  assert.match(run(of(row('a', { status: 'COMPLETED' })), key('r')).model.notice?.text ?? '', /this file is copied already/);
});

const note = (second: number, text = `at ${second}`): LogNote => ({
  v: 1,
  at: new Date(second * 1000).toISOString(),
  level: 'info',
  route: 'ingest',
  text,
});
const texts = (notes: readonly LogNote[]): string[] => notes.map(({ text }) => text);

test('withLogged: earlier lines come first, and lines in both come once', () => {
  const watched = [note(3), note(4)];
  assert.equal(texts(withLogged(watched, [note(1), note(2), note(3)])), ['at 1', 'at 2', 'at 3', 'at 4']);
});

test('withLogged: without new lines it is unchanged', () => {
  const watched = [note(3), note(4)];
  assert.is(withLogged(watched, [note(3)]), watched);
  assert.is(withLogged(watched, []), watched);
});

test('withLogged: after a lost connection the missed lines are in between', () => {
  const kept = [note(1), note(2), note(9)];
  assert.equal(texts(withLogged(kept, [note(2), note(5), note(9)])), ['at 1', 'at 2', 'at 5', 'at 9']);
});

test('withLogged: two different sentences of one moment are both kept', () => {
  assert.equal(texts(withLogged([note(1, 'b')], [note(1, 'a'), note(1, 'b')])), ['a', 'b']);
});

test('withNote and withLogged: keep the newest lines, up to a bound', () => {
  let notes: readonly LogNote[] = [];
  for (let second = 0; second < 600; second += 1) notes = withNote(notes, note(second));
  assert.equal([notes.length, notes.at(-1)?.text], [500, 'at 599']);
  const merged = withLogged(notes, [note(1), note(600)]);
  assert.equal([merged.length, merged[0]?.text, merged.at(-1)?.text], [500, 'at 101', 'at 600']);
});

test('update: lines from before the screen was opened are shown, even if they arrive later', () => {
  const { model } = run(started(), { kind: 'log', note: note(3) }, { kind: 'logged', notes: [note(1), note(3)] });
  assert.equal(texts(model.log), ['at 1', 'at 3']);
});

test('update: Ctrl-U and Ctrl-W edit the filter', () => {
  const typed = run(started(), shows(abc), key('/'), { kind: 'paste', text: 'danub cam' }).model;
  assert.is(run(typed, key('ctrl-w')).model.filter.text, 'danub ');
  assert.is(run(typed, key('ctrl-u'), key('d')).model.filter.text, 'd');
});

test('update: moving the caret of the filter requests nothing', () => {
  const typed = run(started(), shows(abc), key('/'), { kind: 'paste', text: 'cam' }).model;
  const moved = run(typed, key('home'), key('right'));
  assert.equal(moved.intents, []);
  assert.equal(run(moved.model, key('l')).model.filter, { text: 'clam', after: 2, isEditing: true });
  assert.equal(run(moved.model, key('l'), key('enter')).model.filter, { text: 'clam', isEditing: false });
  assert.is(run(moved.model, { kind: 'paste', text: 'l' }).model.filter.text, 'clam');
});

test('update: a read-only screen exports nothing', () => {
  const file = row('a', { status: 'COMPLETED' }).file;
  const answer: Message = { kind: 'history', range: '24h', filter: '', sums: null, files: [file], outages: [], hasMore: false };
  const at = (isReadOnly: boolean) => run(started({ isReadOnly }), shows(abc), key('6'), answer, key('down')).model;
  assert.is(run(at(false), key('e')).intents.length, 1);
  const refused = run(at(true), key('e'));
  assert.equal([refused.intents, refused.model.notice?.isBad], [[], true]);
});

test.run();
