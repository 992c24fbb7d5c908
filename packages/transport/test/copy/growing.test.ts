// real: follows a file that grows while it is copied
import { appendFile, open, readdir, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type CarrierFixture, carrierFixture, chunk, ids, orderFor, publishFor } from '../support/carrier-fixture.ts';
import { bytesOf, fingerprint, isSame, make } from '../support/files.ts';

const readBack = { kind: 'read_back', ...ids } as const;

async function rewrite(path: string, atByte: number, bytes: Buffer): Promise<void> {
  const file = await open(path, 'r+');
  await file.write(bytes, 0, bytes.length, atByte);
  await file.close();
}

/** From `copied` to the published file, whatever the source still does. */
async function publishAll(fixture: CarrierFixture, order: ReturnType<typeof orderFor>): Promise<void> {
  for (;;) {
    const copied = await fixture.next('copied');
    fixture.carrier.receive(readBack);
    if ((await fixture.next('verified', 'source_moved')).kind === 'source_moved') continue;
    fixture.carrier.receive({ kind: 'publish', order: publishFor(order, copied) });
    await fixture.next('published');
    return;
  }
}

async function following(fixture: CarrierFixture, atLeastBytes: number): Promise<void> {
  for (;;) {
    const { syncedBytes } = await fixture.next('progress');
    if (syncedBytes >= atLeastBytes) return;
  }
}

test('follow: a growing source whose header is rewritten at the end arrives identical', async () => {
  const fixture = await carrierFixture();
  const path = join(fixture.source, 'a.mxf');
  const order = orderFor('a.mxf', await make(path, 4 * chunk), { growing: true, part: null });
  fixture.carrier.receive({ kind: 'copy', order });
  await following(fixture, 3 * chunk);
  for (let step = 0; step < 5; step += 1) await appendFile(path, bytesOf(chunk + 17, step + 2));
  await following(fixture, 7 * chunk);
  await rewrite(path, 15, bytesOf(80, 99));
  await publishAll(fixture, order);
  assert.ok(await isSame(path, join(fixture.destination, 'a.mxf')));
  await fixture.end();
});

test('follow: only whole chunks below the safety margin are copied while it grows', async () => {
  const fixture = await carrierFixture({
    route: {
      growing: { enabled: true, include: [], visible: true, minSizeBytes: 1, safetyMarginBytes: chunk + 1, pollMs: 5, quietForMs: 60_000 },
    },
  });
  const path = join(fixture.source, 'a.mxf');
  fixture.carrier.receive({ kind: 'copy', order: orderFor('a.mxf', await make(path, 4 * chunk), { growing: true }) });
  await following(fixture, 2 * chunk);
  const { sizeBytes, syncedBytes, phase } = await fixture.next('progress');
  assert.equal({ sizeBytes, syncedBytes, phase }, { sizeBytes: 4 * chunk, syncedBytes: 2 * chunk, phase: 'following' });
  await fixture.end();
});

test('settle: if the source shrinks, the copy is truncated', async () => {
  const fixture = await carrierFixture();
  const path = join(fixture.source, 'a.mov');
  const order = orderFor('a.mov', await make(path, 6 * chunk), { growing: true });
  fixture.carrier.receive({ kind: 'copy', order });
  await following(fixture, 5 * chunk);
  await truncate(path, 2 * chunk + 5);
  await publishAll(fixture, order);
  assert.ok(await isSame(path, join(fixture.destination, 'a.mov')));
  await fixture.end();
});

test('copy: a stable source that has grown is followed in the same part', async () => {
  const fixture = await carrierFixture();
  const path = join(fixture.source, 'a.mov');
  const order = orderFor('a.mov', await make(path, 3 * chunk));
  await appendFile(path, bytesOf(100, 7));
  fixture.carrier.receive({ kind: 'copy', order });
  assert.is((await fixture.next('source_grew')).sizeBytes, 3 * chunk + 100);
  await publishAll(fixture, order);
  assert.ok(await isSame(path, join(fixture.destination, 'a.mov')));
  await fixture.end();
});

test('copy: a source touched in place is settled, not failed', async () => {
  const fixture = await carrierFixture();
  const path = join(fixture.source, 'a.mov');
  const order = orderFor('a.mov', await make(path, 3 * chunk));
  await rewrite(path, chunk + 3, bytesOf(10, 5));
  fixture.carrier.receive({ kind: 'copy', order });
  await fixture.next('source_grew');
  await publishAll(fixture, order);
  assert.ok(await isSame(path, join(fixture.destination, 'a.mov')));
  await fixture.end();
});

test('read_back: a source that changed meanwhile is followed and settled again', async () => {
  const fixture = await carrierFixture();
  const path = join(fixture.source, 'a.mov');
  const order = orderFor('a.mov', await make(path, 3 * chunk + 9));
  fixture.carrier.receive({ kind: 'copy', order });
  await fixture.next('copied');
  await appendFile(path, bytesOf(2 * chunk, 3));
  await rewrite(path, 0, bytesOf(8, 4));
  fixture.carrier.receive(readBack);
  assert.is((await fixture.next('source_moved')).sizeBytes, 5 * chunk + 9);
  await publishAll(fixture, order);
  assert.ok(await isSame(path, join(fixture.destination, 'a.mov')));
  await fixture.end();
});

test('copy: a source replaced by another file fails with CHANGED', async () => {
  const fixture = await carrierFixture();
  const path = join(fixture.source, 'a.mov');
  const order = orderFor('a.mov', await make(path, 3 * chunk), { growing: true });
  fixture.carrier.receive({ kind: 'copy', order });
  await following(fixture, 2 * chunk);
  await writeFile(`${path}.new`, bytesOf(3 * chunk, 2));
  await rename(`${path}.new`, path);
  const { fault } = await fixture.next('failed');
  assert.equal([fault.side, fault.code], ['source', 'CHANGED']);
  await fixture.end();
});

test('copy: a source removed while it is copied is copied to its end', async () => {
  const fixture = await carrierFixture();
  const path = join(fixture.source, 'a.mov');
  const order = orderFor('a.mov', await make(path, 5 * chunk + 1), { growing: true });
  fixture.carrier.receive({ kind: 'copy', order });
  await following(fixture, 3 * chunk);
  await rm(path);
  const copied = await fixture.next('copied');
  fixture.carrier.receive(readBack);
  assert.is((await fixture.next('verified')).sourceGone, true);
  fixture.carrier.receive({ kind: 'publish', order: publishFor(order, copied) });
  await fixture.next('published');
  await make(path, 5 * chunk + 1);
  assert.ok(await isSame(path, join(fixture.destination, 'a.mov')));
  await fixture.end();
});

test('copy: a stable source removed before its end is verified is copied to its end', async () => {
  let path = '';
  const fixture = await carrierFixture({
    wrapSource: (storage) => ({
      ...storage,
      open: async (name, how) => {
        const file = await storage.open(name, how);
        if (how === 'read') await rm(path);
        return file;
      },
    }),
  });
  path = join(fixture.source, 'a.mov');
  fixture.carrier.receive({ kind: 'copy', order: orderFor('a.mov', await make(path, 2 * chunk + 1)) });
  await fixture.next('copied');
  fixture.carrier.receive(readBack);
  assert.is((await fixture.next('verified')).sourceGone, true);
  await fixture.end();
});

test('settle: one at a time per source', async () => {
  const fixture = await carrierFixture();
  const orders = await Promise.all(
    ['a', 'b', 'c'].map(async (name, index) => ({
      ...orderFor(`${name}.mov`, await make(join(fixture.source, `${name}.mov`), 3 * chunk, index), { growing: true }),
      copyId: `${name}-copy` as typeof ids.copyId,
    })),
  );
  for (const order of orders) fixture.carrier.receive({ kind: 'copy', order });
  for (const _ of orders) await fixture.next('copied');
  for (const name of ['a', 'b', 'c']) {
    assert.ok(await isSame(join(fixture.source, `${name}.mov`), join(fixture.destination, `.${name}.mov.01234567.part`)));
  }
  await fixture.end();
});

test('copy: reports the fingerprint of the settled source', async () => {
  const fixture = await carrierFixture();
  const path = join(fixture.source, 'a.mov');
  const order = orderFor('a.mov', await make(path, chunk), { growing: true });
  fixture.carrier.receive({ kind: 'copy', order });
  assert.equal((await fixture.next('copied')).fingerprint, await fingerprint(path));
  assert.equal(await readdir(fixture.destination), ['.a.mov.01234567.part']);
  await fixture.end();
});

test.run();
