import { chmod, lstat, mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { copyId } from '@sluice/core/model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Storage } from '../../src/storage/storage.ts';
import { carrierFixture, chunk, ids, orderFor, publishFor } from '../support/carrier-fixture.ts';
import { failing, interposed } from '../support/faults.ts';
import { isSame, make } from '../support/files.ts';

for (const length of [1, chunk - 1, chunk, chunk + 1, 5 * chunk, 5 * chunk + 4097]) {
  test(`copy: a stable file of ${length} bytes arrives under its name, verified`, async () => {
    const fixture = await carrierFixture();
    await mkdir(join(fixture.source, 'day1'));
    const expected = await make(join(fixture.source, 'day1/a.mxf'), length);
    const order = orderFor('day1/a.mxf', expected);
    fixture.carrier.receive({ kind: 'preflight', order });
    const found = await fixture.next('preflight');
    assert.equal(found.preflight.sourceFingerprint, expected);
    assert.is(found.preflight.existingSizeBytes, null);
    fixture.carrier.receive({ kind: 'copy', order });
    const copied = await fixture.next('copied');
    assert.equal(copied.fingerprint, expected);
    assert.equal(await readdir(join(fixture.destination, 'day1')), ['.a.mxf.01234567.part']);
    fixture.carrier.receive({ kind: 'read_back', ...ids });
    assert.equal(await fixture.next('verified'), { kind: 'verified', readback: 'direct', sourceGone: false });
    fixture.carrier.receive({ kind: 'publish', order: publishFor(order, copied) });
    assert.equal(await fixture.next('published'), { kind: 'published', notes: [] });
    assert.equal(await readdir(join(fixture.destination, 'day1')), ['a.mxf']);
    assert.ok(await isSame(join(fixture.source, 'day1/a.mxf'), join(fixture.destination, 'day1/a.mxf')));
    const kinds = fixture.reported.flatMap((message) => (message.kind === 'copy_reported' ? [message.report.kind] : []));
    assert.equal(
      kinds.filter((kind) => kind !== 'progress'),
      ['preflight', 'creating', 'created', 'copied', 'verified', 'published'],
    );
    await fixture.end();
  });
}

test('copy: the hash is the xxh64 of the whole file', async () => {
  const fixture = await carrierFixture();
  const order = orderFor('a.mov', await make(join(fixture.source, 'a.mov'), 3 * chunk + 7));
  fixture.carrier.receive({ kind: 'copy', order });
  const { hash } = await fixture.next('copied');
  const { default: xxhash } = await import('xxhash-wasm');
  const whole = (await xxhash()).h64Raw(await readFile(join(fixture.source, 'a.mov')));
  assert.is(hash.value, whole.toString(16).padStart(16, '0'));
  await fixture.end();
});

test('publish: the copy has the times and mode of the source', async () => {
  const fixture = await carrierFixture();
  const path = join(fixture.source, 'a.mov');
  const expected = await make(path, 10);
  await chmod(path, 0o640);
  const order = orderFor('a.mov', expected, { mode: 0o640 });
  fixture.carrier.receive({ kind: 'copy', order });
  fixture.carrier.receive({ kind: 'publish', order: publishFor(order, await fixture.next('copied')) });
  await fixture.next('published');
  const [here, there] = [await lstat(path), await lstat(join(fixture.destination, 'a.mov'))];
  assert.is(there.mode & 0o777, 0o640);
  assert.ok(Math.abs(here.mtimeMs - there.mtimeMs) < 1);
  await fixture.end();
});

test('publish: a copy never has a permission bit that the file that was read does not have', async () => {
  const fixture = await carrierFixture();
  const path = join(fixture.source, 'a.mov');
  const expected = await make(path, 10);
  await chmod(path, 0o600);
  // The mode of another file, which had this path when it was listed.
  const order = orderFor('a.mov', expected, { mode: 0o644 });
  fixture.carrier.receive({ kind: 'copy', order });
  fixture.carrier.receive({ kind: 'publish', order: publishFor(order, await fixture.next('copied')) });
  await fixture.next('published');
  assert.is((await lstat(join(fixture.destination, 'a.mov'))).mode & 0o777, 0o600);
  await fixture.end();
});

test('copy: a small file is read back at once, a larger one when that is requested', async () => {
  const fixture = await carrierFixture({ limits: { readBackAtOnceBytes: chunk } });
  fixture.carrier.receive({ kind: 'copy', order: orderFor('a.mov', await make(join(fixture.source, 'a.mov'), chunk)) });
  assert.is((await fixture.next('copied')).readsBack, true);
  assert.equal(await fixture.next('verified'), { kind: 'verified', readback: 'direct', sourceGone: false });
  fixture.carrier.receive({ kind: 'forget', route: ids.route, copyId: ids.copyId });
  fixture.carrier.receive({ kind: 'copy', order: orderFor('b.mov', await make(join(fixture.source, 'b.mov'), chunk + 1)) });
  assert.is((await fixture.next('copied')).readsBack, undefined);
  fixture.carrier.receive({ kind: 'read_back', ...ids });
  await fixture.next('verified');
  assert.is(fixture.reported.filter((message) => message.kind === 'copy_reported' && message.report.kind === 'verified').length, 2);
  await fixture.end();
});

test('copy: progress counts synced bytes, up to the size of the file', async () => {
  const fixture = await carrierFixture({ limits: { progressEveryMs: 0 } });
  const order = orderFor('a.mov', await make(join(fixture.source, 'a.mov'), 20 * chunk + 1));
  fixture.carrier.receive({ kind: 'copy', order });
  await fixture.next('copied');
  const synced = fixture.reported.flatMap((m) =>
    m.kind === 'copy_reported' && m.report.kind === 'progress' ? [m.report.syncedBytes] : [],
  );
  assert.is(synced.at(-1), 20 * chunk + 1);
  assert.equal(
    synced,
    [...synced].sort((x, y) => x - y),
  );
  await fixture.end();
});

test('makeParents: a refusal of the configured mode becomes one note', async () => {
  const route = { destinationMode: { file: 0o664, folder: 0o2775 } };
  const fixture = await carrierFixture({ route, wrapDestination: failing('setMode', 'EPERM') });
  const noted = [];
  for (const name of ['day1/a.mov', 'day2/b.mov']) {
    await mkdir(join(fixture.source, name.slice(0, 4)));
    const order = orderFor(name, await make(join(fixture.source, name), 100));
    fixture.carrier.receive({ kind: 'copy', order });
    fixture.carrier.receive({ kind: 'publish', order: publishFor(order, await fixture.next('copied')) });
    noted.push((await fixture.next('published')).notes.filter(({ kind }) => kind === 'folder_mode_not_set'));
    fixture.carrier.receive({ kind: 'forget', route: ids.route, copyId: ids.copyId });
  }
  assert.equal(noted, [[{ kind: 'folder_mode_not_set', code: 'EPERM' }], []]);
  await fixture.end();
});

for (const [what, sourceMode, destinationMode, rootMode, expected] of [
  ['the mode of the source', 0o775, null, 0o755, 0o775],
  ['the mode of the source, without its group bit', 0o2775, null, 0o755, 0o775],
  ['the mode of the source, and the group bit of the folder above', 0o775, null, 0o2775, 0o2775],
  ['the configured mode, with its group bit', 0o755, { file: 0o664, folder: 0o2775 }, 0o755, 0o2775],
] as const) {
  test(`makeParents: a folder gets ${what}, whatever the umask`, async () => {
    const before = process.umask(0o077);
    const fixture = await carrierFixture({ route: { destinationMode } });
    try {
      await chmod(fixture.destination, rootMode);
      await mkdir(join(fixture.source, 'day1', 'cam'), { recursive: true });
      for (const folder of ['day1', 'day1/cam']) await chmod(join(fixture.source, folder), sourceMode);
      const order = orderFor('day1/cam/a.mov', await make(join(fixture.source, 'day1/cam/a.mov'), 100));
      fixture.carrier.receive({ kind: 'copy', order });
      await fixture.next('copied');
      for (const folder of ['day1', 'day1/cam']) {
        assert.is((await stat(join(fixture.destination, folder))).mode & 0o7777, expected, folder);
      }
    } finally {
      process.umask(before);
      await fixture.end();
    }
  });
}

test('makeParents: no copy begins in a folder whose name is not durable yet, even if another program created it', async () => {
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const asked = Promise.withResolvers<void>();
  const synced: string[] = [];
  const wrapDestination = (storage: Storage): Storage =>
    interposed(storage, async (verb, path) => {
      if (verb !== 'syncFolder') return;
      synced.push(path);
      asked.resolve();
      await held;
    });
  const fixture = await carrierFixture({ wrapDestination });
  // Made before a crash, perhaps: this process has not synced its name.
  for (const folder of [join(fixture.source, 'day1'), join(fixture.destination, 'day1')]) await mkdir(folder);
  const orders = [];
  for (const [index, name] of ['day1/a.mov', 'day1/b.mov'].entries()) {
    const order = {
      ...orderFor(name, await make(join(fixture.source, name), 100)),
      copyId: copyId(`89abcdef-0000-4000-8000-00000000000${index}`),
    };
    orders.push(order);
    fixture.carrier.receive({ kind: 'copy', order });
  }
  await asked.promise;
  assert.equal(await readdir(join(fixture.destination, 'day1')), []);
  assert.equal(fixture.reported, []);
  release();
  await fixture.next('copied');
  await fixture.next('copied');
  assert.ok(synced.length <= 2 && synced.every((path) => path === ''), synced.join());
  const count = synced.length;
  const third = orderFor('day1/c.mov', await make(join(fixture.source, 'day1/c.mov'), 100));
  fixture.carrier.receive({ kind: 'copy', order: third });
  await fixture.next('copied');
  assert.is(synced.length, count);
  await fixture.end();
});

test.run();
