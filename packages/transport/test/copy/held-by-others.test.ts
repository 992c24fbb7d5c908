import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CopyOrder, CopyReport } from '@sluice/core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Storage } from '../../src/storage/storage.ts';
import { type Bench, bench, chunk, orderFor, publishFor } from '../support/bench-of-one.ts';
import { errno, failing, interposed } from '../support/faults.ts';
import { bytesOf, isSame, make } from '../support/files.ts';
import { foldingCase } from '../support/folding-case.ts';

const size = 2 * chunk + 100;
const patient = { inUseTries: 3, inUsePauseMs: 1 };

interface Copied {
  readonly b: Bench;
  readonly order: CopyOrder;
  readonly reported: Extract<CopyReport, { kind: 'copied' }>;
}

async function copied(b: Bench): Promise<Copied> {
  const order = orderFor('a.mov', await make(join(b.source, 'a.mov'), size));
  b.carrier.receive({ kind: 'copy', order });
  return { b, order, reported: await b.next('copied') };
}

/** What a virus scanner on Windows does, for as long as it has the file open. */
for (const [verb, code] of [
  ['link', 'EBUSY'],
  ['unlink', 'EBUSY'],
  ['unlink', 'EPERM'],
  ['unlink', 'EACCES'],
] as const) {
  test(`patientStorage: ${code} of a ${verb} three times, and the file has its name`, async () => {
    const { b, order, reported } = await copied(await bench({ limits: patient, wrapDestination: failing(verb, code, 3) }));
    b.carrier.receive({ kind: 'publish', order: publishFor(order, reported) });
    await b.next('published');
    assert.equal(await readdir(b.destination), ['a.mov']);
    await b.end();
  });

  test(`patientStorage: ${code} of a ${verb} four times is believed, and so is the first one elsewhere than on Windows`, async () => {
    for (const [limits, times] of [
      [patient, 4],
      [{ ...patient, inUseTries: 0 }, 1],
    ] as const) {
      const { b, order, reported } = await copied(await bench({ limits, wrapDestination: failing(verb, code, times) }));
      b.carrier.receive({ kind: 'publish', order: publishFor(order, reported) });
      assert.is((await b.next('failed')).fault.code, code);
      await b.end();
    }
  });
}

test('patientStorage: a rename over a claim that is held is tried again', async () => {
  const { b, order, reported } = await copied(await bench({ limits: patient, wrapDestination: failing('rename', 'EPERM', 3) }));
  b.carrier.receive({ kind: 'publish', order: publishFor(order, reported, { claim: { claimed: null } }) });
  const { identity } = await b.next('claimed');
  b.carrier.receive({ kind: 'publish', order: publishFor(order, reported, { claim: { claimed: identity } }) });
  await b.next('published');
  assert.ok(await isSame(join(b.source, 'a.mov'), join(b.destination, 'a.mov')));
  await b.end();
});

test('publish: what was written into a claim while its rename was refused is never replaced', async () => {
  const theirs = bytesOf(300, 9);
  let root = '';
  const wrapDestination = (storage: Storage): Storage =>
    interposed(storage, async (verb, path) => {
      if (verb !== 'rename') return;
      await writeFile(join(root, path), theirs);
      throw errno('EBUSY');
    });
  const { b, order, reported } = await copied(await bench({ limits: patient, wrapDestination }));
  root = b.destination;
  b.carrier.receive({ kind: 'publish', order: publishFor(order, reported, { claim: { claimed: null } }) });
  const { identity } = await b.next('claimed');
  b.carrier.receive({ kind: 'publish', order: publishFor(order, reported, { claim: { claimed: identity } }) });
  await b.next('name_taken');
  assert.ok((await readFile(join(b.destination, 'a.mov'))).equals(theirs));
  await b.end();
});

test('patientStorage: a refused link is learned from at once', async () => {
  const { b, order, reported } = await copied(await bench({ limits: patient, wrapDestination: failing('link', 'EPERM', 1) }));
  b.carrier.receive({ kind: 'publish', order: publishFor(order, reported) });
  assert.is((await b.next('link_refused')).code, 'EPERM');
  await b.end();
});

test('publish: a name that differs only in case is taken, where the destination keeps no case apart', async () => {
  const { b, order, reported } = await copied(await bench({ wrapDestination: foldingCase }));
  await writeFile(join(b.destination, 'A.MOV'), bytesOf(size, 2));
  b.carrier.receive({ kind: 'preflight', order });
  assert.is((await b.next('preflight')).preflight.existingSizeBytes, size);
  b.carrier.receive({ kind: 'publish', order: publishFor(order, reported) });
  await b.next('name_taken');
  b.carrier.receive({ kind: 'publish', order: publishFor(order, reported, { claim: { claimed: null } }) });
  await b.next('name_taken');
  assert.ok((await readFile(join(b.destination, 'A.MOV'))).equals(bytesOf(size, 2)));
  b.carrier.receive({ kind: 'publish', order: publishFor(order, reported, { destination: 'a_1.mov' }) });
  await b.next('published');
  assert.equal((await readdir(b.destination)).sort(), ['A.MOV', 'a_1.mov']);
  await b.end();
});

test('copy: a growing copy takes no name that differs only in case', async () => {
  const b = await bench({ wrapDestination: foldingCase });
  await writeFile(join(b.destination, 'A.MOV'), 'theirs');
  const order = orderFor('a.mov', await make(join(b.source, 'a.mov'), size), { growing: true, part: null });
  b.carrier.receive({ kind: 'copy', order });
  await b.next('name_taken');
  assert.is(await readFile(join(b.destination, 'A.MOV'), 'utf8'), 'theirs');
  await b.end();
});

test.run();
