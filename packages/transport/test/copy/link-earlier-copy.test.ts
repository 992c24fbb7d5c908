import { link, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CopyOrder } from '@sluice/core/model';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Storage } from '../../src/storage/storage.ts';
import { type CarrierFixture, type CarrierFixtureOptions, carrierFixture, chunk, orderFor } from '../support/carrier-fixture.ts';
import { failing, interposed } from '../support/faults.ts';
import { bytesOf, isSame, make } from '../support/files.ts';

const size = 3 * chunk + 100;
const test = suite<{ fixture: CarrierFixture }>('linkCopy');

test.after.each(({ fixture }) => fixture.end());

/** `old.mov` was copied and is `new/a.mov` at the source now. */
async function renamed(context: { fixture: CarrierFixture }, options: CarrierFixtureOptions = {}): Promise<CopyOrder> {
  context.fixture = await carrierFixture(options);
  const { source, destination } = context.fixture;
  await mkdir(join(source, 'new'));
  const expected = await make(join(source, 'new/a.mov'), size);
  await writeFile(join(destination, 'old.mov'), bytesOf(size));
  return orderFor('new/a.mov', expected, { linkFrom: 'old.mov' });
}

const inodeOf = async ({ destination }: CarrierFixture, name: string): Promise<number> => (await stat(join(destination, name))).ino;
const namesIn = async ({ destination }: CarrierFixture): Promise<string[]> => (await readdir(destination, { recursive: true })).sort();

test('linkCopy: the copy gets the new name too, in folders that are created for it', async (context) => {
  const order = await renamed(context);
  const { carrier, next } = context.fixture;
  carrier.receive({ kind: 'copy', order });
  const linked = await next('linked');
  assert.equal([linked.readback, linked.fingerprint], ['direct', order.expected]);
  assert.is(await inodeOf(context.fixture, 'old.mov'), await inodeOf(context.fixture, 'new/a.mov'));
  assert.equal(await namesIn(context.fixture), ['new', 'new/a.mov', 'old.mov']);
});

for (const [what, change] of [
  ['has other bytes of the same size', (old: string) => writeFile(old, bytesOf(size, 2))],
  ['has another size', (old: string) => writeFile(old, bytesOf(size - 1))],
  ['is gone', (old: string) => rm(old)],
  ['is a folder', (old: string) => rm(old).then(() => mkdir(old))],
] as const) {
  test(`a copy that ${what} gets no other name, and the source is copied`, async (context) => {
    const order = await renamed(context);
    const { carrier, next, source, destination } = context.fixture;
    await change(join(destination, 'old.mov'));
    const before = await namesIn(context.fixture);
    carrier.receive({ kind: 'copy', order });
    assert.is((await next('not_linked')).why, 'differs');
    assert.equal(await namesIn(context.fixture), before);
    const { linkFrom: _, ...alone } = order;
    carrier.receive({ kind: 'copy', order: alone });
    await next('copied');
    assert.ok(await isSame(join(source, 'new/a.mov'), join(destination, order.part ?? '')));
  });
}

test('linkCopy: if a destination makes up inode numbers, the bytes under the new name are read', async (context) => {
  let made = 0;
  const wrapDestination = (storage: Storage): Storage => ({
    ...storage,
    stat: async (path) => {
      const facts = await storage.stat(path);
      return facts === null ? null : { ...facts, inode: `made-up-${(made += 1)}` };
    },
  });
  const order = await renamed(context, { wrapDestination });
  context.fixture.carrier.receive({ kind: 'copy', order });
  await context.fixture.next('linked');
  assert.is(await inodeOf(context.fixture, 'old.mov'), await inodeOf(context.fixture, 'new/a.mov'));
});

for (const code of ['EPERM', 'EOPNOTSUPP', 'EMLINK', 'EXDEV', 'EIO']) {
  test(`a link that is refused with ${code} at a destination that answers is reported, not failed`, async (context) => {
    const order = await renamed(context, { wrapDestination: failing('link', code) });
    context.fixture.carrier.receive({ kind: 'copy', order });
    assert.is((await context.fixture.next('not_linked')).why, 'refused');
  });
}

test('linkCopy: a read-only disk fails the copy', async (context) => {
  const order = await renamed(context, { wrapDestination: failing('link', 'EROFS') });
  context.fixture.carrier.receive({ kind: 'copy', order });
  assert.is((await context.fixture.next('failed')).fault.code, 'EROFS');
});

test('linkCopy: another file under the new name is left alone; an earlier link of ours is found', async (context) => {
  const order = await renamed(context);
  const { carrier, next, destination } = context.fixture;
  await mkdir(join(destination, 'new'));
  await writeFile(join(destination, 'new/a.mov'), 'theirs');
  carrier.receive({ kind: 'copy', order });
  assert.is((await next('not_linked')).why, 'refused');
  assert.is((await stat(join(destination, 'new/a.mov'))).size, 6);
  await rm(join(destination, 'new/a.mov'));
  await link(join(destination, 'old.mov'), join(destination, 'new/a.mov'));
  carrier.receive({ kind: 'copy', order });
  await next('linked');
});

test('linkCopy: a file that takes the old name just before the link keeps it, and gets no other', async (context) => {
  let root = '';
  const wrapDestination = (storage: Storage): Storage =>
    interposed(storage, async (verb) => {
      if (verb !== 'link') return;
      await writeFile(join(root, 'theirs.mov'), bytesOf(size, 3));
      await rename(join(root, 'theirs.mov'), join(root, 'old.mov'));
    });
  const order = await renamed(context, { wrapDestination });
  root = context.fixture.destination;
  context.fixture.carrier.receive({ kind: 'copy', order });
  assert.is((await context.fixture.next('not_linked')).why, 'differs');
  assert.equal(await namesIn(context.fixture), ['new', 'old.mov']);
});

test('linkCopy: a source that is written while it is compared fails the attempt', async (context) => {
  let path = '';
  const wrapDestination = (storage: Storage): Storage =>
    interposed(storage, async (verb) => {
      if (verb === 'read' && path !== '') await writeFile(path, bytesOf(size, 4));
    });
  const order = await renamed(context, { wrapDestination });
  path = join(context.fixture.source, 'new/a.mov');
  context.fixture.carrier.receive({ kind: 'copy', order });
  assert.equal((await context.fixture.next('failed')).fault.side, 'source');
  assert.equal(await namesIn(context.fixture), ['old.mov']);
});

test.run();
