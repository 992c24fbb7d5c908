// real: it measures how soon a slow reader has everything
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { lineOutput } from '../../src/log/output.ts';

/** A reader that accepts `room` bytes and then stalls until it gets more. */
function slowReader(): { read: string; room: number; writeSome: (bytes: Uint8Array) => number } {
  const reader = {
    read: '',
    room: 0,
    writeSome: (bytes: Uint8Array): number => {
      const count = Math.min(bytes.length, reader.room);
      if (count === 0) throw Object.assign(new Error('stalls'), { code: 'EAGAIN' });
      reader.room -= count;
      reader.read += Buffer.from(bytes.subarray(0, count)).toString();
      return count;
    },
  };
  return reader;
}

test('lineOutput: hasRoom returns whether a line would be dropped, and writes waiting lines first', () => {
  const reader = slowReader();
  const out = lineOutput(1, { maxWaitingBytes: 10, writeSome: reader.writeSome });
  assert.ok(out.write('1234567'));
  assert.not.ok(out.hasRoom('890'));
  reader.room = 4;
  assert.ok(out.hasRoom('890'));
  assert.ok(out.write('890'));
  assert.not.ok(out.isIdle());
  reader.room = 100;
  assert.ok(out.isIdle());
  assert.is(reader.read, '1234567\n890\n');
});

test('lineOutput: a single line longer than the limit is kept', () => {
  const reader = slowReader();
  const out = lineOutput(1, { maxWaitingBytes: 10, writeSome: reader.writeSome });
  assert.ok(out.hasRoom('x'.repeat(100)));
  assert.ok(out.write('x'.repeat(100)));
  reader.room = 1000;
  assert.ok(out.isIdle());
  assert.is(reader.read.length, 101);
});

test('lineOutput: a reader that accepts a little at a time gets the waiting lines whole, in order, and soon', async () => {
  const reader = slowReader();
  const out = lineOutput(1, { maxWaitingBytes: 10_000_000, writeSome: reader.writeSome });
  const lines = Array.from({ length: 5_000 }, (_, index) => `line ${index}`);
  for (const line of lines) assert.ok(out.write(line));
  const before = performance.now();
  const refill = setInterval(() => (reader.room = 10_007), 1);
  while (!out.isIdle()) await new Promise((resolve) => setTimeout(resolve, 20));
  clearInterval(refill);
  assert.is(reader.read, `${lines.join('\n')}\n`);
  assert.ok(performance.now() - before < 3_000);
});

test('lineOutput: dropped lines are reported with the text of the caller', () => {
  const reader = slowReader();
  const out = lineOutput(1, { maxWaitingBytes: 17, writeSome: reader.writeSome, lostLine: (count) => `{"lost":${count}}` });
  for (const line of ['0123456789abcdef', '890', 'abcde', 'fghij']) out.write(line);
  reader.room = 1_000;
  assert.ok(out.isIdle());
  assert.ok(out.write('later'));
  assert.is(reader.read, '0123456789abcdef\n{"lost":3}\nlater\n');
});

test.run();
