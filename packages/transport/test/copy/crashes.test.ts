import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CopyOrder, CopyReport } from '@sluice/core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { OpenFile, Storage } from '../../src/storage/storage.ts';
import { type Bench, bench, chunk, ids, orderFor, publishFor } from '../support/bench-of-one.ts';
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

/** What was journaled of the attempt when it died. */
interface Journaled {
  copied: Extract<CopyReport, { kind: 'copied' }> | null;
  /** Of the last order to publish. */
  claim: { readonly claimed: { device: string; inode: string } | null } | null;
  isPublishing: boolean;
}

/** A dead process's files are closed by the system: here that is done by hand. */
const opened: OpenFile[] = [];

async function closeAll(): Promise<void> {
  for (const file of opened.splice(0)) await file.close().catch(() => undefined);
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

async function finalIsWhole(b: Bench): Promise<boolean> {
  const there = await readFile(join(b.destination, final)).catch(() => null);
  // An empty claim of ours is the one thing beside the whole file that may be seen.
  if (there !== null && there.length > 0) assert.ok(there.equals(bytesOf(size)));
  return there !== null && there.length > 0;
}

/** Copies, reads back and publishes, asking the questions core would ask. */
async function carry(b: Bench, order: CopyOrder, journaled: Journaled): Promise<'published' | 'name_taken'> {
  if (journaled.copied === null) {
    b.carrier.receive({ kind: 'copy', order });
    const copied = await b.next('copied', 'name_taken');
    if (copied.kind === 'name_taken') return 'name_taken';
    b.carrier.receive({ kind: 'read_back', ...ids });
    await b.next('verified');
    journaled.copied = copied;
  }
  for (;;) {
    journaled.isPublishing = true;
    b.carrier.receive({ kind: 'publish', order: publishFor(order, journaled.copied, { claim: journaled.claim }) });
    const outcome = await b.next('published', 'name_taken', 'link_refused', 'claimed');
    if (outcome.kind === 'published' || outcome.kind === 'name_taken') return outcome.kind;
    journaled.claim = { claimed: outcome.kind === 'claimed' ? outcome.identity : null };
  }
}

/** @returns false where the attempt was over before its nth call. */
async function crashAndGoOn(crash: Crash): Promise<boolean> {
  const journaled: Journaled = { copied: null, claim: null, isPublishing: false };
  let hasDied = false;
  let tellDeath = (): void => undefined;
  const death = new Promise<'died'>((resolve) => {
    tellDeath = () => {
      hasDied = true;
      resolve('died');
    };
  });
  const b = await bench({ wrapDestination: dying(crash, () => tellDeath()) });
  await mkdir(join(b.source, 'day1'));
  const order = orderFor(final, await make(join(b.source, final), size));
  const attempt = carry(b, order, journaled);
  attempt.catch(() => undefined);
  await Promise.race([death, attempt]);
  b.carrier.end();
  await finalIsWhole(b);
  if (hasDied) await goOn(b, order, journaled, crash);
  await b.end();
  await closeAll();
  return hasDied;
}

async function goOn(dead: Bench, order: CopyOrder, journaled: Journaled, crash: Crash): Promise<void> {
  const never: Crash = { ...crash, at: Number.POSITIVE_INFINITY };
  const b = await bench({ after: dead, wrapDestination: dying(never, () => undefined) });
  const again = { ...order, part: 'day1/.a.mov.76543210.part', removeFirst: [order.part ?? ''] };
  const outcome = await carry(b, journaled.isPublishing ? order : again, journaled);
  if (outcome === 'name_taken') {
    // Only a claim whose creation was never answered may stand in the way.
    assert.ok(crash.linksRefused);
    if (journaled.copied === null) return assert.unreachable('a name was taken before anything was copied');
    const next = { destination: 'day1/a_1.mov', claim: { claimed: null } };
    b.carrier.receive({ kind: 'publish', order: publishFor(order, journaled.copied, next) });
    await b.next('claimed');
    assert.equal((await readFile(join(b.destination, final))).length, 0);
  } else {
    assert.ok(await finalIsWhole(b));
    assert.equal(await readdir(join(b.destination, 'day1')), ['a.mov']);
  }
  await b.end();
}

for (const isAfter of [false, true]) {
  for (const linksRefused of [false, true]) {
    test(`a process that dies ${isAfter ? 'after' : 'before'} any call leaves nothing half (links refused: ${linksRefused})`, async () => {
      let at = 1;
      while (await crashAndGoOn({ isAfter, linksRefused, at })) at += 1;
      assert.ok(at > 30);
    });
  }
}

test.run();
