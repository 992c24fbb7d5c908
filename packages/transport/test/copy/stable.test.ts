import { chmod, lstat, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { bench, chunk, ids, orderFor, publishFor } from '../support/bench-of-one.ts';
import { isSame, make } from '../support/files.ts';

for (const length of [1, chunk - 1, chunk, chunk + 1, 5 * chunk, 5 * chunk + 4097]) {
  test(`copy: a stable file of ${length} bytes arrives under its name, verified`, async () => {
    const b = await bench();
    await mkdir(join(b.source, 'day1'));
    const expected = await make(join(b.source, 'day1/a.mxf'), length);
    const order = orderFor('day1/a.mxf', expected);
    b.carrier.receive({ kind: 'preflight', order });
    const found = await b.next('preflight');
    assert.equal(found.preflight.sourceFingerprint, expected);
    assert.is(found.preflight.existingSizeBytes, null);
    b.carrier.receive({ kind: 'copy', order });
    const copied = await b.next('copied');
    assert.equal(copied.fingerprint, expected);
    assert.equal(await readdir(join(b.destination, 'day1')), ['.a.mxf.01234567.part']);
    b.carrier.receive({ kind: 'read_back', ...ids });
    assert.equal(await b.next('verified'), { kind: 'verified', readback: 'direct', sourceGone: false });
    b.carrier.receive({ kind: 'publish', order: publishFor(order, copied) });
    assert.equal(await b.next('published'), { kind: 'published', notes: [] });
    assert.equal(await readdir(join(b.destination, 'day1')), ['a.mxf']);
    assert.ok(await isSame(join(b.source, 'day1/a.mxf'), join(b.destination, 'day1/a.mxf')));
    const kinds = b.reported.map((message) => (message.kind === 'copy_reported' ? message.report.kind : message.kind));
    assert.equal(
      kinds.filter((kind) => kind !== 'progress'),
      ['preflight', 'creating', 'created', 'copied', 'verified', 'published'],
    );
    await b.end();
  });
}

test('copy: the hash is xxh64 of the whole', async () => {
  const b = await bench();
  const order = orderFor('a.mov', await make(join(b.source, 'a.mov'), 3 * chunk + 7));
  b.carrier.receive({ kind: 'copy', order });
  const { hash } = await b.next('copied');
  const { default: xxhash } = await import('xxhash-wasm');
  const whole = (await xxhash()).h64Raw(await readFile(join(b.source, 'a.mov')));
  assert.is(hash.value, whole.toString(16).padStart(16, '0'));
  await b.end();
});

test('publish: times and mode are the source’s', async () => {
  const b = await bench();
  const path = join(b.source, 'a.mov');
  const expected = await make(path, 10);
  await chmod(path, 0o640);
  const order = orderFor('a.mov', expected, { mode: 0o640 });
  b.carrier.receive({ kind: 'copy', order });
  b.carrier.receive({ kind: 'publish', order: publishFor(order, await b.next('copied')) });
  await b.next('published');
  const [here, there] = [await lstat(path), await lstat(join(b.destination, 'a.mov'))];
  assert.is(there.mode & 0o777, 0o640);
  assert.ok(Math.abs(here.mtimeMs - there.mtimeMs) < 1);
  await b.end();
});

test('copy: progress counts to the whole, in bytes that are synced', async () => {
  const b = await bench();
  const order = orderFor('a.mov', await make(join(b.source, 'a.mov'), 20 * chunk + 1));
  b.carrier.receive({ kind: 'copy', order });
  await b.next('copied');
  const synced = b.reported.flatMap((m) => (m.kind === 'copy_reported' && m.report.kind === 'progress' ? [m.report.syncedBytes] : []));
  assert.is(synced.at(-1), 20 * chunk + 1);
  assert.equal(
    synced,
    [...synced].sort((x, y) => x - y),
  );
  await b.end();
});

test.run();
