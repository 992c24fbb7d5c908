import type { CoreState, RouteState } from '@sluice/core';
import { fileId, routeName } from '@sluice/core/model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Turns } from '../../../src/serve/screen/put-first.ts';

const route = routeName('ingest');

function fixture(sources: readonly string[]) {
  const firsts = new Set<string>();
  const newest = new Map(sources.map((source) => [source, fileId(`id of ${source}`)]));
  const state = { routes: new Map([[route, { settings: { name: route }, firsts, newest }]]) } as unknown as CoreState;
  const turns = new Turns(state);
  const order = (): string[] =>
    sources
      .filter((source) => turns.turnOf({ route, source }) !== null)
      .toSorted((a, b) => (turns.turnOf({ route, source: a }) ?? 0) - (turns.turnOf({ route, source: b }) ?? 0));
  return { firsts: firsts satisfies RouteState['firsts'], turns, order };
}

test('Turns: files that were put first have increasing numbers, in that order', () => {
  const { firsts, turns, order } = fixture(['a', 'b', 'c']);
  assert.equal([turns.changed(), order()], [[], []]);
  for (const source of ['c', 'a']) firsts.add(source);
  assert.equal(
    [turns.changed(), order()],
    [
      ['id of c', 'id of a'],
      ['c', 'a'],
    ],
  );
  assert.equal(turns.changed(), []);
});

test('Turns: a file that leaves does not change the others, and a file that is put first again comes last', () => {
  const { firsts, turns, order } = fixture(['a', 'b', 'c', 'd']);
  for (const source of ['a', 'b', 'c']) firsts.add(source);
  turns.changed();
  firsts.delete('a');
  firsts.add('d');
  assert.equal(
    [turns.changed(), order()],
    [
      ['id of a', 'id of d'],
      ['b', 'c', 'd'],
    ],
  );
  firsts.delete('b');
  firsts.add('b');
  assert.equal([turns.changed(), order()], [['id of b'], ['c', 'd', 'b']]);
});

test('Turns: a source that no longer has a file changes nothing', () => {
  const { firsts, turns } = fixture([]);
  firsts.add('gone');
  assert.equal(turns.changed(), []);
});

test.run();
