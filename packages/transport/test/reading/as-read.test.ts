// real: waits until change times rest
import { chmod, link, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { CopyNote, Fingerprint } from '@sluice/core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Storage } from '../../src/storage/storage.ts';
import { type Bench, type BenchOptions, bench, chunk, ids, orderFor, publishFor } from '../support/bench-of-one.ts';
import { errno, failing, interposed } from '../support/faults.ts';
import { bytesOf, fingerprint, isSame, make } from '../support/files.ts';

const length = 6 * chunk + 77;
/** Seven chunks, and what proves the end. */
const readsOfOnce = 7 + 2;
const mtime = 1_700_000_000;
const readBack = { kind: 'read_back', ...ids } as const;

interface World {
  b: Bench;
  path: string;
  expected: Fingerprint;
  /** Called after every call on the source. */
  meanwhile: (verb: string) => Promise<void>;
  /** Verbs of the calls on the source. */
  calls: string[];
}
const test = suite<World>('as-read');

test.after.each(({ b }) => b.end());

async function begin(world: World, options: BenchOptions = {}): Promise<void> {
  const calls: string[] = [];
  Object.assign(world, { calls, meanwhile: async () => undefined });
  const watched = (storage: Storage): Storage =>
    interposed(
      storage,
      () => undefined,
      async (verb) => {
        calls.push(verb);
        await world.meanwhile(verb);
      },
    );
  world.b = await bench({ wrapSource: watched, ...options });
  world.path = join(world.b.source, 'a.mov');
  await make(world.path, length);
  await utimes(world.path, mtime, mtime);
  world.expected = await fingerprint(world.path);
}

/** Writes other bytes in place, and sets the time of the last change back to what it was. */
async function rewrite({ path, expected }: World, seed = 9): Promise<void> {
  const file = await open(path, 'r+');
  await file.write(bytesOf(100, seed), 0, 100, 10);
  await file.write(bytesOf(100, seed), 0, 100, length - 100);
  await file.close();
  await utimes(path, mtime, mtime);
  assert.equal(await fingerprint(path), expected, 'nothing shows but the change time');
}

/** Does this once, when the copy has read this many times. */
function whenRead(world: World, times: number, act: () => Promise<void>): void {
  const until = world.calls.filter((verb) => verb === 'read').length + times;
  world.meanwhile = async (verb) => {
    if (verb !== 'read' || world.calls.filter((each) => each === 'read').length !== until) return;
    world.meanwhile = async () => undefined;
    await act();
  };
}

async function publishAll({ b }: World, order: ReturnType<typeof orderFor>): Promise<readonly CopyNote[]> {
  for (;;) {
    const copied = await b.next('copied');
    b.carrier.receive(readBack);
    if ((await b.next('verified', 'source_moved')).kind === 'source_moved') continue;
    b.carrier.receive({ kind: 'publish', order: publishFor(order, copied) });
    return (await b.next('published')).notes;
  }
}

const told = ({ b }: World, kind: string): number =>
  b.told.filter((message) => message.kind === 'copy_reported' && message.report.kind === kind).length;

async function assertSame({ b, path }: World): Promise<void> {
  assert.ok(await isSame(path, join(b.destination, 'a.mov')), 'the destination has the bytes of the source');
}

for (const times of [1, 3, 7]) {
  test(`copy: written in place after ${times} reads, its mtime set back: it is settled again`, async (world) => {
    await begin(world);
    const order = orderFor('a.mov', world.expected);
    whenRead(world, times, () => rewrite(world));
    world.b.carrier.receive({ kind: 'copy', order });
    await publishAll(world, order);
    await assertSame(world);
  });
}

test('copy: written early and late in the middle of it: the mixture is not taken for the source', async (world) => {
  await begin(world);
  const order = orderFor('a.mov', world.expected);
  whenRead(world, 3, () => rewrite(world));
  world.b.carrier.receive({ kind: 'copy', order });
  await world.b.next('source_grew');
  assert.equal(await publishAll(world, order), []);
  await assertSame(world);
});

test('copy: a source that rests is read once', async (world) => {
  await begin(world);
  world.b.carrier.receive({ kind: 'copy', order: orderFor('a.mov', world.expected) });
  await publishAll(world, orderFor('a.mov', world.expected));
  assert.is(world.calls.filter((verb) => verb === 'read').length, readsOfOnce);
});

const innocent: readonly [what: string, act: (path: string) => Promise<void>][] = [
  ['another mode', (path) => chmod(path, 0o600)],
  ['a second name', (path) => link(path, `${path}.link`)],
  [
    'another name and back',
    async (path) => {
      await rename(path, `${path}.away`);
      await rename(`${path}.away`, path);
    },
  ],
  [
    'the same bytes written again',
    async (path) => {
      const file = await open(path, 'r+');
      await file.write(bytesOf(chunk), 0, chunk, 0);
      await file.close();
      await utimes(path, mtime, mtime);
    },
  ],
];
for (const [what, act] of innocent) {
  test(`copy: ${what} meanwhile: read again, and neither failed nor followed`, async (world) => {
    await begin(world);
    const order = orderFor('a.mov', world.expected);
    whenRead(world, 3, () => act(world.path));
    world.b.carrier.receive({ kind: 'copy', order });
    assert.equal(await publishAll(world, order), []);
    assert.equal([told(world, 'source_grew'), told(world, 'source_moved')], [0, 0]);
    assert.is(world.calls.filter((verb) => verb === 'read').length, 2 * readsOfOnce);
    await assertSame(world);
  });
}

for (const growing of [false, true]) {
  test(`read_back: written in place after it was copied (growing: ${growing}): it is followed and settled again`, async (world) => {
    await begin(world);
    const order = orderFor('a.mov', world.expected, { growing });
    world.b.carrier.receive({ kind: 'copy', order });
    await world.b.next('copied');
    await rewrite(world);
    world.b.carrier.receive(readBack);
    await world.b.next('source_moved');
    await publishAll(world, order);
    await assertSame(world);
  });
}

test('follow: written in place while it settles', async (world) => {
  await begin(world);
  const order = orderFor('a.mov', world.expected, { growing: true });
  // All of it, then two chunks of the settling.
  whenRead(world, 7 + 2, () => rewrite(world));
  world.b.carrier.receive({ kind: 'copy', order });
  await publishAll(world, order);
  await assertSame(world);
});

test('publish: written in place while another process reads back: it is told before anything is named', async (world) => {
  await begin(world, { wrapDestination: failing('open_direct', 'EINVAL') });
  const order = orderFor('a.mov', world.expected, { part: '.a.mov.01234567.part' });
  world.b.carrier.receive({ kind: 'copy', order });
  const copied = await world.b.next('copied');
  world.b.carrier.receive(readBack);
  await world.b.next('direct_refused');
  await rewrite(world);
  world.b.carrier.receive({ kind: 'publish', order: publishFor(order, copied) });
  await world.b.next('source_moved');
  assert.equal(await readdir(world.b.destination), ['.a.mov.01234567.part']);
  world.b.carrier.receive({ kind: 'follow_again', ...ids });
  const again = await world.b.next('copied');
  world.b.carrier.receive(readBack);
  await world.b.next('direct_refused');
  world.b.carrier.receive({ kind: 'publish', order: publishFor(order, again) });
  await world.b.next('published');
  await assertSame(world);
});

test('copy: a change time that never rests ends after some readings, with a note', async (world) => {
  await begin(world);
  const order = orderFor('a.mov', world.expected);
  let mode = 0o600;
  // After every read, as an indexer that never stops would.
  world.meanwhile = async (verb) => {
    if (verb === 'read') await chmod(world.path, (mode ^= 0o040));
  };
  world.b.carrier.receive({ kind: 'copy', order });
  assert.equal(await publishAll(world, order), [{ kind: 'change_time_moved', readings: 3 }]);
  await assertSame(world);
});

test('copy: a source that was removed and cannot be read any more is carried all the same, with a note', async (world) => {
  let isGone = false;
  await begin(world, {
    wrapSource: (storage) =>
      interposed(
        storage,
        (verb) => {
          if (isGone && verb === 'read') throw errno('ESTALE');
        },
        async (verb) => {
          if (verb !== 'read' || isGone || (reads += 1) < readsOfOnce) return;
          await rm(join(world.b.source, 'a.mov'));
          isGone = true;
        },
      ),
  });
  let reads = 0;
  const order = orderFor('a.mov', world.expected);
  world.b.carrier.receive({ kind: 'copy', order });
  assert.equal(await publishAll(world, order), [{ kind: 'source_removed' }]);
  assert.is((await stat(join(world.b.destination, 'a.mov'))).size, length);
});

test('compare: written in place meanwhile is CHANGED, another mode is not', async (world) => {
  await begin(world);
  await make(join(world.b.destination, 'a.mov'), length);
  const order = orderFor('a.mov', world.expected, { compare: true });
  whenRead(world, 3, () => chmod(world.path, 0o600));
  world.b.carrier.receive({ kind: 'copy', order });
  await world.b.next('already_there');
  world.b.carrier.receive({ kind: 'forget', route: ids.route, copyId: ids.copyId });
  whenRead(world, 3, () => rewrite(world));
  world.b.carrier.receive({ kind: 'copy', order });
  assert.is((await world.b.next('failed')).fault.code, 'CHANGED');
});

test('hash_source: written in place meanwhile is CHANGED, another mode is not', async (world) => {
  await begin(world);
  const asked = { kind: 'hash_source', ...ids, source: 'a.mov', expected: world.expected } as const;
  whenRead(world, 3, () => chmod(world.path, 0o600));
  world.b.carrier.receive(asked);
  await world.b.next('source_hashed');
  whenRead(world, 3, () => rewrite(world));
  world.b.carrier.receive(asked);
  assert.is((await world.b.next('failed')).fault.code, 'CHANGED');
});

test.run();
