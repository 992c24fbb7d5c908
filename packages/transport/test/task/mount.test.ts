import { writeFileSync } from 'node:fs';
import { readdir, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DestinationMount } from '@sluice/core/model';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type CarrierFixture, type CarrierFixtureOptions, carrierFixture, ids, orderFor } from '../support/carrier-fixture.ts';
import { interposed } from '../support/faults.ts';

const test = suite('the mount a copy is made on');

const [ours, theirs] = ['e7f0a3b8-0000-4000-8000-00000000feed', 'e7f0a3b8-0000-4000-8000-00000000beef'];
const mount: DestinationMount = { path: '', mountId: null, marker: ours };
const textOf = (marker: string): string => `Sluice knows this folder by this file. Please do not delete it.\n${marker}\n`;

async function copyTo(
  marker: string | null,
  options: CarrierFixtureOptions = {},
): Promise<{ code: string | null; there: readonly string[] }> {
  const one = await carrierFixture(options);
  const path = join(one.destination, '.sluice-destination');
  if (marker !== null) await writeFile(path, marker);
  await writeFile(join(one.source, 'a.bin'), 'bytes');
  const code = await outcomeOf(one);
  if (marker !== null) await unlink(path);
  const there = await readdir(one.destination);
  await one.end();
  return { code, there };
}

/** @returns the code of its failure, or null where it was copied */
async function outcomeOf(one: CarrierFixture): Promise<string | null> {
  const order = orderFor('a.bin', { sizeBytes: 5, mtimeNs: '0' }, { mount });
  one.carrier.receive({ kind: 'preflight', order: order });
  const seen = await one.next('preflight', 'failed');
  if (seen.kind === 'failed') {
    // The copy itself checks again, however long ago the preflight was.
    one.carrier.receive({ kind: 'forget', route: ids.route, copyId: ids.copyId });
    one.carrier.receive({ kind: 'copy', order: orderFor('day1/a.bin', { sizeBytes: 5, mtimeNs: '0' }, { source: 'a.bin', mount }) });
    const failed = await one.next('failed');
    assert.equal([failed.fault.side, failed.fault.code], ['destination', seen.fault.code]);
    return seen.fault.code;
  }
  one.carrier.receive({ kind: 'copy', order: { ...order, expected: seen.preflight.sourceFingerprint } });
  await one.next('copied');
  return null;
}

test('assertRootOnMount: passes with the marker that was probed', async () => {
  assert.is((await copyTo(textOf(ours))).code, null);
});

for (const [what, marker, code] of [
  ['that of another destination', textOf(theirs), 'DIVERTED'],
  ['none', null, 'DIVERTED'],
  ['an empty one', '', 'MARKER_UNCLEAR'],
  ['one that is cut short', textOf(ours).slice(0, -1), 'MARKER_UNCLEAR'],
] as const) {
  test(`assertRootOnMount: ${what} in its place is ${code}, and nothing is created`, async () => {
    assert.equal(await copyTo(marker), { code, there: [] });
  });
}

test('assertRootOnMount: a disk that is mounted while an earlier part is removed gets no file', async () => {
  let path = '';
  const one = await carrierFixture({
    wrapDestination: (storage) => interposed(storage, (called) => void (called === 'unlink' && writeFileSync(path, textOf(theirs)))),
  });
  path = join(one.destination, '.sluice-destination');
  await writeFile(path, textOf(ours));
  await writeFile(join(one.source, 'a.bin'), 'bytes');
  const earlier = '.a.bin.89abcdef.part';
  await writeFile(join(one.destination, earlier), 'half');
  one.carrier.receive({ kind: 'copy', order: orderFor('a.bin', { sizeBytes: 5, mtimeNs: '0' }, { mount, removeFirst: [earlier] }) });
  assert.is((await one.next('failed')).fault.code, 'DIVERTED');
  assert.equal(await readdir(one.destination), ['.sluice-destination']);
  await one.end();
});

test("mark_leftover: on another disk the name is that of another program's file, which keeps it", async () => {
  const one = await carrierFixture();
  await writeFile(join(one.destination, '.sluice-destination'), textOf(theirs));
  await writeFile(join(one.destination, 'a.bin'), 'theirs');
  const mark = { from: 'a.bin', to: 'a.bin.failed-01234567', leastBytes: 3 };
  one.carrier.receive({ kind: 'mark_leftover', route: ids.route, fileId: ids.fileId, mark, mount });
  assert.is((await one.marked()).outcome, 'refused');
  assert.equal((await readdir(one.destination)).sort(), ['.sluice-destination', 'a.bin']);
  await one.end();
});

for (const [what, hasRealInodes, outcome] of [
  ['has real inodes, the file keeps its name', true, 'gone'],
  ['makes up its inodes, nothing is known', false, 'done'],
] as const) {
  test(`mark_leftover: where another file replaced what was left and the storage ${what}`, async () => {
    const one = await carrierFixture({ hasRealInodes });
    await writeFile(join(one.destination, '.sluice-destination'), textOf(ours));
    await writeFile(join(one.destination, 'a.bin'), 'theirs');
    const mark = { from: 'a.bin', to: 'a.bin.failed-01234567', leastBytes: 3, inode: '1' };
    one.carrier.receive({ kind: 'mark_leftover', route: ids.route, fileId: ids.fileId, mark, mount });
    assert.is((await one.marked()).outcome, outcome);
    await one.end();
  });
}

test('assertRootOnMount: without a guard the marker is not compared', async () => {
  assert.is((await copyTo(null, { route: { guard: 'none' } })).code, null);
});

test.run();
