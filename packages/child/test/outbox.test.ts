import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createOutbox } from '../src/outbox.ts';

const limits = { queuedMessages: 100, queuedBytes: 1_000 };

/** A child whose pipe takes messages only when told to. */
function slowChild() {
  const waiting: (() => void)[] = [];
  return {
    waiting,
    connected: true,
    send(_message: unknown, taken: unknown) {
      waiting.push(taken as () => void);
      return true;
    },
  };
}

test('createOutbox: a child that does not read is reported once, and no more waits for it than the limit', () => {
  const child = slowChild();
  const reported: number[] = [];
  const outbox = createOutbox<number>(child as never, ({ messages }) => reported.push(messages), limits);
  for (let number = 0; number < limits.queuedMessages; number += 1) assert.ok(outbox.send(number));
  assert.not(outbox.send(1));
  assert.not(outbox.send(2));
  assert.equal(reported, [limits.queuedMessages]);
  child.waiting.shift()?.();
  assert.ok(outbox.send(3));
  assert.not(outbox.send(4));
  assert.is(reported.length, 2);
});

test('createOutbox: bytes are limited, but one message always goes', () => {
  const child = slowChild();
  const outbox = createOutbox<string>(child as never, () => {}, limits);
  const half = 'x'.repeat(limits.queuedBytes / 2);
  assert.ok(outbox.send(half + half));
  assert.not(outbox.send('x'));
  child.waiting.shift()?.();
  assert.ok(outbox.send(half.slice(2)));
  assert.ok(outbox.send('x'));
  assert.not(outbox.send(half));
});

test('createOutbox: nothing goes into a closed channel', () => {
  const child = slowChild();
  child.connected = false;
  assert.not(createOutbox(child as never, () => {}).send(1));
});

test.run();
