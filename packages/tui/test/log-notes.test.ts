import type { LogNote } from '@sluice/control';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { withLogged, withNote } from '../src/model/log-notes.ts';
import { run, started } from './sample.ts';

const note = (second: number, text = `at ${second}`): LogNote => ({
  v: 1,
  at: new Date(second * 1000).toISOString(),
  level: 'info',
  route: 'ingest',
  text,
});
const texts = (notes: readonly LogNote[]): string[] => notes.map(({ text }) => text);

test('withLogged: what was said before comes first, what both have comes once', () => {
  const watched = [note(3), note(4)];
  assert.equal(texts(withLogged(watched, [note(1), note(2), note(3)])), ['at 1', 'at 2', 'at 3', 'at 4']);
});

test('withLogged: nothing new is the same', () => {
  const watched = [note(3), note(4)];
  assert.is(withLogged(watched, [note(3)]), watched);
  assert.is(withLogged(watched, []), watched);
});

test('withLogged after a lost line: what was missed stands between', () => {
  const kept = [note(1), note(2), note(9)];
  assert.equal(texts(withLogged(kept, [note(2), note(5), note(9)])), ['at 1', 'at 2', 'at 5', 'at 9']);
});

test('withLogged: two sentences of one moment are two', () => {
  assert.equal(texts(withLogged([note(1, 'b')], [note(1, 'a'), note(1, 'b')])), ['a', 'b']);
});

test('withNote and withLogged keep the newest ones, and not more than a bound', () => {
  let notes: readonly LogNote[] = [];
  for (let second = 0; second < 600; second += 1) notes = withNote(notes, note(second));
  assert.equal([notes.length, notes.at(-1)?.text], [500, 'at 599']);
  const merged = withLogged(notes, [note(1), note(600)]);
  assert.equal([merged.length, merged[0]?.text, merged.at(-1)?.text], [500, 'at 101', 'at 600']);
});

test('update: what was logged before a screen was opened is shown, also behind what came first', () => {
  const { model } = run(started(), { kind: 'log', note: note(3) }, { kind: 'logged', notes: [note(1), note(3)] });
  assert.equal(texts(model.log), ['at 1', 'at 3']);
});

test.run();
