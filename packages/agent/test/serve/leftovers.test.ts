import { fileOf } from '@sluice/core/fixtures';
import type { FileId, LeftoverFound } from '@sluice/core/model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { askRoute, type Look, leftoversOf } from '../../src/serve/leftovers.ts';
import { a, type Desk, makeDesk } from './desk.ts';

const replacement = { id: 'r' as FileId, destination: 'a_1.mxf', sizeBytes: 9 };
const leftover = { name: 'a.mxf', attempt: 'f' as FileId, failedAt: 1_000, leastBytes: 5, inode: '7', replacement };

/** Returns a desk with a file whose lineage has these leftovers, as after a start of the agent. */
function deskWith(leftovers: readonly (typeof leftover)[]): Desk {
  const desk = makeDesk();
  const file = fileOf('COMPLETED', { id: 'r' as FileId, route: a, source: 'a.mxf', destination: 'a_1.mxf', leftovers });
  desk.state.files.set(file.id, file);
  desk.state.routes.get(a)?.leaving.add(file.id);
  return desk;
}

const found =
  (of: LeftoverFound): (() => Promise<Look>) =>
  async () => ({ found: new Map([['a.mxf', of]]) });

const looks: readonly (readonly [what: string, look: (() => Promise<Look>) | null, state: string, kept: string | null])[] = [
  ['can be removed', found({ kept: null, sizeBytes: 6 }), 'removable', null],
  ['was changed', found({ kept: 'changed', sizeBytes: 6 }), 'kept', 'changed'],
  ['was removed by hand', found({ kept: null, sizeBytes: null }), 'gone', null],
  ['could not be asked', async () => ({ unknown: 'no answer' }), 'unknown', null],
  ['was not asked', null, 'unknown', null],
];

for (const [what, look, state, kept] of looks) {
  test(`leftoversOf: a leftover that ${what} is ${state}`, async () => {
    const desk = deskWith([leftover]);
    const { leftovers, total } = await leftoversOf(desk.state, a, 3_000, look);
    const [one] = leftovers;
    assert.equal([one?.state, one?.kept, total], [state, kept, 1]);
    assert.equal([one?.ageMs, one?.copiedBytes, one?.replacedBy], [2_000, 5, { id: 'r', destination: 'a_1.mxf' }]);
    desk.close();
  });
}

test('leftoversOf: a leftover without a complete copy stays, whatever is at the destination', async () => {
  const { replacement: _, ...unreplaced } = leftover;
  const desk = deskWith([unreplaced as typeof leftover]);
  const { leftovers } = await leftoversOf(desk.state, null, 3_000, found({ kept: null, sizeBytes: 6 }));
  assert.equal([leftovers[0]?.state, leftovers[0]?.kept, leftovers[0]?.replacedBy], ['kept', 'not_replaced', null]);
  desk.close();
});

test('leftoversOf: an unknown route is refused, and the refusal names it', async () => {
  const desk = makeDesk();
  await leftoversOf(desk.state, 'x', 0, null).then(
    () => assert.unreachable(),
    (error: Error) => assert.is(error.message, 'there is no route "x"'),
  );
  desk.close();
});

test('askRoute: without leftovers, or while the destination is offline, no process is started', async () => {
  const never = (): never => assert.unreachable() as never;
  const [none, some] = [makeDesk(), deskWith([leftover])];
  assert.equal(await askRoute(none.state, a, never), { found: new Map() });
  assert.equal(await askRoute(some.state, a, never), { unknown: 'the destination is not online' });
  none.close();
  some.close();
});

test.run();
