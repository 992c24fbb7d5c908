import { chmod, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { markerName } from '@sluice/core/marker';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { gather } from '../../src/prober/evidence.ts';

const test = suite<{ root: string }>('evidence');
const uuid = '11111111-2222-4333-8444-555555555555';

test.before.each(async (context) => {
  context.root = await mkdtemp(join(tmpdir(), 'sluice-evidence-'));
});
test.after.each(({ root }) => rm(root, { recursive: true, force: true }));

test('gather: returns the marker, and which of the copied files exist', async ({ root }) => {
  await writeFile(join(root, markerName), `Sluice knows this folder by this file.\n${uuid}\n`);
  await mkdir(join(root, 'day1'));
  await writeFile(join(root, 'day1/a.mxf'), 'a');
  await writeFile(join(root, 'b.mxf'), '');
  const { description, ...found } = await gather(root, ['day1/a.mxf', 'gone.mxf', 'b.mxf', 'day2/c.mxf']);
  assert.equal(found, {
    marker: { kind: 'found', marker: uuid },
    present: ['day1/a.mxf', 'b.mxf'],
    missing: ['gone.mxf', 'day2/c.mxf'],
    changed: [],
  });
  assert.match(description, /^\(.+\)$/);
});

test('gather: an empty folder has no marker and no copied files', async ({ root }) => {
  const { marker, present, missing } = await gather(root, ['a.mxf']);
  assert.equal([marker, present, missing], [{ kind: 'none' }, [], ['a.mxf']]);
});

test('gather: a folder or a link that has the name of a file is not that file', async ({ root }) => {
  await mkdir(join(root, 'folder.mxf'));
  await writeFile(join(root, 'real.mxf'), 'a');
  await symlink('real.mxf', join(root, 'link.mxf'));
  assert.equal((await gather(root, ['folder.mxf', 'link.mxf', 'real.mxf'])).missing, ['folder.mxf', 'link.mxf']);
});

test('gather: a marker that is incomplete or not a file is unclear, and not another marker', async ({ root }) => {
  await writeFile(join(root, markerName), '');
  assert.equal((await gather(root, [])).marker, { kind: 'unclear' });
  await rm(join(root, markerName));
  await mkdir(join(root, markerName));
  assert.equal((await gather(root, [])).marker, { kind: 'unclear' });
});

test('gather: changes nothing at the destination', async ({ root }) => {
  await writeFile(join(root, 'a.mxf'), 'a');
  await chmod(root, 0o555);
  await gather(root, ['a.mxf', 'b.mxf']);
  assert.equal(await readdir(root), ['a.mxf']);
  // What clears up afterwards may not be root.
  await chmod(root, 0o755);
});

async function refusal(looking: Promise<unknown>): Promise<string | undefined> {
  return await looking.then(
    () => 'it was answered',
    (error: NodeJS.ErrnoException) => error.code,
  );
}

test('gather: a root that is missing, or is a file, does not count as an empty destination', async ({ root }) => {
  await writeFile(join(root, 'file'), '');
  assert.is(await refusal(gather(join(root, 'not-there'), ['a.mxf'])), 'ENOENT');
  assert.is(await refusal(gather(join(root, 'file'), ['a.mxf'])), 'ENOTDIR');
});

test('gather: throws if it cannot be checked whether a file exists', async ({ root }) => {
  assert.is(await refusal(gather(root, [`${'x'.repeat(300)}/a.mxf`])), 'ENAMETOOLONG');
});

test('gather: a file behind a link is missing, wherever the link leads', async ({ root }) => {
  const outside = await mkdtemp(join(tmpdir(), 'sluice-outside-'));
  try {
    await writeFile(join(outside, 'a.mxf'), 'a');
    await symlink(outside, join(root, 'day1'));
    await symlink('loop', join(root, 'loop'));
    const names = ['day1/a.mxf', 'loop/a.mxf'];
    assert.equal((await gather(root, names)).missing, names);
  } finally {
    await rm(outside, { recursive: true });
  }
});

test('gather: a file with another size than the copy is present and changed', async ({ root }) => {
  await writeFile(join(root, 'a.mxf'), '12');
  await writeFile(join(root, 'b.mxf'), '123');
  const { present, changed } = await gather(root, ['a.mxf', 'b.mxf', 'gone.mxf'], [3, 3, 3]);
  assert.equal([present, changed], [['a.mxf', 'b.mxf'], ['a.mxf']]);
});

test.run();
