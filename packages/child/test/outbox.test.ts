import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createOutbox } from '../src/outbox.ts';

const limits = { queuedMessages: 100, queuedBytes: 1_000 };

/** A child whose pipe takes a bundle only when the test says so. */
function slowChild() {
  const waiting: (() => void)[] = [];
  const sent: unknown[] = [];
  return {
    waiting,
    sent,
    connected: true,
    send(bundle: unknown, taken: unknown) {
      sent.push(bundle);
      waiting.push(taken as () => void);
      return true;
    },
  };
}

const bundle = (messages: readonly unknown[]): object => ({ messages });
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('createOutbox: messages of one event-loop turn travel together, in order', async () => {
  const child = slowChild();
  const outbox = createOutbox<number>(child as never, bundle, () => {}, limits);
  for (const number of [1, 2, 3]) assert.ok(outbox.send(number));
  await turn();
  assert.ok(outbox.send(4));
  await turn();
  assert.equal(child.sent, [{ messages: [1, 2, 3] }, { messages: [4] }]);
});

test('createOutbox: a child that does not read is reported once, and its queue stays within the limit', async () => {
  const child = slowChild();
  const reported: number[] = [];
  const outbox = createOutbox<number>(child as never, bundle, ({ messages }) => reported.push(messages), limits);
  assert.ok(outbox.send(0));
  await turn();
  for (let number = 1; number < limits.queuedMessages; number += 1) assert.ok(outbox.send(number));
  assert.not(outbox.send(1));
  assert.not(outbox.send(2));
  assert.equal(reported, [limits.queuedMessages]);
  await turn();
  child.waiting.shift()?.();
  assert.ok(outbox.send(3));
  assert.not(outbox.send(4));
  assert.is(reported.length, 2);
});

test('createOutbox: bytes are limited, but a single message is always sent', async () => {
  const child = slowChild();
  const outbox = createOutbox<string>(child as never, bundle, () => {}, limits);
  const half = 'x'.repeat(limits.queuedBytes / 2);
  assert.ok(outbox.send(half + half));
  assert.not(outbox.send('x'));
  await turn();
  child.waiting.shift()?.();
  assert.ok(outbox.send(half.slice(2)));
  assert.ok(outbox.send('x'));
  assert.not(outbox.send(half));
});

test('createOutbox: sends nothing into a closed channel', async () => {
  const child = slowChild();
  const outbox = createOutbox(child as never, bundle, () => {});
  assert.ok(outbox.send(0));
  child.connected = false;
  await turn();
  assert.not(outbox.send(1));
  assert.equal(child.sent, []);
});

test.run();
