import type { LogNote } from '@sluice/control';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { limits } from '../../src/limits.ts';
import { openedLog } from '../../src/log/log.ts';
import type { LogPage } from '../../src/model/dialogs.ts';
import type { Message, Model } from '../../src/model/model.ts';
import { withinReach } from '../../src/views/full-views/full-view.ts';
import { key, run } from '../sample.ts';
import { calmFrame, model as sampleModel } from '../views/sample-model.ts';

const noteOf = (seq: number): LogNote => ({
  v: 1,
  at: new Date(seq * 1_000).toISOString(),
  seq,
  level: 'info',
  route: 'ingest',
  text: `event ${seq}`,
});
const theme = { colours: 0, unicode: true, light: false } as const;

/** A journal with this number of lines, as an agent serves it. */
class Journal {
  readonly #count: number;
  /** Number of requested pages. */
  asked = 0;

  constructor(count: number) {
    this.#count = count;
  }

  page({ before, after }: LogPage): Message {
    this.asked += 1;
    const first = after === null ? Math.max(1, (before ?? this.#count + 1) - 200) : after + 1;
    const end = after === null ? (before ?? this.#count + 1) : Math.min(this.#count + 1, after + 201);
    const notes = Array.from({ length: Math.max(0, end - first) }, (_, index) => noteOf(first + index));
    const next = after === null ? (first > 1 ? first : null) : end <= this.#count ? end - 1 : null;
    return { kind: 'log_page', page: { before, after }, notes, next };
  }
}

/** Presses keys, and answers their requests at once. */
function press(journal: Journal, from: Model, ...names: readonly string[]): Model {
  let model = from;
  for (const name of names) model = answered(journal, model, key(name));
  return model;
}

function answered(journal: Journal, from: Model, message: Message): Model {
  const { model, intents } = run(from, message);
  let next = withinReach(model, theme);
  for (const intent of intents as { readonly do: string; readonly page: LogPage }[]) {
    if (intent.do === 'log') next = answered(journal, next, journal.page(intent.page));
  }
  return next;
}

const closed: Model = sampleModel(80, 24, { frame: calmFrame(), log: [] });
const opened = (journal: Journal): Model => press(journal, closed, 'l');
const log = (model: Model) => {
  const found = openedLog(model);
  if (found === null) throw new Error('the log is not open');
  return found;
};
const lastText = (model: Model): string | undefined => log(model).notes[log(model).last]?.text;
const texts = (model: Model): readonly string[] => log(model).notes.map(({ text }) => text);

test('l: opens the log at its newest line, and follows it', () => {
  const journal = new Journal(3_000);
  const model = opened(journal);
  assert.is(lastText(model), 'event 3000');
  const followed = run(model, { kind: 'log', note: noteOf(3_001) }).model;
  assert.is(lastText(followed), 'event 3001');
  const repeated = run(followed, { kind: 'log', note: noteOf(3_001) }).model;
  assert.is(log(repeated).notes.length, log(followed).notes.length, 'a line that is known already');
});

test('log: scrolling back through a million lines shows each once, in order, and keeps a bounded number', () => {
  const journal = new Journal(1_000_000);
  let model = opened(journal);
  let most = 0;
  for (let at = 1_000_000, pages = 0; pages < 600; pages += 1) {
    model = press(journal, model, 'pageup');
    const { notes, last } = log(model);
    most = Math.max(most, notes.length);
    const seq = notes[last]?.seq ?? 0;
    assert.ok(seq < at, 'it goes back');
    at = seq;
    assert.equal(
      notes.map((note) => note.seq),
      Array.from(notes, (_, index) => (notes[0]?.seq ?? 0) + index),
      'nothing is missing, nothing comes twice',
    );
  }
  assert.ok(most <= limits.logNotes, `${most} lines`);
  assert.ok((log(model).notes[0]?.seq ?? 0) < 992_000);
});

test('log: Home shows the oldest lines and End the newest, with one page each, however many are between', () => {
  const journal = new Journal(1_000_000);
  const model = opened(journal);
  const before = journal.asked;
  const oldest = press(journal, model, 'home');
  assert.is(texts(oldest)[0], 'event 1');
  assert.ok(log(oldest).last < 24, 'the first screen');
  assert.is(lastText(press(journal, oldest, 'end')), 'event 1000000');
  assert.ok(journal.asked - before <= 4, `${journal.asked - before} pages`);
});

test('log: scrolling down from the oldest line reaches the newest, and then follows', () => {
  const journal = new Journal(1_500);
  let model = press(journal, opened(journal), 'home');
  for (let pages = 0; pages < 200 && log(model).newer !== null; pages += 1) {
    model = press(journal, model, 'pagedown');
    assert.ok(log(model).notes.length <= limits.logNotes);
  }
  model = press(journal, model, 'end');
  assert.is(lastText(model), 'event 1500');
  assert.is(lastText(run(model, { kind: 'log', note: noteOf(1_501) }).model), 'event 1501');
});

test('log: new lines do not move a view of old ones, and the number of kept lines is bounded', () => {
  const journal = new Journal(2_000);
  let model = press(journal, opened(journal), ...Array.from({ length: 20 }, () => 'pageup'));
  const reads = lastText(model);
  for (let seq = 2_001; seq < 5_000; seq += 1) model = run(model, { kind: 'log', note: noteOf(seq) }).model;
  assert.is(lastText(model), reads);
  assert.ok(log(model).notes.length <= limits.logNotes);
});

test('log: lines that were logged while the newest page was under way are shown with it', () => {
  const journal = new Journal(100);
  const asked = run(closed, key('l'), { kind: 'log', note: noteOf(101) });
  const model = run(asked.model, journal.page({ before: null, after: null })).model;
  assert.equal(texts(model).slice(-2), ['event 100', 'event 101']);
});

test('log: a page that was requested before Home or End was pressed is ignored', () => {
  const first = run(closed, key('l'), new Journal(3_000).page({ before: null, after: null }));
  const up = run(first.model, ...Array.from({ length: 9 }, () => key('pageup')));
  const [older] = up.intents as { readonly page: LogPage }[];
  assert.equal(older?.page, { before: 2_801, after: null }, 'it is requested before it is needed');
  const journal = new Journal(3_000);
  const late = run(up.model, key('home'), journal.page({ before: 2_801, after: null })).model;
  assert.is(texts(late)[0], 'event 2801', 'still those from before');
  assert.is(texts(run(late, journal.page({ before: null, after: 0 })).model)[0], 'event 1');
});

test('log: pages without a line for an operator are skipped', () => {
  const asked = run(closed, key('l'));
  const silent = (before: number | null, next: number | null): Message => ({
    kind: 'log_page',
    page: { before, after: null },
    notes: [],
    next,
  });
  const first = run(asked.model, silent(null, 8_000));
  assert.equal(first.intents, [{ do: 'log', page: { before: 8_000, after: null } }]);
  const second = run(first.model, silent(8_000, 6_000));
  assert.equal(second.intents, [{ do: 'log', page: { before: 6_000, after: null } }]);
  assert.equal(run(second.model, silent(6_000, null)).intents, []);
});

test('log: a refusal is shown, and the next key asks again', () => {
  const page = { before: null, after: null };
  const { model } = run(closed, key('l'), { kind: 'no_log_page', page, why: 'the journal cannot be read' });
  assert.is(log(model).trouble, 'the journal cannot be read');
  assert.equal(run(model, key('end')).model.dialogs.length, 1);
});

test('log: on a new connection, a page that was not answered is requested again', () => {
  const asked = run(closed, key('l'));
  const back = run(
    asked.model,
    { kind: 'link', link: { kind: 'lost', why: '', cause: 'away', sinceAt: 0 } },
    { kind: 'link', link: { kind: 'connected' } },
  );
  assert.ok(JSON.stringify(back.intents).includes('"do":"log"'));
});

test('log: Esc closes it, and a late page does not open it again', () => {
  const { model } = run(closed, key('l'), key('escape'));
  assert.equal(run(model, new Journal(10).page({ before: null, after: null })).model.dialogs, []);
});

test.run();
