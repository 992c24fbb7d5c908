import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { lineOutput } from '../src/log-output.ts';

/** A reader that takes `room` bytes and then stalls until it is given more. */
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

test('lineOutput: hasRoom says what would be dropped, and what waits goes out first', () => {
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

test('lineOutput: one line longer than what may wait is kept', () => {
  const reader = slowReader();
  const out = lineOutput(1, { maxWaitingBytes: 10, writeSome: reader.writeSome });
  assert.ok(out.hasRoom('x'.repeat(100)));
  assert.ok(out.write('x'.repeat(100)));
  reader.room = 1000;
  assert.ok(out.isIdle());
  assert.is(reader.read.length, 101);
});

test.run();
