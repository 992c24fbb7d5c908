// real: waits until change times rest
import { chmod, link, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { type CopyNote, copyId, type Fingerprint } from '@sluice/core/model';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Storage } from '../../src/storage/storage.ts';
import {
  type CarrierFixture,
  type CarrierFixtureOptions,
  carrierFixture,
  chunk,
  ids,
  orderFor,
  publishFor,
} from '../support/carrier-fixture.ts';
import { errno, failing, interposed } from '../support/faults.ts';
import { bytesOf, fingerprint, isSame, make } from '../support/files.ts';

const length = 6 * chunk + 77;
/** Seven chunks, and what verifies the end. */
const readsOfOnce = 7 + 2;
const mtime = 1_700_000_000;
const readBack = { kind: 'read_back', ...ids } as const;

interface Context {
  fixture: CarrierFixture;
  path: string;
  expected: Fingerprint;
  /** Called after every call on the source. */
  meanwhile: (verb: string) => Promise<void>;
  /** Verbs of the calls on the source. */
  calls: string[];
}
const test = suite<Context>('as-read');

test.after.each(({ fixture }) => fixture.end());

async function begin(context: Context, options: CarrierFixtureOptions = {}): Promise<void> {
  const calls: string[] = [];
  Object.assign(context, { calls, meanwhile: async () => undefined });
  const watched = (storage: Storage): Storage =>
    interposed(
      storage,
      () => undefined,
      async (verb) => {
        calls.push(verb);
        await context.meanwhile(verb);
      },
    );
  context.fixture = await carrierFixture({ isOwnDisk: false, wrapSource: watched, ...options });
  context.path = join(context.fixture.source, 'a.mov');
  await make(context.path, length);
  await utimes(context.path, mtime, mtime);
  context.expected = await fingerprint(context.path);
}

/** Writes other bytes in place, and sets the time of the last change back to what it was. */
async function rewrite({ path, expected }: Context, seed = 9): Promise<void> {
  const file = await open(path, 'r+');
  await file.write(bytesOf(100, seed), 0, 100, 10);
  await file.write(bytesOf(100, seed), 0, 100, length - 100);
  await file.close();
  await utimes(path, mtime, mtime);
  assert.equal(await fingerprint(path), expected, 'nothing shows but the change time');
}

/** Does this once, when the copy has read this many times. */
function whenRead(context: Context, times: number, act: () => Promise<void>): void {
  const until = context.calls.filter((verb) => verb === 'read').length + times;
  context.meanwhile = async (verb) => {
    if (verb !== 'read' || context.calls.filter((each) => each === 'read').length !== until) return;
    context.meanwhile = async () => undefined;
    await act();
  };
}

async function publishAll({ fixture }: Context, order: ReturnType<typeof orderFor>): Promise<readonly CopyNote[]> {
  for (;;) {
    const copied = await fixture.next('copied');
    fixture.carrier.receive(readBack);
    if ((await fixture.next('verified', 'source_moved')).kind === 'source_moved') continue;
    fixture.carrier.receive({ kind: 'publish', order: publishFor(order, copied) });
    return (await fixture.next('published')).notes;
  }
}

const reported = ({ fixture }: Context, kind: string): number =>
  fixture.reported.filter((message) => message.kind === 'copy_reported' && message.report.kind === kind).length;

async function assertSame({ fixture, path }: Context): Promise<void> {
  assert.ok(await isSame(path, join(fixture.destination, 'a.mov')), 'the destination has the bytes of the source');
}

for (const times of [1, 3, 7]) {
  test(`copy: a source written in place after ${times} reads, with its mtime restored, is settled again`, async (context) => {
    await begin(context);
    const order = orderFor('a.mov', context.expected);
    whenRead(context, times, () => rewrite(context));
    context.fixture.carrier.receive({ kind: 'copy', order });
    await publishAll(context, order);
    await assertSame(context);
  });
}

test('copy: if a source is written twice during the copy, the mixture is not accepted', async (context) => {
  await begin(context);
  const order = orderFor('a.mov', context.expected);
  whenRead(context, 3, () => rewrite(context));
  context.fixture.carrier.receive({ kind: 'copy', order });
  await context.fixture.next('source_grew');
  assert.equal(await publishAll(context, order), []);
  await assertSame(context);
});

test('copy: a source that does not change is read once', async (context) => {
  await begin(context);
  context.fixture.carrier.receive({ kind: 'copy', order: orderFor('a.mov', context.expected) });
  await publishAll(context, orderFor('a.mov', context.expected));
  assert.is(context.calls.filter((verb) => verb === 'read').length, readsOfOnce);
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
  test(`copy: ${what} meanwhile: the source is read again, and the copy neither fails nor follows`, async (context) => {
    await begin(context);
    const order = orderFor('a.mov', context.expected);
    whenRead(context, 3, () => act(context.path));
    context.fixture.carrier.receive({ kind: 'copy', order });
    assert.equal(await publishAll(context, order), []);
    assert.equal([reported(context, 'source_grew'), reported(context, 'source_moved')], [0, 0]);
    assert.is(context.calls.filter((verb) => verb === 'read').length, 2 * readsOfOnce);
    await assertSame(context);
  });
}

for (const growing of [false, true]) {
  test(`read_back: a source written in place after the copy (growing: ${growing}) is followed and settled again`, async (context) => {
    await begin(context);
    const order = orderFor('a.mov', context.expected, { growing });
    context.fixture.carrier.receive({ kind: 'copy', order });
    await context.fixture.next('copied');
    await rewrite(context);
    context.fixture.carrier.receive(readBack);
    await context.fixture.next('source_moved');
    await publishAll(context, order);
    await assertSame(context);
  });
}

test('follow: a source written in place during a settle is settled again', async (context) => {
  await begin(context);
  const order = orderFor('a.mov', context.expected, { growing: true });
  // All of it, then two chunks of the settling.
  whenRead(context, 7 + 2, () => rewrite(context));
  context.fixture.carrier.receive({ kind: 'copy', order });
  await publishAll(context, order);
  await assertSame(context);
});

test('publish: a source written in place while another process reads back is reported before the copy gets its name', async (context) => {
  await begin(context, { wrapDestination: failing('open_direct', 'EINVAL') });
  const order = orderFor('a.mov', context.expected, { part: '.a.mov.01234567.part' });
  context.fixture.carrier.receive({ kind: 'copy', order });
  const copied = await context.fixture.next('copied');
  context.fixture.carrier.receive(readBack);
  await context.fixture.next('direct_refused');
  await rewrite(context);
  context.fixture.carrier.receive({ kind: 'publish', order: publishFor(order, copied) });
  await context.fixture.next('source_moved');
  assert.equal(await readdir(context.fixture.destination), ['.a.mov.01234567.part']);
  context.fixture.carrier.receive({ kind: 'follow_again', ...ids });
  const again = await context.fixture.next('copied');
  context.fixture.carrier.receive(readBack);
  await context.fixture.next('direct_refused');
  context.fixture.carrier.receive({ kind: 'publish', order: publishFor(order, again) });
  await context.fixture.next('published');
  await assertSame(context);
});

test('copy: if the change time keeps changing, the copy ends after `changeReadings` readings, with a note', async (context) => {
  await begin(context);
  const order = orderFor('a.mov', context.expected);
  let mode = 0o600;
  // After every read, as an indexer that never stops would.
  context.meanwhile = async (verb) => {
    if (verb === 'read') await chmod(context.path, (mode ^= 0o040));
  };
  context.fixture.carrier.receive({ kind: 'copy', order });
  assert.equal(await publishAll(context, order), [{ kind: 'change_time_moved', readings: 3 }]);
  await assertSame(context);
});

test('copy: a source that was removed and cannot be read again is copied, with a note', async (context) => {
  let isGone = false;
  await begin(context, {
    wrapSource: (storage) =>
      interposed(
        storage,
        (verb) => {
          if (isGone && verb === 'read') throw errno('ESTALE');
        },
        async (verb) => {
          if (verb !== 'read' || isGone || (reads += 1) < readsOfOnce) return;
          await rm(join(context.fixture.source, 'a.mov'));
          isGone = true;
        },
      ),
  });
  let reads = 0;
  const order = orderFor('a.mov', context.expected);
  context.fixture.carrier.receive({ kind: 'copy', order });
  assert.equal(await publishAll(context, order), [{ kind: 'source_removed' }]);
  assert.is((await stat(join(context.fixture.destination, 'a.mov'))).size, length);
});

test('compare: CHANGED if the source is written in place meanwhile, but not if its mode changes', async (context) => {
  await begin(context);
  await make(join(context.fixture.destination, 'a.mov'), length);
  const order = orderFor('a.mov', context.expected, { compare: true });
  whenRead(context, 3, () => chmod(context.path, 0o600));
  context.fixture.carrier.receive({ kind: 'copy', order });
  await context.fixture.next('already_there');
  context.fixture.carrier.receive({ kind: 'forget', route: ids.route, copyId: ids.copyId });
  whenRead(context, 3, () => rewrite(context));
  context.fixture.carrier.receive({ kind: 'copy', order });
  assert.is((await context.fixture.next('failed')).fault.code, 'CHANGED');
});

test('hash_source: CHANGED if the source is written in place meanwhile, but not if its mode changes', async (context) => {
  await begin(context);
  const asked = { kind: 'hash_source', ...ids, source: 'a.mov', sourceIdentity: null, expected: context.expected } as const;
  whenRead(context, 3, () => chmod(context.path, 0o600));
  context.fixture.carrier.receive(asked);
  await context.fixture.next('source_hashed');
  whenRead(context, 3, () => rewrite(context));
  context.fixture.carrier.receive({ ...asked, copyId: copyId('89abcdef-0000-4000-8000-000000000004') });
  assert.is((await context.fixture.next('failed')).fault.code, 'CHANGED');
});

test.run();
