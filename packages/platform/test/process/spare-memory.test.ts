import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { limits } from '../../src/limits.ts';
import { SpareMemory } from '../../src/process/spare-memory.ts';

const { spareBytes, collectedBytes, spareLookMs, restShare } = limits;

/** A process whose heap is set by hand. */
function setUp() {
  const its = { total: 0, used: 0, processorMs: 0, now: 0, collected: 0, kept: 0 };
  const spare = new SpareMemory({
    heap: () => ({ total: its.total, used: its.used }),
    processorMs: () => its.processorMs,
    now: () => its.now,
    collect: () => {
      its.collected += 1;
      its.total = its.used + its.kept;
    },
  });
  const look = (share = 0): number => {
    its.now += spareLookMs;
    its.processorMs += share * spareLookMs;
    spare.look();
    return its.collected;
  };
  return { its, look };
}

test('SpareMemory collects once where much is not in use, and again only where more is', () => {
  const { its, look } = setUp();
  Object.assign(its, { used: 1e6, total: 1e6 + spareBytes - 1 });
  assert.is(look(), 0);
  its.total += 1;
  assert.equal([look(), look()], [1, 1]);
  its.total += spareBytes;
  assert.is(look(), 2);
});

test('SpareMemory does not ask again for what cannot be given back', () => {
  const { its, look } = setUp();
  Object.assign(its, { used: 1e6, total: 1e6 + 3 * spareBytes, kept: 2 * spareBytes });
  assert.equal([look(), look(), look()], [1, 1, 1]);
  its.total += spareBytes;
  assert.is(look(), 2);
});

test('SpareMemory leaves a process alone that works, and a heap that takes long to go through', () => {
  const { its, look } = setUp();
  Object.assign(its, { used: 1e6, total: 1e9 });
  assert.is(look(restShare + 0.01), 0);
  its.used = collectedBytes + 1;
  assert.is(look(), 0);
  its.used = collectedBytes;
  assert.is(look(), 1);
});

test.run();
