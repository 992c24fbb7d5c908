import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { limits } from '../../src/limits.ts';
import { SpareMemory } from '../../src/process/spare-memory.ts';

const { spareBytes, spareAgainMs, collectedBytes, spareLookMs, restShare } = limits;

/** A process whose heap is set by hand. A collection leaves `kept` of it. */
function setUp() {
  const its = { heapBytes: 20e6, processorMs: 0, now: 0, collected: 0, kept: 20e6 };
  const spare = new SpareMemory({
    heapBytes: () => its.heapBytes,
    processorMs: () => its.processorMs,
    now: () => its.now,
    collect: () => {
      its.collected += 1;
      its.heapBytes = its.kept;
    },
  });
  const look = (share = 0, afterMs: number = spareLookMs): number => {
    its.now += afterMs;
    its.processorMs += share * afterMs;
    spare.look();
    return its.collected;
  };
  return { its, look };
}

test('SpareMemory collects where a heap has grown, once', () => {
  const { its, look } = setUp();
  its.heapBytes += spareBytes - 1;
  assert.is(look(), 0);
  its.heapBytes += 1;
  assert.equal([look(), look(), look()], [1, 1, 1]);
});

test('SpareMemory collects again after a while only, but where the heap has grown by half', () => {
  const { its, look } = setUp();
  Object.assign(its, { heapBytes: 500e6, kept: 200e6 });
  assert.equal([look(), look()], [1, 1]);
  its.heapBytes += spareBytes;
  assert.is(look(), 1);
  assert.is(look(0, spareAgainMs), 2);
  its.heapBytes += 101e6;
  assert.is(look(), 3);
});

test('SpareMemory leaves a process alone that works, and a heap that takes long to go through', () => {
  const { its, look } = setUp();
  its.heapBytes = collectedBytes;
  assert.is(look(restShare + 0.01), 0);
  its.heapBytes = collectedBytes + 1;
  assert.is(look(), 0);
  its.heapBytes = collectedBytes;
  assert.is(look(), 1);
});

test.run();
