// group: storage
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CopyOrder, CopyReport } from '@sluice/core/model';
import { mountIdOfPath } from '@sluice/platform';
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
import { interposed } from '../support/faults.ts';
import { make } from '../support/files.ts';
import { type LoopDisk, makeLoopDisk, whereRoot } from '../support/loop-disk.ts';

const sizeBytes = 20 * chunk + 100;
const megabytes = 8;

interface Stage {
  readonly fixture: CarrierFixture;
  readonly disk: LoopDisk;
  /** Calls `happens` once, just before this call to the destination is made for the given time. */
  before(verb: string, times: number, happens: () => void): void;
  /** Creates a file at the source. @returns an order to copy it to the disk that is mounted now */
  order(name: string, more?: Partial<CopyOrder>): Promise<CopyOrder>;
}

/** Runs a test with a carrier whose destination is a separate disk, mounted over an empty local folder. */
function onDisk(name: string, work: (stage: Stage) => Promise<void>): void {
  whereRoot(name, test, async () => {
    let watch: { readonly verb: string; times: number; readonly happens: () => void } | null = null;
    const wrapDestination: CarrierFixtureOptions['wrapDestination'] = (storage) =>
      interposed(storage, (verb) => {
        if (watch?.verb !== verb || --watch.times > 0) return;
        const { happens } = watch;
        watch = null;
        happens();
      });
    const one = await carrierFixture({ wrapDestination });
    const disk = makeLoopDisk(one.destination);
    try {
      disk.format('a', megabytes);
      disk.mount('a');
      await work({
        fixture: one,
        disk,
        before: (verb, times, happens) => {
          watch = { verb, times, happens };
        },
        order: async (path, more) =>
          orderFor(path, await make(join(one.source, path), sizeBytes), {
            mount: { path: one.destination, mountId: mountIdOfPath(one.destination) },
            ...more,
          }),
      });
      assert.is(watch, null, 'what was to happen did happen');
    } finally {
      disk.remove();
      await one.end();
    }
  });
}

/** Returns the names of all files at any depth. */
function filesIn(folder: string): string[] {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true });
  return found.filter((entry) => entry.isFile()).map((entry) => entry.name);
}

function isPrefixOfSource({ source, destination }: CarrierFixture, name: string, part: string): void {
  const [whole, there] = [readFileSync(join(source, name)), readFileSync(join(destination, part))];
  assert.ok(there.equals(whole.subarray(0, there.length)), 'the bytes at the destination are a prefix of the source');
}

async function failedAtDestination(one: CarrierFixture): Promise<string> {
  const { fault } = await one.next('failed');
  assert.is(fault.side, 'destination', JSON.stringify(fault));
  return fault.code;
}

const isGone = (code: string): void => assert.ok(['LOST', 'DIVERTED', 'ENOENT'].includes(code), code);

for (const [kind, part] of [
  ['into a part', '.a.mov.01234567.part'],
  ['under its visible name', null],
] as const) {
  onDisk(`copy ${kind}: fails if the share is unmounted in the middle, and the local folder below stays empty`, async (stage) => {
    const order = await stage.order('a.mov', { part });
    stage.before('write', 5, stage.disk.unmountLazily);
    stage.fixture.carrier.receive({ kind: 'copy', order });
    isGone(await failedAtDestination(stage.fixture));
    assert.equal(readdirSync(stage.fixture.destination), []);
    stage.disk.mount('a');
    assert.equal(filesIn(stage.fixture.destination), [part ?? 'a.mov']);
    isPrefixOfSource(stage.fixture, 'a.mov', part ?? 'a.mov');
  });

  onDisk(`copy ${kind}: a disk that is mounted in the middle is not written to`, async (stage) => {
    const order = await stage.order('a.mov', { part });
    stage.disk.format('b', megabytes);
    stage.before('write', 5, () => {
      stage.disk.unmountLazily();
      stage.disk.mount('b');
    });
    stage.fixture.carrier.receive({ kind: 'copy', order });
    isGone(await failedAtDestination(stage.fixture));
    assert.equal(readdirSync(stage.fixture.destination), ['lost+found']);
  });

  onDisk(`copy ${kind}: if the share is unmounted just before the create, nothing is created in its place`, async (stage) => {
    const order = await stage.order('a.mov', { part });
    stage.before('create', 1, stage.disk.unmountLazily);
    stage.fixture.carrier.receive({ kind: 'copy', order });
    assert.is(await failedAtDestination(stage.fixture), 'DIVERTED');
    assert.equal(readdirSync(stage.fixture.destination), []);
  });

  onDisk(`copy ${kind}: a disk that is mounted just before the create is left as it was`, async (stage) => {
    const order = await stage.order('a.mov', { part });
    stage.disk.format('b', megabytes);
    // Something holds the first one open: the number of a mount that is gone altogether is given to the next one.
    const lookedAt = openSync(stage.fixture.destination, 'r');
    stage.before('create', 1, () => {
      stage.disk.unmountLazily();
      stage.disk.mount('b');
    });
    stage.fixture.carrier.receive({ kind: 'copy', order });
    assert.is(await failedAtDestination(stage.fixture), 'DIVERTED');
    closeSync(lookedAt);
    assert.equal(readdirSync(stage.fixture.destination), ['lost+found']);
  });
}

onDisk('copy: if the share was unmounted before it began, no folder is created in its place', async (stage) => {
  mkdirSync(join(stage.fixture.source, 'day'));
  const order = await stage.order('day/a.mov');
  stage.disk.unmountLazily();
  stage.fixture.carrier.receive({ kind: 'copy', order });
  assert.is(await failedAtDestination(stage.fixture), 'DIVERTED');
  assert.equal(readdirSync(stage.fixture.destination), []);
});

onDisk('copy: if the share is unmounted between two folders, nothing is created in its place', async (stage) => {
  mkdirSync(join(stage.fixture.source, 'day'));
  const order = await stage.order('day/a.mov');
  stage.before('makeFolder', 1, stage.disk.unmountLazily);
  stage.fixture.carrier.receive({ kind: 'copy', order });
  assert.is(await failedAtDestination(stage.fixture), 'DIVERTED');
  assert.equal(readdirSync(stage.fixture.destination), [], 'not even a folder');
});

/** Copies and verifies one file. */
async function verified(stage: Stage, order: CopyOrder): Promise<Extract<CopyReport, { kind: 'copied' }>> {
  stage.fixture.carrier.receive({ kind: 'copy', order });
  const copied = await stage.fixture.next('copied');
  stage.fixture.carrier.receive({ kind: 'read_back', ...ids });
  await stage.fixture.next('verified');
  return copied;
}

onDisk('read_back: if the share is unmounted, the local folder below is not read instead', async (stage) => {
  const order = await stage.order('a.mov');
  stage.fixture.carrier.receive({ kind: 'copy', order });
  await stage.fixture.next('copied');
  stage.disk.unmountLazily();
  stage.fixture.carrier.receive({ kind: 'read_back', ...ids });
  isGone(await failedAtDestination(stage.fixture));
  assert.equal(readdirSync(stage.fixture.destination), []);
});

for (const [what, mountOther] of [
  ['a share that vanishes before the link', false],
  ['another disk mounted before the link', true],
] as const) {
  onDisk(`publish: ${what} gets no name, and the bytes are where they were`, async (stage) => {
    const order = await stage.order('a.mov');
    const copied = await verified(stage, order);
    stage.disk.format('b', megabytes);
    stage.before('link', 1, () => {
      stage.disk.unmountLazily();
      if (mountOther) stage.disk.mount('b');
    });
    stage.fixture.carrier.receive({ kind: 'publish', order: publishFor(order, copied) });
    isGone(await failedAtDestination(stage.fixture));
    assert.equal(readdirSync(stage.fixture.destination), mountOther ? ['lost+found'] : []);
    stage.disk.unmountAll();
    stage.disk.mount('a');
    assert.equal(filesIn(stage.fixture.destination), [order.part]);
  });
}

for (const verb of ['unlink', 'syncFolder']) {
  onDisk(`publish: fails if the share is unmounted before the ${verb}, and a later order publishes the copy`, async (stage) => {
    const order = await stage.order('a.mov');
    const copied = await verified(stage, order);
    stage.before(verb, 1, stage.disk.unmountLazily);
    stage.fixture.carrier.receive({ kind: 'publish', order: publishFor(order, copied) });
    assert.is(await failedAtDestination(stage.fixture), 'DIVERTED');
    assert.equal(readdirSync(stage.fixture.destination), []);
    stage.disk.mount('a');
    const next = await carrierFixture({ after: stage.fixture });
    const mount = { ...order.mount, mountId: mountIdOfPath(stage.fixture.destination) };
    next.carrier.receive({ kind: 'publish', order: publishFor(order, copied, { mount }) });
    await next.next('published');
    await next.end();
    assert.equal(filesIn(stage.fixture.destination), ['a.mov']);
  });
}

onDisk('publish: fails on a disk that became read-only, and succeeds when it is writable again', async (stage) => {
  const order = await stage.order('a.mov');
  const copied = await verified(stage, order);
  stage.disk.remount('ro');
  stage.fixture.carrier.receive({ kind: 'publish', order: publishFor(order, copied) });
  assert.is(await failedAtDestination(stage.fixture), 'EROFS');
  assert.equal(filesIn(stage.fixture.destination), [order.part]);
  stage.disk.remount('rw');
  const next = await carrierFixture({ after: stage.fixture });
  next.carrier.receive({ kind: 'publish', order: publishFor(order, copied) });
  await next.next('published');
  await next.end();
  assert.equal(filesIn(stage.fixture.destination), ['a.mov']);
  isPrefixOfSource(stage.fixture, 'a.mov', 'a.mov');
});

onDisk('copy: fails on a read-only disk before anything is created', async (stage) => {
  const order = await stage.order('a.mov');
  stage.disk.remount('ro');
  stage.fixture.carrier.receive({ kind: 'copy', order });
  assert.is(await failedAtDestination(stage.fixture), 'EROFS');
  assert.equal(filesIn(stage.fixture.destination), []);
});

onDisk('copy: fails if the filesystem becomes read-only in the middle, and only the part is left', async (stage) => {
  const order = await stage.order('a.mov');
  stage.before('write', 5, stage.disk.breakDown);
  stage.fixture.carrier.receive({ kind: 'copy', order });
  const code = await failedAtDestination(stage.fixture);
  assert.ok(['EROFS', 'EIO', 'ESHUTDOWN'].includes(code), code);
  assert.equal(filesIn(stage.fixture.destination), [order.part]);
});

onDisk('copy: ENOSPC on a full disk; other files are unchanged, and with room the next attempt succeeds', async (stage) => {
  const order = await stage.order('a.mov');
  stage.before('write', 5, stage.disk.fill);
  stage.fixture.carrier.receive({ kind: 'copy', order });
  const { fault, syncedBytes } = await stage.fixture.next('failed');
  assert.equal([fault.side, fault.code], ['destination', 'ENOSPC']);
  assert.ok(syncedBytes < sizeBytes, `${syncedBytes} bytes are said to be durable`);
  assert.equal(filesIn(stage.fixture.destination).sort(), [order.part, 'filler']);
  isPrefixOfSource(stage.fixture, 'a.mov', order.part ?? '');
  stage.disk.empty();
  const next = await carrierFixture({ after: stage.fixture });
  const again = { ...order, part: '.a.mov.76543210.part', removeFirst: [order.part ?? ''] };
  next.carrier.receive({ kind: 'copy', order: again });
  await next.next('copied');
  await next.end();
  assert.equal(filesIn(stage.fixture.destination), [again.part]);
  assert.is(readFileSync(join(stage.fixture.destination, again.part)).length, sizeBytes);
});

onDisk('copy: ENOSPC if there is no room for another name, and nothing is left', async (stage) => {
  stage.disk.unmountAll();
  stage.disk.format('names', megabytes, '-N', '16');
  stage.disk.mount('names');
  const order = await stage.order('a.mov');
  stage.disk.fillNames();
  const before = filesIn(stage.fixture.destination);
  stage.fixture.carrier.receive({ kind: 'copy', order });
  assert.is(await failedAtDestination(stage.fixture), 'ENOSPC');
  assert.equal(filesIn(stage.fixture.destination), before);
});

test.run();
