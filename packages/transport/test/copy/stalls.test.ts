// real: waits for stalls, and withdraws in the middle of a copy that is slowed down
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { FileFacts, Storage } from '../../src/storage/storage.ts';
import { carrierFixture, chunk, ids, orderFor } from '../support/carrier-fixture.ts';
import { forever, interposed, withCalls } from '../support/faults.ts';
import { isSame, make } from '../support/files.ts';

const size = 3 * chunk + 100;
const part = '.a.mov.01234567.part';
const stallsSoon = { stallAfterMs: 100 };

test('copy: an uncached read that returns more bytes than the size shows that the source grew', async () => {
  let isStale = true;
  const wrapSource = (storage: Storage): Storage => {
    const stale = (facts: FileFacts): FileFacts => (isStale ? { ...facts, sizeBytes: chunk, mtimeNs: '1' } : facts);
    return {
      ...storage,
      stat: async (path) => {
        const facts = await storage.stat(path);
        return facts === null ? null : stale(facts);
      },
      open: async (path, how) => {
        const file = await storage.open(path, how);
        if (how === 'read_direct') setTimeout(() => (isStale = false), 20);
        return withCalls(file, { facts: async () => stale(await file.facts()) });
      },
    };
  };
  const fixture = await carrierFixture({ isOwnDisk: false, wrapSource });
  await make(join(fixture.source, 'a.mov'), size);
  fixture.carrier.receive({ kind: 'copy', order: orderFor('a.mov', { sizeBytes: chunk, mtimeNs: '1' }) });
  await fixture.next('source_grew');
  assert.is((await fixture.next('copied')).fingerprint.sizeBytes, size);
  assert.ok(await isSame(join(fixture.source, 'a.mov'), join(fixture.destination, part)));
  await fixture.end();
});

test('withdraw: the part is removed; a visible copy is left and reported', async () => {
  for (const isVisible of [false, true]) {
    const fixture = await carrierFixture({ limits: { syncMs: 50 }, route: { maxRateBytesPerSecond: 200_000 } });
    const expected = await make(join(fixture.source, 'a.mov'), 50 * chunk);
    fixture.carrier.receive({ kind: 'copy', order: orderFor('a.mov', expected, isVisible ? { part: null, growing: true } : {}) });
    await fixture.next('progress');
    fixture.carrier.receive({ kind: 'withdraw', ...ids });
    assert.is((await fixture.next('withdrawn')).left, isVisible);
    assert.equal(await readdir(fixture.destination), isVisible ? ['a.mov'] : []);
    await fixture.end();
  }
});

test('withdraw: a create that returns late leaves nothing', async () => {
  let answer = (): void => undefined;
  const late = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const wrapDestination = (storage: Storage): Storage => interposed(storage, (verb) => (verb === 'create' ? late : undefined));
  const fixture = await carrierFixture({ route: stallsSoon, wrapDestination });
  fixture.carrier.receive({ kind: 'copy', order: orderFor('a.mov', await make(join(fixture.source, 'a.mov'), size)) });
  await fixture.next('stalled');
  fixture.carrier.receive({ kind: 'withdraw', ...ids });
  await fixture.next('stalled');
  answer();
  assert.is((await fixture.next('withdrawn')).left, false);
  assert.equal(await readdir(fixture.destination), []);
  await fixture.end();
});

test('watch: a lane that hangs is reported as stalled, reports nothing after it is given up, and delays no other lane', async () => {
  const fixture = await carrierFixture({
    route: stallsSoon,
    wrapDestination: (storage) => interposed(storage, (verb, path) => (verb === 'write' && path.includes('hung') ? forever() : undefined)),
  });
  const hung = { ...orderFor('hung.mov', await make(join(fixture.source, 'hung.mov'), size)), copyId: 'hung' as typeof ids.copyId };
  fixture.carrier.receive({ kind: 'copy', order: hung });
  const stalled = await fixture.next('stalled');
  assert.equal([stalled.side, stalled.operation], ['destination', 'write .hung.mov.01234567.part']);
  assert.ok(stalled.sinceMs >= stallsSoon.stallAfterMs);
  assert.is(fixture.carrier.activity()?.operation, stalled.operation);
  fixture.carrier.receive({ kind: 'give_up', route: ids.route, fileId: ids.fileId, copyId: hung.copyId, isHung: true });
  const before = fixture.reported.length;
  fixture.carrier.receive({ kind: 'copy', order: orderFor('a.mov', await make(join(fixture.source, 'a.mov'), size)) });
  await fixture.next('copied');
  assert.ok(await isSame(join(fixture.source, 'a.mov'), join(fixture.destination, part)));
  assert.ok(fixture.reported.slice(before).every((message) => message.kind !== 'copy_reported' || message.copyId !== hung.copyId));
  await fixture.end();
});

test('watch: a source that does not answer is reported as stalled on the source side', async () => {
  const fixture = await carrierFixture({
    route: stallsSoon,
    wrapSource: (storage) => interposed(storage, (verb) => (verb === 'read' ? forever() : undefined)),
  });
  fixture.carrier.receive({ kind: 'copy', order: orderFor('a.mov', await make(join(fixture.source, 'a.mov'), size)) });
  assert.is((await fixture.next('stalled')).side, 'source');
  await fixture.end();
});

test.run();
