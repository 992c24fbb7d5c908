import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CopyOrder, CopyReport } from '@sluice/core/model';
import { closeQuietly } from '@sluice/platform';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { OpenFile, Storage } from '../../src/storage/storage.ts';
import { type CarrierFixture, carrierFixture, chunk, ids, orderFor, publishFor } from '../support/carrier-fixture.ts';
import { errno, forever, interposed } from '../support/faults.ts';
import { bytesOf, make } from '../support/files.ts';

const size = chunk + 100;
const final = 'day1/a.mov';

/** The process dies at its nth call to the destination: before it is made, or after, its answer lost. */
interface Crash {
  readonly isAfter: boolean;
  readonly linksRefused: boolean;
  readonly at: number;
}

/** The journaled state of the attempt when the process died. */
interface Journaled {
  copied: Extract<CopyReport, { kind: 'copied' }> | null;
  /** Of the last order to publish. */
  claim: { readonly claimed: { device: string; inode: string } | null } | null;
  isPublishing: boolean;
}

/** A dead process's files are closed by the system: here that is done by hand. */
const opened: OpenFile[] = [];

async function closeAll(): Promise<void> {
  for (const file of opened.splice(0)) await closeQuietly(file);
}

function remembering(storage: Storage): Storage {
  return {
    ...storage,
    open: async (path, how) => {
      const file = await storage.open(path, how);
      opened.push(file);
      return file;
    },
  };
}

function dying(crash: Crash, onDeath: () => void): (storage: Storage) => Storage {
  let calls = 0;
  const die = (): Promise<void> | void => {
    if (calls < crash.at) return;
    onDeath();
    return forever();
  };
  const refuse = (verb: string): void => {
    if (verb === 'link' && crash.linksRefused) throw errno('EPERM');
  };
  return (storage) =>
    interposed(
      remembering(storage),
      (verb) => {
        calls += 1;
        refuse(verb);
        return crash.isAfter ? undefined : die();
      },
      () => (crash.isAfter ? die() : undefined),
    );
}

async function finalIsWhole(fixture: CarrierFixture): Promise<boolean> {
  const there = await readFile(join(fixture.destination, final)).catch(() => null);
  // An empty claim of ours is the one thing next to the whole file that may be seen.
  if (there !== null && there.length > 0) assert.ok(there.equals(bytesOf(size)));
  return there !== null && there.length > 0;
}

/** Copies, reads back and publishes, with the commands that core would send. */
async function runCopy(fixture: CarrierFixture, order: CopyOrder, journaled: Journaled): Promise<'published' | 'name_taken'> {
  if (journaled.copied === null) {
    fixture.carrier.receive({ kind: 'copy', order });
    const copied = await fixture.next('copied', 'name_taken');
    if (copied.kind === 'name_taken') return 'name_taken';
    fixture.carrier.receive({ kind: 'read_back', ...ids });
    await fixture.next('verified');
    journaled.copied = copied;
  }
  for (;;) {
    journaled.isPublishing = true;
    fixture.carrier.receive({ kind: 'publish', order: publishFor(order, journaled.copied, { claim: journaled.claim }) });
    const outcome = await fixture.next('published', 'name_taken', 'link_refused', 'claimed');
    if (outcome.kind === 'published' || outcome.kind === 'name_taken') return outcome.kind;
    journaled.claim = { claimed: outcome.kind === 'claimed' ? outcome.identity : null };
  }
}

/** @returns false if the attempt ended before its nth call. */
async function crashAndGoOn(crash: Crash): Promise<boolean> {
  const journaled: Journaled = { copied: null, claim: null, isPublishing: false };
  let hasDied = false;
  let reportDeath = (): void => undefined;
  const death = new Promise<'died'>((resolve) => {
    reportDeath = () => {
      hasDied = true;
      resolve('died');
    };
  });
  const fixture = await carrierFixture({ wrapDestination: dying(crash, () => reportDeath()) });
  await mkdir(join(fixture.source, 'day1'));
  const order = orderFor(final, await make(join(fixture.source, final), size));
  const attempt = runCopy(fixture, order, journaled);
  attempt.catch(() => undefined);
  await Promise.race([death, attempt]);
  fixture.carrier.end();
  await finalIsWhole(fixture);
  if (hasDied) await goOn(fixture, order, journaled, crash);
  await fixture.end();
  await closeAll();
  return hasDied;
}

async function goOn(dead: CarrierFixture, order: CopyOrder, journaled: Journaled, crash: Crash): Promise<void> {
  const never: Crash = { ...crash, at: Number.POSITIVE_INFINITY };
  const fixture = await carrierFixture({ after: dead, wrapDestination: dying(never, () => undefined) });
  const again = { ...order, part: 'day1/.a.mov.76543210.part', removeFirst: [order.part ?? ''] };
  const outcome = await runCopy(fixture, journaled.isPublishing ? order : again, journaled);
  if (outcome === 'name_taken') {
    // Only a claim whose creation was never answered may stand in the way.
    assert.ok(crash.linksRefused);
    if (journaled.copied === null) return assert.unreachable('a name was taken before anything was copied');
    const next = { destination: 'day1/a_1.mov', claim: { claimed: null } };
    fixture.carrier.receive({ kind: 'publish', order: publishFor(order, journaled.copied, next) });
    await fixture.next('claimed');
    assert.equal((await readFile(join(fixture.destination, final))).length, 0);
  } else {
    assert.ok(await finalIsWhole(fixture));
    assert.equal(await readdir(join(fixture.destination, 'day1')), ['a.mov']);
  }
  await fixture.end();
}

for (const isAfter of [false, true]) {
  for (const linksRefused of [false, true]) {
    test(`a process that dies ${isAfter ? 'after' : 'before'} any call leaves no half file under the final name (links refused: ${linksRefused})`, async () => {
      let at = 1;
      while (await crashAndGoOn({ isAfter, linksRefused, at })) at += 1;
      assert.ok(at > 25, String(at));
    });
  }
}

test.run();
