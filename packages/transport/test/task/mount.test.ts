import { readdir, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DestinationMount } from '@sluice/core/model';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type CarrierFixture, type CarrierFixtureOptions, carrierFixture, ids, orderFor } from '../support/carrier-fixture.ts';

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

test('assertRootOnMount: the marker that was probed', async () => {
  assert.is((await copyTo(textOf(ours))).code, null);
});

for (const [what, marker, code] of [
  ['that of another destination', textOf(theirs), 'DIVERTED'],
  ['none', null, 'DIVERTED'],
  ['an empty one', '', 'MARKER_UNCLEAR'],
  ['one that is cut short', textOf(ours).slice(0, -1), 'MARKER_UNCLEAR'],
] as const) {
  test(`assertRootOnMount: ${what} in its place is ${code}, and nothing is made`, async () => {
    assert.equal(await copyTo(marker), { code, there: [] });
  });
}

test('assertRootOnMount: no marker is asked for without a guard', async () => {
  assert.is((await copyTo(null, { route: { guard: 'none' } })).code, null);
});

test.run();
