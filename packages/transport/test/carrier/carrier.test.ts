// real: starts and kills carrier processes
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Child, startChild } from '@sluice/child';
import type { RouteSettings } from '@sluice/core/model';
import { setMainModule } from '@sluice/platform';
import { compileCache } from '@sluice/testkit/compile-cache';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { carrierEnvironment, carrierKind } from '../../src/carrier/carrier.ts';
import type { CarrierCommand, CarrierInit, CarrierMessage } from '../../src/carrier/messages.ts';
import { ids, orderFor, publishFor, routeFor } from '../support/carrier-fixture.ts';
import { fastFolder } from '../support/fast-folder.ts';
import { isSame, make } from '../support/files.ts';
import { createInbox, type Inbox } from '../support/inbox.ts';

setMainModule(fileURLToPath(new URL('../support/carrier-main.ts', import.meta.url)));

interface Started {
  readonly root: string;
  readonly source: string;
  readonly destination: string;
  readonly inbox: Inbox;
  readonly child: Child<CarrierCommand>;
  readonly gone: Promise<void>;
}

async function start(more: Partial<RouteSettings> = {}): Promise<Started> {
  const root = await mkdtemp(join(fastFolder(), 'sluice-carrier-'));
  const [source, destination] = [join(root, 'source'), join(root, 'destination')];
  await mkdir(source);
  await mkdir(destination);
  const inbox = createInbox();
  let child: Child<CarrierCommand> | null = null;
  const gone = new Promise<void>((resolve) => {
    child = startChild<CarrierInit, CarrierCommand, CarrierMessage>({
      kind: carrierKind,
      accepts: () => true,
      init: { route: { ...routeFor(source, destination), ...more } },
      env: { ...carrierEnvironment(4), ...compileCache },
      onMessage: inbox.put,
      onEnd: () => undefined,
      onGone: resolve,
    });
  });
  return { root, source, destination, inbox, child: child as unknown as Child<CarrierCommand>, gone };
}

/** As a power cut would: an abandoned child would not keep this process here to see it end. */
async function kill({ child, gone }: Started): Promise<void> {
  process.kill(child.pid, 'SIGKILL');
  await gone;
}

test('carrier process: a file goes through a real child, from its preflight to its name', async () => {
  const s = await start();
  const path = join(s.source, 'a.mov');
  const order = orderFor('a.mov', await make(path, 9_000_001));
  s.child.send({ kind: 'preflight', order });
  await s.inbox.next('preflight');
  s.child.send({ kind: 'copy', order });
  const copied = await s.inbox.next('copied');
  s.child.send({ kind: 'read_back', ...ids });
  assert.is((await s.inbox.next('verified')).sourceGone, false);
  s.child.send({ kind: 'publish', order: publishFor(order, copied) });
  await s.inbox.next('published');
  assert.equal(await readdir(s.destination), ['a.mov']);
  assert.ok(await isSame(path, join(s.destination, 'a.mov')));
  await kill(s);
  await rm(s.root, { recursive: true });
});

test('carrier process: it says once that both sides are disks of this machine, before its first check is answered', async () => {
  const s = await start();
  for (const name of ['a.mov', 'b.mov']) {
    s.child.send({ kind: 'preflight', order: orderFor(name, await make(join(s.source, name), 100)) });
    await s.inbox.next('preflight');
  }
  const { route } = ids;
  assert.equal(
    s.inbox.reported.filter(({ kind }) => kind !== 'copy_reported'),
    [{ kind: 'disks', route, areOwn: true }],
  );
  assert.is(s.inbox.reported[0]?.kind, 'disks');
  await kill(s);
  await rm(s.root, { recursive: true });
});

test('carrier process: if it is killed in the middle, its part stays, and another process starts over', async () => {
  // So slow that it cannot be done before it is killed.
  const s = await start({ maxRateBytesPerSecond: 1_000_000 });
  const path = join(s.source, 'a.mov');
  const order = orderFor('a.mov', await make(path, 9_000_001));
  s.child.send({ kind: 'copy', order });
  await s.inbox.next('created');
  await kill(s);
  assert.equal(await readdir(s.destination), [order.part]);
  const inbox = createInbox();
  const next = startChild<CarrierInit, CarrierCommand, CarrierMessage>({
    kind: carrierKind,
    accepts: () => true,
    init: { route: routeFor(s.source, s.destination) },
    env: compileCache,
    onMessage: inbox.put,
    onEnd: () => undefined,
  });
  const part = '.a.mov.76543210.part';
  next.send({ kind: 'copy', order: { ...order, part, removeFirst: [order.part ?? ''] } });
  await inbox.next('copied');
  assert.equal(await readdir(s.destination), [part]);
  assert.ok(await isSame(path, join(s.destination, part)));
  next.abandon();
  await rm(s.root, { recursive: true });
});

test.run();
