// group: storage
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { list, pathsOf } from './support/list.ts';
import { onTmpfs } from './support/mounted.ts';
import { makeSource, type Source } from './support/source.ts';

const test = suite<{ source: Source }>('listing across mounts');

test.before.each(async (context) => {
  context.source = await makeSource();
});
test.after.each(({ source }) => source.remove());

test('listSource: another filesystem mounted inside is listed like the rest', async ({ source }) => {
  await source.write({ 'a.mov': 1, 'card/hidden-under-it.mov': 1 });
  await onTmpfs(source.path('card'), 'another filesystem mounted inside', async () => {
    await source.write({ 'card/b.mov': 2 });
    assert.equal(pathsOf(await list(source)), ['a.mov', 'card/b.mov']);
  });
  assert.equal(pathsOf(await list(source)), ['a.mov', 'card/hidden-under-it.mov']);
});

test.run();
