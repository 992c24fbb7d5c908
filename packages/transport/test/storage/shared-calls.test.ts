import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Storage, shareCalls } from '../../src/storage/storage.ts';
import type { Clock } from '../../src/waiting.ts';

/** A storage whose syncs end when the test says so. */
function makeSyncs(): { readonly syncFolder: (path: string) => Promise<void>; readonly begun: PromiseWithResolvers<void>[]; now: number } {
  const begun: PromiseWithResolvers<void>[] = [];
  const made = { now: 0, begun, syncFolder: (_path: string): Promise<void> => Promise.resolve() };
  const storage = {
    syncFolder: () => {
      const call = Promise.withResolvers<void>();
      begun.push(call);
      return call.promise;
    },
  } as unknown as Storage;
  const { storage: shared } = shareCalls(storage, async () => null, { now: () => made.now } as Clock);
  made.syncFolder = async (path) => await shared.syncFolder(path);
  return made;
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('shareCalls: callers during a sync share the next one', async () => {
  const syncs = makeSyncs();
  const over: number[] = [];
  const ask = (number: number): Promise<void> => syncs.syncFolder('day').then(() => void over.push(number));
  const all = [ask(1), ask(2), ask(3)];
  assert.is(syncs.begun.length, 1);
  syncs.begun[0]?.resolve();
  await turn();
  assert.equal([over, syncs.begun.length], [[1], 2], 'a sync that had begun does not cover what came after');
  all.push(ask(4));
  syncs.begun[1]?.resolve();
  await turn();
  assert.equal([over, syncs.begun.length], [[1, 2, 3], 3]);
  syncs.begun[2]?.resolve();
  await Promise.all(all);
  assert.equal(over, [1, 2, 3, 4]);
  const again = ask(5);
  assert.is(syncs.begun.length, 4);
  syncs.begun[3]?.resolve();
  await again;
});

test('shareCalls: a failure is thrown to all who asked before it was known, and to no later caller', async () => {
  const syncs = makeSyncs();
  const said = async (asked: Promise<void>): Promise<string> =>
    asked.then(
      () => 'synced',
      (error: Error) => error.message,
    );
  const all = [said(syncs.syncFolder('day')), said(syncs.syncFolder('day')), said(syncs.syncFolder('day'))];
  syncs.begun[0]?.reject(new Error('EIO'));
  assert.equal(await Promise.all(all), ['EIO', 'EIO', 'EIO']);
  const later = said(syncs.syncFolder('day'));
  syncs.begun[1]?.resolve();
  assert.is(await later, 'synced');
});

test('shareCalls: two folders are synced at the same time, and one that hangs does not delay later callers', async () => {
  const syncs = makeSyncs();
  void syncs.syncFolder('a');
  void syncs.syncFolder('b');
  assert.is(syncs.begun.length, 2);
  syncs.now = 1_001;
  const late = syncs.syncFolder('a');
  assert.is(syncs.begun.length, 3);
  syncs.begun[2]?.resolve();
  await late;
});

test.run();
