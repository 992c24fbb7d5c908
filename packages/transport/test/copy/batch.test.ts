import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type CopyOrder, type CopyReport, copyId, fileId } from '@sluice/core/model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { CarrierMessage } from '../../src/carrier/messages.ts';
import type { OpenFile, Storage } from '../../src/storage/storage.ts';
import { type CarrierFixture, carrierFixture, orderFor, publishFor } from '../support/carrier-fixture.ts';
import { errno, withCalls } from '../support/faults.ts';
import { isSame, make } from '../support/files.ts';

const files = 200;
const sizeBytes = 16_384;
const names = Array.from({ length: files }, (_, number) => `d${number % 4}/f${number}.dat`);

/** One name gets another storage than the others. Nothing waits: the calls of all stay as prompt as they are. */
function only(name: string, how: 'create' | 'read_direct', wrap: (file: OpenFile) => OpenFile): (storage: Storage) => Storage {
  return (storage) => ({
    ...storage,
    open: (path, asked) => {
      const file = storage.open(path, asked);
      const isIt = path.includes(name) && (typeof asked === 'object' ? 'create' : asked) === how;
      return isIt && !(file instanceof Promise) ? wrap(file) : file;
    },
  });
}

const fails = (code: string) => (): never => {
  throw errno(code);
};

const wrapDestination = (storage: Storage): Storage =>
  [
    only('f10.dat', 'create', fails('EIO')),
    only('f21.dat', 'create', (file) => withCalls(file, { write: fails('ENOSPC') })),
    only('f32.dat', 'create', (file) => withCalls(file, { sync: fails('EIO') })),
    only('f43.dat', 'read_direct', (file) => withCalls(file, { read: (into) => into.fill(7).length && sizeBytes })),
  ].reduce((wrapped, wrap) => wrap(wrapped), storage);

interface Batch {
  readonly orders: readonly CopyOrder[];
  /** How each copy ended. */
  readonly ends: Map<string, CopyReport>;
}

/** Does with every file what the agent does, all of them at once. */
async function copyAll(fixture: CarrierFixture, before: (kind: string, name: string) => Promise<void> | void): Promise<Batch> {
  await Promise.all([0, 1, 2, 3].map((number) => mkdir(join(fixture.source, `d${number}`))));
  const orders = await Promise.all(
    names.map(async (name, number) => {
      const id = String(number).padStart(8, '0');
      const made = orderFor(name, await make(join(fixture.source, name), sizeBytes, number));
      const ids = { fileId: fileId(`${id}-0000-4000-8000-000000000001`), copyId: copyId(`${id}-0000-4000-8000-000000000002`) };
      return { ...made, ...ids, part: String(made.part).replace('01234567', id) };
    }),
  );
  const byCopy = new Map<string, CopyOrder>(orders.map((order) => [order.copyId, order]));
  const ends = new Map<string, CopyReport>();
  const answer = (order: CopyOrder, report: CopyReport): void => {
    const { route, fileId, copyId } = order;
    if (report.kind === 'preflight') fixture.carrier.receive({ kind: 'copy', order });
    if (report.kind === 'copied') copied.set(order.source, report);
    if (report.kind === 'copied' && report.readsBack !== true) fixture.carrier.receive({ kind: 'read_back', route, fileId, copyId });
    const known = copied.get(order.source);
    if (report.kind === 'verified' && known !== undefined)
      fixture.carrier.receive({ kind: 'publish', order: { ...publishFor(order, known), fileId, copyId } });
    if (!['published', 'failed', 'name_taken'].includes(report.kind)) return;
    ends.set(order.source, report);
    fixture.carrier.receive({ kind: 'forget', route, copyId });
  };
  const copied = new Map<string, Extract<CopyReport, { kind: 'copied' }>>();
  for (const order of orders) fixture.carrier.receive({ kind: 'preflight', order });
  for (let read = 0, turns = 0; ends.size < files && turns < 20_000; turns += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    for (; read < fixture.reported.length; read += 1) {
      const message = fixture.reported[read] as Extract<CarrierMessage, { kind: 'copy_reported' }>;
      const order = byCopy.get(message.copyId);
      if (order === undefined) continue;
      await before(message.report.kind, order.source);
      answer(order, message.report);
    }
  }
  return { orders, ends };
}

test('a batch of small files: a failure of one file ends only that one', async () => {
  const fixture = await carrierFixture({ wrapDestination, limits: { readBackAtOnceBytes: sizeBytes } });
  const { ends } = await copyAll(fixture, async (kind, name) => {
    // Somebody takes a final name, and a temporary file goes, before it is published.
    if (kind === 'verified' && name === 'd2/f54.dat') await make(join(fixture.destination, name), 9);
    if (kind === 'verified' && name === 'd1/f65.dat') await rm(join(fixture.destination, 'd1/.f65.dat.00000065.part'));
  });
  const unusual = [...ends].filter(([, { kind }]) => kind !== 'published');
  const codes = unusual.map(([name, report]) => [name, report.kind === 'failed' ? report.fault.code : report.kind] as const);
  assert.equal(Object.fromEntries(codes), {
    'd0/f32.dat': 'EIO',
    'd1/f21.dat': 'ENOSPC',
    'd1/f65.dat': 'LOST',
    'd2/f10.dat': 'EIO',
    'd2/f54.dat': 'name_taken',
    'd3/f43.dat': 'MISMATCH',
  });
  for (const name of names) {
    if (ends.get(name)?.kind !== 'published') continue;
    assert.ok(await isSame(join(fixture.source, name), join(fixture.destination, name)), name);
  }
  assert.is((await readFile(join(fixture.destination, 'd2/f54.dat'))).length, 9, 'what others put there stays as it was');
  const hidden = await Promise.all([0, 1, 2, 3].map(async (number) => await readdir(join(fixture.destination, `d${number}`))));
  const parts = hidden.flat().filter((name) => name.startsWith('.'));
  assert.equal(
    parts.sort(),
    [10, 21, 32, 43, 54].map((number) => `.f${number}.dat.000000${number}.part`),
  );
  await fixture.end();
});

test('a batch of small files: a source that is removed after the preflight is copied, one that is replaced is not', async () => {
  const fixture = await carrierFixture();
  const { ends } = await copyAll(fixture, async (kind, name) => {
    const path = join(fixture.source, name);
    if (kind !== 'preflight') return;
    if (name === 'd0/f100.dat') await rm(path);
    if (name !== 'd1/f101.dat') return;
    await rm(path);
    await make(path, sizeBytes, 999);
  });
  assert.is(ends.get('d0/f100.dat')?.kind, 'published');
  const exchanged = ends.get('d1/f101.dat');
  assert.is(exchanged?.kind === 'failed' ? exchanged.fault.code : exchanged?.kind, 'CHANGED');
  assert.is([...ends.values()].filter(({ kind }) => kind === 'published').length, files - 1);
  await fixture.end();
});

test.run();
