import { link, readdir, readFile, rename, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CopyOrder, type CopyReport, copyId, type FileIdentity, fileId } from '@sluice/core/model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
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
import { bytesOf, isSame, make } from '../support/files.ts';

const size = 2 * chunk + 100;
const part = '.a.mov.01234567.part';
/** Of a second copy through the same carrier. */
const otherIds = { fileId: fileId('01234567-0000-4000-8000-000000000003'), copyId: copyId('89abcdef-0000-4000-8000-000000000004') };

interface Copied {
  readonly fixture: CarrierFixture;
  readonly order: CopyOrder;
  readonly copied: Extract<CopyReport, { kind: 'copied' }>;
}

async function copied(options: CarrierFixtureOptions = {}, more: Partial<CopyOrder> = {}): Promise<Copied> {
  const fixture = await carrierFixture(options);
  const order = orderFor('a.mov', await make(join(fixture.source, 'a.mov'), size), more);
  fixture.carrier.receive({ kind: 'copy', order });
  return { fixture, order, copied: await fixture.next('copied') };
}

async function assertOnlyFinal(fixture: CarrierFixture): Promise<void> {
  assert.equal(await readdir(fixture.destination), ['a.mov']);
  assert.ok(await isSame(join(fixture.source, 'a.mov'), join(fixture.destination, 'a.mov')));
}

test('publish: a file with other bytes under the name is left as it is', async () => {
  const { fixture, order, copied: reported } = await copied();
  await writeFile(join(fixture.destination, 'a.mov'), 'theirs');
  fixture.carrier.receive({ kind: 'publish', order: publishFor(order, reported) });
  await fixture.next('name_taken');
  assert.is(await readFile(join(fixture.destination, 'a.mov'), 'utf8'), 'theirs');
  fixture.carrier.receive({ kind: 'publish', order: publishFor(order, reported, { destination: 'a_1.mov' }) });
  await fixture.next('published');
  assert.equal((await readdir(fixture.destination)).sort(), ['a.mov', 'a_1.mov']);
  await fixture.end();
});

test('publish: if links are refused, the name is claimed and the part renamed over the claim', async () => {
  const { fixture, order, copied: reported } = await copied({ wrapDestination: failing('link', 'EPERM') });
  fixture.carrier.receive({ kind: 'publish', order: publishFor(order, reported) });
  assert.is((await fixture.next('link_refused')).code, 'EPERM');
  fixture.carrier.receive({ kind: 'publish', order: publishFor(order, reported, { claim: { claimed: null } }) });
  const { identity } = await fixture.next('claimed');
  assert.is((await readFile(join(fixture.destination, 'a.mov'))).length, 0);
  fixture.carrier.receive({ kind: 'publish', order: publishFor(order, reported, { claim: { claimed: identity } }) });
  await fixture.next('published');
  await assertOnlyFinal(fixture);
  // Asked again, as after a crash before the outcome was journaled.
  fixture.carrier.receive({ kind: 'publish', order: publishFor(order, reported, { claim: { claimed: identity } }) });
  await fixture.next('published');
  await assertOnlyFinal(fixture);
  await fixture.end();
});

for (const code of ['EIO', 'EINVAL', 'ENOENT', 'ENOSYS', 'UNKNOWN']) {
  test(`publish: a link refused by ${code} leads to a claim while the destination answers`, async () => {
    const { fixture, order, copied: reported } = await copied({ wrapDestination: failing('link', code) });
    fixture.carrier.receive({ kind: 'publish', order: publishFor(order, reported) });
    assert.is((await fixture.next('link_refused')).code, code);
    await fixture.end();
  });
}

test('publish: the claim finds a link that was made although it was answered with an error', async () => {
  const wrapDestination: CarrierFixtureOptions['wrapDestination'] = (storage) =>
    interposed(
      storage,
      () => undefined,
      (called) => {
        if (called === 'link') throw errno('EIO');
      },
    );
  const { fixture, order, copied: reported } = await copied({ wrapDestination });
  fixture.carrier.receive({ kind: 'publish', order: publishFor(order, reported) });
  await fixture.next('link_refused');
  fixture.carrier.receive({ kind: 'publish', order: publishFor(order, reported, { claim: { claimed: null } }) });
  await fixture.next('published');
  await assertOnlyFinal(fixture);
  await fixture.end();
});

test('publish: a link that fails is a failure if the destination does not answer either', async () => {
  let isAway = false;
  const wrapDestination: CarrierFixtureOptions['wrapDestination'] = (storage) =>
    interposed(storage, (called) => {
      isAway ||= called === 'link';
      if (isAway) throw errno('EIO');
    });
  const { fixture, order, copied: reported } = await copied({ wrapDestination });
  fixture.carrier.receive({ kind: 'publish', order: publishFor(order, reported) });
  assert.equal([(await fixture.next('failed')).fault.operation], ['link a.mov']);
  await fixture.end();
});

test('publish: a taken name cannot be claimed', async () => {
  const { fixture, order, copied: reported } = await copied();
  await writeFile(join(fixture.destination, 'a.mov'), '');
  fixture.carrier.receive({ kind: 'publish', order: publishFor(order, reported, { claim: { claimed: null } }) });
  await fixture.next('name_taken');
  await fixture.end();
});

test('publish: a claim whose report was lost is found again, and the copy gets its name', async () => {
  const { fixture, order, copied: reported } = await copied();
  await writeFile(join(fixture.destination, 'a.mov'), '');
  fixture.carrier.receive({ kind: 'publish', order: publishFor(order, reported, { claim: { claimed: null, isAgain: true } }) });
  const { identity } = await fixture.next('claimed');
  fixture.carrier.receive({ kind: 'publish', order: publishFor(order, reported, { claim: { claimed: identity } }) });
  await fixture.next('published');
  await assertOnlyFinal(fixture);
  await fixture.end();
});

test('publish: a claim that is ordered again leaves a file with bytes as it is', async () => {
  const { fixture, order, copied: reported } = await copied();
  await writeFile(join(fixture.destination, 'a.mov'), 'x');
  for (const claimed of [null, { device: '1', inode: '2' }]) {
    fixture.carrier.receive({ kind: 'publish', order: publishFor(order, reported, { claim: { claimed, isAgain: true } }) });
    await fixture.next('name_taken');
  }
  await fixture.end();
});

for (const hasRealInodes of [false, true]) {
  test(`publish: a claim with another inode number after an outage is ${hasRealInodes ? 'another file' : 'the same where numbers are made up'}`, async () => {
    const { fixture, order, copied: reported } = await copied({ hasRealInodes });
    await writeFile(join(fixture.destination, 'a.mov'), '');
    const claim = { claimed: { device: '1', inode: '2' }, isAgain: true } as const;
    fixture.carrier.receive({ kind: 'publish', order: publishFor(order, reported, { claim }) });
    await fixture.next(hasRealInodes ? 'name_taken' : 'published');
    await fixture.end();
  });
}

test('publish: a claim of a name that already has the same bytes ends as published', async () => {
  const { fixture, order, copied: reported } = await copied();
  await writeFile(join(fixture.destination, 'a.mov'), await readFile(join(fixture.source, 'a.mov')));
  fixture.carrier.receive({ kind: 'publish', order: publishFor(order, reported, { claim: { claimed: null } }) });
  await fixture.next('published');
  await assertOnlyFinal(fixture);
  await fixture.end();
});

for (const [what, change] of [
  ['written to', (path: string) => writeFile(path, 'theirs')],
  ['replaced', async (path: string) => (await writeFile(`${path}.n`, ''), await rename(`${path}.n`, path))],
] as const) {
  test(`publish: a claim that was ${what} is not renamed over`, async () => {
    const { fixture, order, copied: reported } = await copied();
    fixture.carrier.receive({ kind: 'publish', order: publishFor(order, reported, { claim: { claimed: null } }) });
    const { identity } = await fixture.next('claimed');
    await change(join(fixture.destination, 'a.mov'));
    fixture.carrier.receive({ kind: 'publish', order: publishFor(order, reported, { claim: { claimed: identity } }) });
    await fixture.next('name_taken');
    assert.ok((await readdir(fixture.destination)).includes(part));
    await fixture.end();
  });
}

test('publish: a claim that was removed is made again', async () => {
  const { fixture, order, copied: reported } = await copied();
  fixture.carrier.receive({ kind: 'publish', order: publishFor(order, reported, { claim: { claimed: null } }) });
  const first = await fixture.next('claimed');
  await unlink(join(fixture.destination, 'a.mov'));
  fixture.carrier.receive({ kind: 'publish', order: publishFor(order, reported, { claim: { claimed: first.identity } }) });
  const { identity } = await fixture.next('claimed');
  fixture.carrier.receive({ kind: 'publish', order: publishFor(order, reported, { claim: { claimed: identity } }) });
  await fixture.next('published');
  await assertOnlyFinal(fixture);
  await fixture.end();
});

test('publish: after a crash between link and unlink a new process finishes it', async () => {
  const { fixture, order, copied: reported } = await copied();
  await link(join(fixture.destination, part), join(fixture.destination, 'a.mov'));
  const next = await carrierFixture({ after: fixture });
  next.carrier.receive({ kind: 'publish', order: publishFor(order, reported) });
  await next.next('published');
  await assertOnlyFinal(fixture);
  await next.end();
  await fixture.end();
});

test('publish: after a crash that follows the unlink, a new process finds the published bytes', async () => {
  const { fixture, order, copied: reported } = await copied();
  await rename(join(fixture.destination, part), join(fixture.destination, 'a.mov'));
  const next = await carrierFixture({ after: fixture });
  next.carrier.receive({ kind: 'publish', order: publishFor(order, reported) });
  await next.next('published');
  await assertOnlyFinal(fixture);
  await next.end();
  await fixture.end();
});

test('publish: if a link has a different inode, its bytes show that it is ours', async () => {
  const { fixture, order, copied: reported } = await copied();
  await writeFile(join(fixture.destination, 'a.mov'), bytesOf(size));
  fixture.carrier.receive({ kind: 'publish', order: publishFor(order, reported) });
  await fixture.next('published');
  await assertOnlyFinal(fixture);
  await fixture.end();
});

test('publish: LOST if the part is gone and the name is free', async () => {
  const { fixture, order, copied: reported } = await copied();
  await rm(join(fixture.destination, part));
  fixture.carrier.receive({ kind: 'publish', order: publishFor(order, reported) });
  assert.is((await fixture.next('failed')).fault.code, 'LOST');
  await fixture.end();
});

test('publish: a new process verifies the part before it gives it the name', async () => {
  const { fixture, order, copied: reported } = await copied();
  await writeFile(join(fixture.destination, part), bytesOf(size, 2));
  const next = await carrierFixture({ after: fixture });
  next.carrier.receive({ kind: 'publish', order: publishFor(order, reported) });
  assert.is((await next.next('failed')).fault.code, 'MISMATCH');
  assert.equal(await readdir(fixture.destination), [part]);
  await next.end();
  await fixture.end();
});

test('publish: LOST if another file has the name of the part, and that file is left as it is', async () => {
  const { fixture, order, copied: reported } = await copied();
  const other = join(fixture.destination, 'other');
  await writeFile(other, bytesOf(size, 2), { mode: 0o640 });
  await rename(other, join(fixture.destination, part));
  fixture.carrier.receive({ kind: 'publish', order: publishFor(order, reported) });
  assert.is((await fixture.next('failed')).fault.code, 'LOST');
  assert.equal(await readdir(fixture.destination), [part]);
  const facts = await stat(join(fixture.destination, part));
  assert.equal([facts.mode & 0o777, facts.size], [0o640, size], 'neither mode nor bytes were touched');
  await fixture.end();
});

for (const [verb, claims] of [
  ['link', false],
  ['rename', true],
] as const) {
  test(`publish: a file that takes the part's name just before the ${verb} does not keep the final name`, async () => {
    let isArmed = true;
    const wrapDestination: CarrierFixtureOptions['wrapDestination'] = (storage) =>
      interposed(storage, async (called) => {
        if (called !== verb || !isArmed) return;
        isArmed = false;
        await writeFile(join(fixture.destination, 'other'), bytesOf(size, 2));
        await rename(join(fixture.destination, 'other'), join(fixture.destination, part));
      });
    const { fixture, order, copied: reported } = await copied({ wrapDestination });
    let claim: { claimed: FileIdentity | null } | null = null;
    if (claims) {
      fixture.carrier.receive({ kind: 'publish', order: publishFor(order, reported, { claim: { claimed: null } }) });
      claim = { claimed: (await fixture.next('claimed')).identity };
    }
    fixture.carrier.receive({ kind: 'publish', order: publishFor(order, reported, { claim }) });
    assert.is((await fixture.next('failed')).fault.code, 'LOST');
    assert.equal(await readdir(fixture.destination), [part], 'what took the name has its own name again');
    await fixture.end();
  });
}

test('publish: a new process publishes only the file that it has verified', async () => {
  const { fixture, order, copied: reported } = await copied();
  let opened = 0;
  const wrapDestination: CarrierFixtureOptions['wrapDestination'] = (storage) =>
    interposed(storage, async (called, path) => {
      if (path !== part || (called !== 'open' && called !== 'open_direct')) return;
      opened += 1;
      // The part is verified now. The file that is opened next, to set times and mode, is another one.
      if (opened !== 3) return;
      await writeFile(join(fixture.destination, 'other'), bytesOf(size, 2));
      await rename(join(fixture.destination, 'other'), join(fixture.destination, part));
    });
  const next = await carrierFixture({ after: fixture, wrapDestination });
  next.carrier.receive({ kind: 'publish', order: publishFor(order, reported) });
  assert.is((await next.next('failed')).fault.code, 'LOST');
  assert.equal(await readdir(fixture.destination), [part]);
  await next.end();
  await fixture.end();
});

test('publish: on storage that makes up inodes for links, bytes are read back once and inodes are not compared afterwards', async () => {
  let hashes = 0;
  const wrapDestination: CarrierFixtureOptions['wrapDestination'] = (storage) => ({
    ...storage,
    stat: async (path) => {
      const facts = await storage.stat(path);
      return facts === null ? null : { ...facts, inode: `${path} at ${hashes}` };
    },
    open: async (path, how) => {
      if (path === 'a.mov' && how === 'read_direct') hashes += 1;
      return await storage.open(path, how);
    },
  });
  const { fixture, order, copied: reported } = await copied({ wrapDestination });
  fixture.carrier.receive({ kind: 'publish', order: publishFor(order, reported) });
  await fixture.next('published');
  assert.is(hashes, 1);
  await assertOnlyFinal(fixture);
  await fixture.end();
});

test('publish: a foreign file with the bytes of a copy does not hide the next exchange', async () => {
  let exchangeWith: Uint8Array | null = null;
  const wrapDestination: CarrierFixtureOptions['wrapDestination'] = (storage) =>
    interposed(storage, async (called) => {
      if (called !== 'link' || exchangeWith === null) return;
      await writeFile(join(fixture.destination, 'other'), exchangeWith);
      await rename(join(fixture.destination, 'other'), join(fixture.destination, part));
    });
  const { fixture, order, copied: reported } = await copied({ wrapDestination, hasRealInodes: true });
  // The same bytes, in a file of the attacker's.
  exchangeWith = bytesOf(size);
  fixture.carrier.receive({ kind: 'publish', order: publishFor(order, reported) });
  await fixture.next('published');
  const again = orderFor('a.mov', order.expected, { ...otherIds, destination: 'b.mov' });
  fixture.carrier.receive({ kind: 'copy', order: again });
  const copiedAgain = await fixture.next('copied');
  exchangeWith = bytesOf(size, 2);
  fixture.carrier.receive({ kind: 'publish', order: publishFor(again, copiedAgain, otherIds) });
  assert.is((await fixture.next('failed')).fault.code, 'LOST');
  assert.equal((await readdir(fixture.destination)).sort(), [part, 'a.mov']);
  await fixture.end();
});

test('publish: a refusal of times or mode becomes a note', async () => {
  const wrapDestination: CarrierFixtureOptions['wrapDestination'] = (storage) =>
    failing('setMode', 'EACCES')(failing('setTimes', 'EPERM')(storage));
  const { fixture, order, copied: reported } = await copied({ wrapDestination });
  fixture.carrier.receive({ kind: 'publish', order: publishFor(order, reported) });
  assert.equal((await fixture.next('published')).notes, [
    { kind: 'times_not_set', code: 'EPERM' },
    { kind: 'mode_not_set', code: 'EACCES' },
  ]);
  await assertOnlyFinal(fixture);
  await fixture.end();
});

test('publish: a visible copy that was replaced is LOST, by its inode and by its bytes', async () => {
  for (const isNewProcess of [false, true]) {
    const { fixture, order, copied: reported } = await copied({}, { part: null });
    await writeFile(join(fixture.destination, 'n'), bytesOf(size, 2));
    await rename(join(fixture.destination, 'n'), join(fixture.destination, 'a.mov'));
    const by = isNewProcess ? await carrierFixture({ after: fixture }) : fixture;
    by.carrier.receive({ kind: 'publish', order: publishFor(order, reported) });
    assert.is((await by.next('failed')).fault.code, 'LOST');
    await by.end();
    await fixture.end();
  }
});

test('publish: a visible copy keeps its name', async () => {
  for (const isNewProcess of [false, true]) {
    const { fixture, order, copied: reported } = await copied({}, { part: null });
    const by = isNewProcess ? await carrierFixture({ after: fixture }) : fixture;
    by.carrier.receive({ kind: 'publish', order: publishFor(order, reported) });
    await by.next('published');
    await assertOnlyFinal(fixture);
    await by.end();
    await fixture.end();
  }
});

test('publish: the final name never shows anything but the complete file', async () => {
  let fixture: CarrierFixture | null = null;
  let looks = 0;
  const look = async (): Promise<void> => {
    const there = fixture === null ? null : await readFile(join(fixture.destination, 'a.mov')).catch(() => null);
    if (there !== null) assert.ok(there.equals(bytesOf(size)));
    looks += 1;
  };
  fixture = await carrierFixture({ wrapDestination: (storage) => interposed(storage, look) });
  const order = orderFor('a.mov', await make(join(fixture.source, 'a.mov'), size));
  fixture.carrier.receive({ kind: 'copy', order });
  const reported = await fixture.next('copied');
  fixture.carrier.receive({ kind: 'read_back', ...ids });
  await fixture.next('verified');
  fixture.carrier.receive({ kind: 'publish', order: publishFor(order, reported) });
  await fixture.next('published');
  assert.ok(looks > 10);
  await fixture.end();
});

test.run();
