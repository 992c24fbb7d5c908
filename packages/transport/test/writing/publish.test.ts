import { link, readdir, readFile, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CopyOrder, CopyReport } from '@sluice/core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Bench, type BenchOptions, bench, chunk, ids, orderFor, publishFor } from '../support/bench-of-one.ts';
import { failing, interposed } from '../support/faults.ts';
import { bytesOf, isSame, make } from '../support/files.ts';

const size = 2 * chunk + 100;
const part = '.a.mov.01234567.part';

interface Copied {
  readonly b: Bench;
  readonly order: CopyOrder;
  readonly copied: Extract<CopyReport, { kind: 'copied' }>;
}

async function copied(options: BenchOptions = {}, more: Partial<CopyOrder> = {}): Promise<Copied> {
  const b = await bench(options);
  const order = orderFor('a.mov', await make(join(b.source, 'a.mov'), size), more);
  b.carrier.receive({ kind: 'copy', order });
  return { b, order, copied: await b.next('copied') };
}

async function assertOnlyFinal(b: Bench): Promise<void> {
  assert.equal(await readdir(b.destination), ['a.mov']);
  assert.ok(await isSame(join(b.source, 'a.mov'), join(b.destination, 'a.mov')));
}

test('publish: a name that is taken by other bytes is left as it is', async () => {
  const { b, order, copied: reported } = await copied();
  await writeFile(join(b.destination, 'a.mov'), 'theirs');
  b.carrier.receive({ kind: 'publish', order: publishFor(order, reported) });
  await b.next('name_taken');
  assert.is(await readFile(join(b.destination, 'a.mov'), 'utf8'), 'theirs');
  b.carrier.receive({ kind: 'publish', order: publishFor(order, reported, { destination: 'a_1.mov' }) });
  await b.next('published');
  assert.equal((await readdir(b.destination)).sort(), ['a.mov', 'a_1.mov']);
  await b.end();
});

test('publish: refused links lead to a claim that is renamed over', async () => {
  const { b, order, copied: reported } = await copied({ wrapDestination: failing('link', 'EPERM') });
  b.carrier.receive({ kind: 'publish', order: publishFor(order, reported) });
  assert.is((await b.next('link_refused')).code, 'EPERM');
  b.carrier.receive({ kind: 'publish', order: publishFor(order, reported, { claim: { claimed: null } }) });
  const { identity } = await b.next('claimed');
  assert.is((await readFile(join(b.destination, 'a.mov'))).length, 0);
  b.carrier.receive({ kind: 'publish', order: publishFor(order, reported, { claim: { claimed: identity } }) });
  await b.next('published');
  await assertOnlyFinal(b);
  // Asked again, as after a crash before the outcome was journaled.
  b.carrier.receive({ kind: 'publish', order: publishFor(order, reported, { claim: { claimed: identity } }) });
  await b.next('published');
  await assertOnlyFinal(b);
  await b.end();
});

test('publish: a claim on a taken name is none', async () => {
  const { b, order, copied: reported } = await copied();
  await writeFile(join(b.destination, 'a.mov'), '');
  b.carrier.receive({ kind: 'publish', order: publishFor(order, reported, { claim: { claimed: null } }) });
  await b.next('name_taken');
  await b.end();
});

test('publish: a claim on a name that holds these very bytes needs no second name', async () => {
  const { b, order, copied: reported } = await copied();
  await writeFile(join(b.destination, 'a.mov'), await readFile(join(b.source, 'a.mov')));
  b.carrier.receive({ kind: 'publish', order: publishFor(order, reported, { claim: { claimed: null } }) });
  await b.next('published');
  await assertOnlyFinal(b);
  await b.end();
});

for (const [what, change] of [
  ['written to', (path: string) => writeFile(path, 'theirs')],
  ['replaced', async (path: string) => (await writeFile(`${path}.n`, ''), await rename(`${path}.n`, path))],
  ['removed', (path: string) => unlink(path)],
] as const) {
  test(`publish: a claim that was ${what} is not renamed over`, async () => {
    const { b, order, copied: reported } = await copied();
    b.carrier.receive({ kind: 'publish', order: publishFor(order, reported, { claim: { claimed: null } }) });
    const { identity } = await b.next('claimed');
    await change(join(b.destination, 'a.mov'));
    b.carrier.receive({ kind: 'publish', order: publishFor(order, reported, { claim: { claimed: identity } }) });
    await b.next('name_taken');
    assert.ok((await readdir(b.destination)).includes(part));
    await b.end();
  });
}

test('publish: after a crash between link and unlink a new process finishes it', async () => {
  const { b, order, copied: reported } = await copied();
  await link(join(b.destination, part), join(b.destination, 'a.mov'));
  const next = await bench({ after: b });
  next.carrier.receive({ kind: 'publish', order: publishFor(order, reported) });
  await next.next('published');
  await assertOnlyFinal(b);
  await next.end();
  await b.end();
});

test('publish: after a crash behind the unlink a new process finds its bytes there', async () => {
  const { b, order, copied: reported } = await copied();
  await rename(join(b.destination, part), join(b.destination, 'a.mov'));
  const next = await bench({ after: b });
  next.carrier.receive({ kind: 'publish', order: publishFor(order, reported) });
  await next.next('published');
  await assertOnlyFinal(b);
  await next.end();
  await b.end();
});

test('publish: where a link bears an inode of its own, its bytes say that it is ours', async () => {
  const { b, order, copied: reported } = await copied();
  await writeFile(join(b.destination, 'a.mov'), bytesOf(size));
  b.carrier.receive({ kind: 'publish', order: publishFor(order, reported) });
  await b.next('published');
  await assertOnlyFinal(b);
  await b.end();
});

test('publish: a part that is gone, with nothing under the name, is LOST', async () => {
  const { b, order, copied: reported } = await copied();
  await rm(join(b.destination, part));
  b.carrier.receive({ kind: 'publish', order: publishFor(order, reported) });
  assert.is((await b.next('failed')).fault.code, 'LOST');
  await b.end();
});

test('publish: a new process proves the part before it gives it the name', async () => {
  const { b, order, copied: reported } = await copied();
  await writeFile(join(b.destination, part), bytesOf(size, 2));
  const next = await bench({ after: b });
  next.carrier.receive({ kind: 'publish', order: publishFor(order, reported) });
  assert.is((await next.next('failed')).fault.code, 'MISMATCH');
  assert.equal(await readdir(b.destination), [part]);
  await next.end();
  await b.end();
});

test('publish: refused times and mode are notes', async () => {
  const wrapDestination: BenchOptions['wrapDestination'] = (storage) => failing('setMode', 'EACCES')(failing('setTimes', 'EPERM')(storage));
  const { b, order, copied: told } = await copied({ wrapDestination });
  b.carrier.receive({ kind: 'publish', order: publishFor(order, told) });
  assert.equal((await b.next('published')).notes, [
    { kind: 'times_not_set', code: 'EPERM' },
    { kind: 'mode_not_set', code: 'EACCES' },
  ]);
  await assertOnlyFinal(b);
  await b.end();
});

test('publish: a visible copy that somebody replaced is LOST, by its inode and by its bytes', async () => {
  for (const isNewProcess of [false, true]) {
    const { b, order, copied: reported } = await copied({}, { part: null });
    await writeFile(join(b.destination, 'n'), bytesOf(size, 2));
    await rename(join(b.destination, 'n'), join(b.destination, 'a.mov'));
    const by = isNewProcess ? await bench({ after: b }) : b;
    by.carrier.receive({ kind: 'publish', order: publishFor(order, reported) });
    assert.is((await by.next('failed')).fault.code, 'LOST');
    await by.end();
    await b.end();
  }
});

test('publish: a visible copy keeps its name', async () => {
  for (const isNewProcess of [false, true]) {
    const { b, order, copied: reported } = await copied({}, { part: null });
    const by = isNewProcess ? await bench({ after: b }) : b;
    by.carrier.receive({ kind: 'publish', order: publishFor(order, reported) });
    await by.next('published');
    await assertOnlyFinal(b);
    await by.end();
    await b.end();
  }
});

test('publish: at no moment does the final name bear anything but the whole file', async () => {
  let b: Bench | null = null;
  let looks = 0;
  const look = async (): Promise<void> => {
    const there = b === null ? null : await readFile(join(b.destination, 'a.mov')).catch(() => null);
    if (there !== null) assert.ok(there.equals(bytesOf(size)));
    looks += 1;
  };
  b = await bench({ wrapDestination: (storage) => interposed(storage, look) });
  const order = orderFor('a.mov', await make(join(b.source, 'a.mov'), size));
  b.carrier.receive({ kind: 'copy', order });
  const reported = await b.next('copied');
  b.carrier.receive({ kind: 'read_back', ...ids });
  await b.next('verified');
  b.carrier.receive({ kind: 'publish', order: publishFor(order, reported) });
  await b.next('published');
  assert.ok(looks > 10);
  await b.end();
});

test.run();
