import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CopyOrder, CopyReport } from '@sluice/core/model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Storage } from '../../src/storage/storage.ts';
import { type CarrierFixture, carrierFixture, chunk, orderFor, publishFor } from '../support/carrier-fixture.ts';
import { errno, failing, interposed } from '../support/faults.ts';
import { bytesOf, isSame, make } from '../support/files.ts';
import { foldingCase } from '../support/folding-case.ts';

const size = 2 * chunk + 100;
const patient = { inUseTries: 3 };
const passing = { passingTries: 3 };

interface Copied {
  readonly fixture: CarrierFixture;
  readonly order: CopyOrder;
  readonly reported: Extract<CopyReport, { kind: 'copied' }>;
}

async function copied(fixture: CarrierFixture): Promise<Copied> {
  const order = orderFor('a.mov', await make(join(fixture.source, 'a.mov'), size));
  fixture.carrier.receive({ kind: 'copy', order });
  return { fixture, order, reported: await fixture.next('copied') };
}

/** What a virus scanner on Windows does, for as long as it has the file open. */
for (const [verb, code] of [
  ['unlink', 'EPERM'],
  ['unlink', 'EACCES'],
] as const) {
  test(`patientStorage: ${code} of a ${verb} three times is retried, and the file gets its name`, async () => {
    const { fixture, order, reported } = await copied(await carrierFixture({ limits: patient, wrapDestination: failing(verb, code, 3) }));
    fixture.carrier.receive({ kind: 'publish', order: publishFor(order, reported) });
    await fixture.next('published');
    assert.equal(await readdir(fixture.destination), ['a.mov']);
    await fixture.end();
  });

  test(`patientStorage: ${code} of a ${verb} four times is a failure, and on other systems than Windows the first one is`, async () => {
    for (const [limits, times] of [
      [patient, 4],
      [{ ...patient, inUseTries: 0 }, 1],
    ] as const) {
      const { fixture, order, reported } = await copied(await carrierFixture({ limits, wrapDestination: failing(verb, code, times) }));
      fixture.carrier.receive({ kind: 'publish', order: publishFor(order, reported) });
      // The file has its name, and what stays is swept later.
      assert.equal((await fixture.next('published')).notes, [{ kind: 'part_left', code }]);
      await fixture.end();
    }
  });
}

for (const code of ['EAGAIN', 'EBUSY', 'EINTR'] as const) {
  for (const verb of ['open', 'create', 'stat', 'write', 'sync', 'facts', 'setTimes', 'setMode', 'link', 'unlink'] as const) {
    test(`patientStorage: ${code} of ${verb} passes, and one copy is made under its own name`, async () => {
      const wrapDestination = failing(verb, code, 3);
      const { fixture, order, reported } = await copied(await carrierFixture({ limits: passing, wrapDestination }));
      fixture.carrier.receive({ kind: 'publish', order: publishFor(order, reported) });
      assert.equal((await fixture.next('published')).notes, []);
      assert.equal(await readdir(fixture.destination), ['a.mov']);
      assert.ok(await isSame(join(fixture.source, 'a.mov'), join(fixture.destination, 'a.mov')));
      await fixture.end();
    });
  }
}

test('patientStorage: a transient error that stays is a failure after a bounded number of tries', async () => {
  const fixture = await carrierFixture({ limits: passing, wrapDestination: failing('write', 'EAGAIN', 4) });
  fixture.carrier.receive({ kind: 'copy', order: orderFor('a.mov', await make(join(fixture.source, 'a.mov'), size)) });
  assert.is((await fixture.next('failed')).fault.code, 'EAGAIN');
  await fixture.end();
});

test('patientStorage: a rename over a claim that another program has open is retried', async () => {
  const { fixture, order, reported } = await copied(
    await carrierFixture({ limits: patient, wrapDestination: failing('rename', 'EPERM', 3) }),
  );
  fixture.carrier.receive({ kind: 'publish', order: publishFor(order, reported, { claim: { claimed: null } }) });
  const { identity } = await fixture.next('claimed');
  fixture.carrier.receive({ kind: 'publish', order: publishFor(order, reported, { claim: { claimed: identity } }) });
  await fixture.next('published');
  assert.ok(await isSame(join(fixture.source, 'a.mov'), join(fixture.destination, 'a.mov')));
  await fixture.end();
});

test('publish: a claim that was written to while its rename was refused is never replaced', async () => {
  const theirs = bytesOf(300, 9);
  let root = '';
  const wrapDestination = (storage: Storage): Storage =>
    interposed(storage, async (verb, path) => {
      if (verb !== 'rename') return;
      await writeFile(join(root, path), theirs);
      throw errno('EBUSY');
    });
  const { fixture, order, reported } = await copied(await carrierFixture({ limits: patient, wrapDestination }));
  root = fixture.destination;
  fixture.carrier.receive({ kind: 'publish', order: publishFor(order, reported, { claim: { claimed: null } }) });
  const { identity } = await fixture.next('claimed');
  fixture.carrier.receive({ kind: 'publish', order: publishFor(order, reported, { claim: { claimed: identity } }) });
  await fixture.next('name_taken');
  assert.ok((await readFile(join(fixture.destination, 'a.mov'))).equals(theirs));
  await fixture.end();
});

test('patientStorage: a refused link is not retried', async () => {
  const { fixture, order, reported } = await copied(
    await carrierFixture({ limits: patient, wrapDestination: failing('link', 'EPERM', 1) }),
  );
  fixture.carrier.receive({ kind: 'publish', order: publishFor(order, reported) });
  assert.is((await fixture.next('link_refused')).code, 'EPERM');
  await fixture.end();
});

test('publish: a name that differs only in case is taken at a case-insensitive destination', async () => {
  const { fixture, order, reported } = await copied(await carrierFixture({ wrapDestination: foldingCase }));
  await writeFile(join(fixture.destination, 'A.MOV'), bytesOf(size, 2));
  fixture.carrier.receive({ kind: 'preflight', order });
  assert.is((await fixture.next('preflight')).preflight.existingSizeBytes, size);
  fixture.carrier.receive({ kind: 'publish', order: publishFor(order, reported) });
  await fixture.next('name_taken');
  fixture.carrier.receive({ kind: 'publish', order: publishFor(order, reported, { claim: { claimed: null } }) });
  await fixture.next('name_taken');
  assert.ok((await readFile(join(fixture.destination, 'A.MOV'))).equals(bytesOf(size, 2)));
  fixture.carrier.receive({ kind: 'publish', order: publishFor(order, reported, { destination: 'a_1.mov' }) });
  await fixture.next('published');
  assert.equal((await readdir(fixture.destination)).sort(), ['A.MOV', 'a_1.mov']);
  await fixture.end();
});

test('copy: a growing copy does not take a name that differs only in case', async () => {
  const fixture = await carrierFixture({ wrapDestination: foldingCase });
  await writeFile(join(fixture.destination, 'A.MOV'), 'theirs');
  const order = orderFor('a.mov', await make(join(fixture.source, 'a.mov'), size), { growing: true, part: null });
  fixture.carrier.receive({ kind: 'copy', order });
  await fixture.next('name_taken');
  assert.is(await readFile(join(fixture.destination, 'A.MOV'), 'utf8'), 'theirs');
  await fixture.end();
});

test.run();
