// real: waits for stalls, and withdraws in the middle of a copy that is slowed down
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Storage } from '../../src/storage/storage.ts';
import { bench, chunk, ids, orderFor } from '../support/bench-of-one.ts';
import { forever, interposed } from '../support/faults.ts';
import { isSame, make } from '../support/files.ts';

const size = 3 * chunk + 100;
const part = '.a.mov.01234567.part';

test('copy: an uncached read that goes on behind the size shows that the source grew', async () => {
  let isStale = true;
  const wrapSource = (storage: Storage): Storage => {
    const stale = async <F extends { sizeBytes: number }>(facts: Promise<F>): Promise<F> =>
      isStale ? { ...(await facts), sizeBytes: chunk, mtimeNs: '1' } : await facts;
    return {
      ...storage,
      stat: (path) => stale(storage.stat(path)),
      open: async (path, how) => {
        const file = await storage.open(path, how);
        if (how === 'read_direct') setTimeout(() => (isStale = false), 20);
        return { ...file, facts: () => stale(file.facts()) };
      },
    };
  };
  const b = await bench({ wrapSource });
  await make(join(b.source, 'a.mov'), size);
  b.carrier.receive({ kind: 'copy', order: orderFor('a.mov', { sizeBytes: chunk, mtimeNs: '1' }) });
  await b.next('source_grew');
  assert.is((await b.next('copied')).fingerprint.sizeBytes, size);
  assert.ok(await isSame(join(b.source, 'a.mov'), join(b.destination, part)));
  await b.end();
});

test('withdraw: the part is removed; a visible copy is left and reported', async () => {
  for (const isVisible of [false, true]) {
    const b = await bench({ limits: { syncMs: 50 }, route: { maxRateBytesPerSecond: 200_000 } });
    const expected = await make(join(b.source, 'a.mov'), 50 * chunk);
    b.carrier.receive({ kind: 'copy', order: orderFor('a.mov', expected, isVisible ? { part: null, growing: true } : {}) });
    await b.next('progress');
    b.carrier.receive({ kind: 'withdraw', ...ids });
    assert.is((await b.next('withdrawn')).left, isVisible);
    assert.equal(await readdir(b.destination), isVisible ? ['a.mov'] : []);
    await b.end();
  }
});

test('withdraw: a create that is answered late leaves nothing', async () => {
  let answer = (): void => undefined;
  const late = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const wrapDestination = (storage: Storage): Storage => interposed(storage, (verb) => (verb === 'create' ? late : undefined));
  const b = await bench({ wrapDestination });
  b.carrier.receive({ kind: 'copy', order: orderFor('a.mov', await make(join(b.source, 'a.mov'), size)) });
  await b.next('stalled');
  b.carrier.receive({ kind: 'withdraw', ...ids });
  await b.next('stalled');
  answer();
  assert.is((await b.next('withdrawn')).left, false);
  assert.equal(await readdir(b.destination), []);
  await b.end();
});

test('watch: a lane that hangs is reported as stalled and given up in silence, and holds up no other', async () => {
  const b = await bench({
    wrapDestination: (storage) => interposed(storage, (verb, path) => (verb === 'write' && path.includes('hung') ? forever() : undefined)),
  });
  const hung = { ...orderFor('hung.mov', await make(join(b.source, 'hung.mov'), size)), copyId: 'hung' as typeof ids.copyId };
  b.carrier.receive({ kind: 'copy', order: hung });
  const stalled = await b.next('stalled');
  assert.equal([stalled.side, stalled.operation], ['destination', 'write .hung.mov.01234567.part']);
  assert.ok(stalled.sinceMs >= 100);
  assert.is(b.carrier.activity()?.operation, stalled.operation);
  b.carrier.receive({ kind: 'give_up', route: ids.route, fileId: ids.fileId, copyId: hung.copyId, isHung: true });
  const before = b.reported.length;
  b.carrier.receive({ kind: 'copy', order: orderFor('a.mov', await make(join(b.source, 'a.mov'), size)) });
  await b.next('copied');
  assert.ok(await isSame(join(b.source, 'a.mov'), join(b.destination, part)));
  assert.ok(b.reported.slice(before).every((message) => message.kind !== 'copy_reported' || message.copyId !== hung.copyId));
  await b.end();
});

test('watch: a silent source is reported as stalled on the side of the source', async () => {
  const b = await bench({ wrapSource: (storage) => interposed(storage, (verb) => (verb === 'read' ? forever() : undefined)) });
  b.carrier.receive({ kind: 'copy', order: orderFor('a.mov', await make(join(b.source, 'a.mov'), size)) });
  assert.is((await b.next('stalled')).side, 'source');
  await b.end();
});

test.run();
