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
  hook.run(true);
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
    hook.run(true);
    end(fails);
    advance(60_000);
  }
  assert.is(recorded.length, 1 + Math.floor((20 * 60_000) / limits.hookAgainMs));
  hook.run(true);
  end(done);
  assert.equal(recorded.at(-1)?.end, done);
});

test('PrepareHook: while a killed process hangs, no other is started, and the probe does not wait', () => {
  const { hook, started, prepared, end } = setUp();
  hook.run(true);
  end({ kind: 'overdue', afterMs: 60_000, diagnosis: '' }, true);
  hook.run(true);
  assert.is(started.length, 1);
  assert.equal(prepared, [name, name]);
});

test('PrepareHook: a command that does not end soon is in the log every ten minutes, with what waits for it', () => {
  const { hook, lines, advance, end } = setUp();
  hook.run(true);
  advance(limits.hookSlowMs - 1);
  assert.equal(lines, []);
  advance(1);
  const warned = () => lines.filter((line) => line.startsWith('warn '));
  const text = 'before_probe: mount has run for 10 s; the first probe of the destination waits until it ends. Sluice ends it after 60 s';
  assert.equal(lines, [`warn ${text}`]);
  end(done);
  hook.run(false);
  advance(60_000);
  end(done);
  assert.is(warned().length, 1);
  advance(limits.hookAgainMs);
  hook.run(false);
  advance(limits.hookSlowMs);
  assert.match(warned()[1] ?? '', /probed without waiting for it any longer/);
});

test('PrepareHook: a command that ends in time is not in the log before its end', () => {
  const { hook, lines, advance, end } = setUp();
  hook.run(true);
  end(done);
  advance(limits.hookSlowMs);
  assert.equal(lines, []);
});

test.run();
