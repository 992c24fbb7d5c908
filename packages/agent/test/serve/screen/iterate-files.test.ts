import { fileId, routeName } from '@sluice/core/model';
import type { EndedBrief } from '@sluice/lists';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { EndedWalk } from '../../../src/serve/screen/iterate-files.ts';
import type { ScreenJournal } from '../../../src/serve/screen/journal.ts';
import { screenLimits as limits } from '../../../src/serve/screen/limits.ts';

type Query = Parameters<ScreenJournal['ended']>[0];

/** A journal of a number of ended files, one per millisecond, and the queries that it got. */
function journalOf(count: number) {
  const queries: Query[] = [];
  const ended = (query: Query): EndedBrief[] => {
    queries.push(query);
    const newest = query.before === null ? count : query.before.endedAt - 1;
    return Array.from({ length: Math.min(newest, query.limit) }, (_, index) => briefOf(newest - index));
  };
  return { queries, ended };
}

function briefOf(endedAt: number): EndedBrief {
  const name = `${endedAt}.mxf`;
  const times = { sizeBytes: 1, discoveredAt: 0, endedAt, recoveryOf: null, recoveredBy: null };
  return { id: fileId(name), route: routeName('a'), source: name, destination: name, status: 'COMPLETED', ...times };
}

test('EndedWalk: each piece continues after the one before, and an empty one is the last', () => {
  const journal = journalOf(5);
  const walk = new EndedWalk(journal);
  const pieces: number[][] = [];
  while (!walk.isDone) pieces.push(walk.next(0, 2).map(({ endedAt }) => endedAt));
  assert.equal(pieces, [[5, 4], [3, 2], [1], []]);
  assert.equal(journal.queries[1], { since: 0, before: { endedAt: 4, id: fileId('4.mxf') }, limit: 2 });
});

test('EndedWalk: it ends when enough files are listed', () => {
  const walk = new EndedWalk(journalOf(limits.endedFiles * 2));
  walk.next(0, limits.endedFiles - 1);
  assert.not.ok(walk.isDone);
  walk.next(0, 1);
  assert.ok(walk.isDone);
});

test.run();
