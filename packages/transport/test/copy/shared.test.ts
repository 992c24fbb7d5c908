// real: it writes to a file while it is copied
import { mkdtemp, open, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Storage } from '../../src/storage/storage.ts';
import { type CarrierFixture, carrierFixture, chunk, ids, orderFor, publishFor } from '../support/carrier-fixture.ts';
import { fastFolder } from '../support/fast-folder.ts';
import { errno, interposed } from '../support/faults.ts';
import { bytesOf, isSame, make } from '../support/files.ts';
import { makeWindows, type Windows } from '../support/windows.ts';

interface Context {
  readonly source: string;
  readonly windows: Windows;
  readonly carriers: CarrierFixture[];
  /** Reads of the source, of all carriers. */
  reads: number;
}

const test = suite<Context>('a source that several carriers read');

const chunks = 24;
const limits = { shareFromBytes: chunk, windowPieces: 32, windowReaders: 4 };

test.before.each(async (context) => {
  Object.assign(context, { source: await mkdtemp(join(fastFolder(), 'sluice-shared-')), windows: makeWindows(3), carriers: [], reads: 0 });
});
test.after.each(async ({ carriers, windows, source }) => {
  for (const each of carriers) await each.end();
  windows.remove();
  await rm(source, { recursive: true });
});

/** @param onRead before each read of the source @param wrapDestination what the destination is like */
async function startCarrier(
  context: Context,
  onRead: () => Promise<void> | void = () => undefined,
  wrapDestination: (storage: Storage) => Storage = (storage) => storage,
): Promise<CarrierFixture> {
  const wrapSource = (storage: Storage): Storage =>
    interposed(storage, async (verb) => {
      if (verb !== 'read') return;
      context.reads += 1;
      await onRead();
    });
  const sharedWith = { source: context.source, windows: context.windows.seat(context.carriers.length) };
  const carrier = await carrierFixture({ limits, sharedWith, wrapSource, wrapDestination, isOwnDisk: false });
  context.carriers.push(carrier);
  return carrier;
}

/** To the published file. */
async function copy({ carrier, next }: CarrierFixture, order: ReturnType<typeof orderFor>): Promise<void> {
  carrier.receive({ kind: 'copy', order });
  const copied = await next('copied');
  carrier.receive({ kind: 'read_back', ...ids });
  await next('verified');
  carrier.receive({ kind: 'publish', order: publishFor(order, copied) });
  await next('published');
}

test('each chunk is read once, however many copies are made', async (context) => {
  const order = orderFor('a.mxf', await make(join(context.source, 'a.mxf'), chunks * chunk));
  const carriers = [await startCarrier(context), await startCarrier(context), await startCarrier(context)];
  await Promise.all(carriers.map((each) => copy(each, order)));
  for (const { destination } of carriers) assert.ok(await isSame(join(context.source, 'a.mxf'), join(destination, 'a.mxf')));
  // Each copy also reads the end of the file, bypassing the cache.
  assert.ok(context.reads <= chunks + 2 * carriers.length, `${context.reads} reads of ${chunks} chunks`);
});

test('a destination that fails in the middle fails only its own copy', async (context) => {
  const order = orderFor('a.mxf', await make(join(context.source, 'a.mxf'), chunks * chunk));
  let written = 0;
  const failing = (storage: Storage): Storage =>
    interposed(storage, (verb) => {
      if (verb === 'write') written += 1;
      if (written > chunks / 2) throw errno('EIO');
    });
  const [good, bad] = [await startCarrier(context), await startCarrier(context, undefined, failing)];
  bad.carrier.receive({ kind: 'copy', order });
  const [failed] = await Promise.all([bad.next('failed'), copy(good, order)]);
  assert.equal([failed.fault.side, failed.fault.code], ['destination', 'EIO']);
  assert.ok(await isSame(join(context.source, 'a.mxf'), join(good.destination, 'a.mxf')));
});

test('a destination that hangs delays only its own copy', async (context) => {
  const order = orderFor('a.mxf', await make(join(context.source, 'a.mxf'), chunks * chunk));
  let written = 0;
  const hanging = (storage: Storage): Storage =>
    interposed(storage, async (verb) => {
      if (verb === 'write') written += 1;
      if (written > chunks / 2) await new Promise(() => undefined);
    });
  const [good, bad] = [await startCarrier(context), await startCarrier(context, undefined, hanging)];
  bad.carrier.receive({ kind: 'copy', order });
  await copy(good, order);
  assert.ok(await isSame(join(context.source, 'a.mxf'), join(good.destination, 'a.mxf')));
});

test('if a carrier ends in the middle of a read, the other one reads alone', async (context) => {
  const order = orderFor('a.mxf', await make(join(context.source, 'a.mxf'), chunks * chunk));
  let ownReads = 0;
  const ending: CarrierFixture = await startCarrier(context, async () => {
    ownReads += 1;
    if (ownReads !== 5) return;
    ending.carrier.end();
    await new Promise(() => undefined);
  });
  const good = await startCarrier(context);
  ending.carrier.receive({ kind: 'copy', order });
  await copy(good, order);
  assert.ok(await isSame(join(context.source, 'a.mxf'), join(good.destination, 'a.mxf')));
});

test('if a source is written in place meanwhile and its times are restored, no copy is a mixture', async (context) => {
  const path = join(context.source, 'a.mxf');
  const order = orderFor('a.mxf', await make(path, chunks * chunk));
  let isChanged = false;
  const change = async (): Promise<void> => {
    if (isChanged || context.reads < chunks / 2) return;
    isChanged = true;
    const { atime, mtime } = await stat(path);
    const file = await open(path, 'r+');
    await file.write(bytesOf(chunk, 99), 0, chunk, 0);
    await file.close();
    await utimes(path, atime, mtime);
  };
  const carriers = [await startCarrier(context, change), await startCarrier(context, change)];
  await Promise.all(carriers.map((each) => copy(each, order)));
  assert.ok(isChanged);
  for (const { destination } of carriers) assert.ok(await isSame(path, join(destination, 'a.mxf')));
});

test.run();
