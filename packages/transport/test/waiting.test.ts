import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createMutex, Stopped } from '../src/waiting.ts';

const { signal } = new AbortController();

test('createMutex: one holder at a time, in the order in which they asked', async () => {
  const mutex = createMutex();
  const order: number[] = [];
  const first = await mutex.acquire(signal);
  const others = [1, 2].map(async (number) => {
    const end = await mutex.acquire(signal);
    order.push(number);
    end();
  });
  await Promise.resolve();
  assert.equal(order, []);
  first();
  await Promise.all(others);
  assert.equal(order, [1, 2]);
});

test('createMutex: a waiter that is stopped does not let the next one in early', async () => {
  const mutex = createMutex();
  const first = await mutex.acquire(signal);
  const stopped = new AbortController();
  const second = mutex.acquire(stopped.signal).catch((error: unknown) => error);
  let isIn = false;
  const third = mutex.acquire(signal).then((end) => {
    isIn = true;
    end();
  });
  stopped.abort();
  assert.instance(await second, Stopped);
  await new Promise((resolve) => setImmediate(resolve));
  assert.not(isIn);
  first();
  await third;
  assert.ok(isIn);
});

test.run();
