import { routeName } from '@sluice/core/model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { PrepareHook } from '../../src/hooks/before-probe.ts';
import { limits } from '../../src/limits.ts';
import { done, handStarted } from './support/hand-started.ts';

const name = routeName('ingest');

function setUp(beforeProbe: readonly string[] = ['mount', '{destination}', '{route}']) {
  const hand = handStarted();
  const prepared: string[] = [];
  const hook = new PrepareHook({
    ...hand,
    route: { name, destination: '/mnt/nas', beforeProbe },
    prepared: (route) => void prepared.push(route),
  });
  return { ...hand, hook, prepared };
}

test('PrepareHook: the command gets the route and the destination, and its end is reported', () => {
  const { hook, started, prepared, recorded, end } = setUp();
  hook.run();
  assert.equal(started[0]?.args, ['/mnt/nas', 'ingest']);
  assert.equal(JSON.parse(started[0]?.input ?? '').destination, '/mnt/nas');
  assert.equal(prepared, []);
  end(done);
  assert.equal(prepared, [name]);
  assert.is(recorded.length, 1);
});

test('PrepareHook: a command that ends in the same way is recorded every ten minutes, and at once when it ends otherwise', () => {
  const { hook, recorded, advance, end } = setUp();
  const fails = { kind: 'ended', code: 32, diagnosis: 'no route to host' } as const;
  for (let minutes = 0; minutes <= 20; minutes += 1) {
    hook.run();
    end(fails);
    advance(60_000);
  }
  assert.is(recorded.length, 1 + Math.floor((20 * 60_000) / limits.hookAgainMs));
  hook.run();
  end(done);
  assert.equal(recorded.at(-1)?.end, done);
});

test('PrepareHook: while a killed process hangs, no other is started, and the probe does not wait', () => {
  const { hook, started, prepared, end } = setUp();
  hook.run();
  end({ kind: 'overdue', afterMs: 60_000, diagnosis: '' }, true);
  hook.run();
  assert.is(started.length, 1);
  assert.equal(prepared, [name, name]);
});

test.run();
