import { anyCharacter } from '@sluice/core/fixtures/any-character';
import { frame } from '@sluice/testkit';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createFrameDecoder, encodeFrame, FrameError } from '../src/protocol/frames.ts';

const bad: readonly [string, string][] = [
  ['garbage', 'GET / HTTP/1.1\r\n\r\n'],
  ['a header without end', 'x'.repeat(300)],
  ['a huge length', 'Content-Length: 99999999999\r\n\r\n'],
  ['a length beyond the bound', 'Content-Length: 1001\r\n\r\n'],
  ['a negative length', 'Content-Length: -5\r\n\r\n'],
  ['no length', 'Content-Length: \r\n\r\n'],
  ['a hexadecimal length', 'Content-Length: 0x10\r\n\r\n'],
  ['length 0', 'Content-Length: 0\r\n\r\n'],
  ['two lengths', 'Content-Length: 2\r\nContent-Length: 3\r\n\r\n'],
  ['only an empty line', '\r\n\r\n'],
  ['no JSON', frame('{')],
];
for (const [name, bytes] of bad) {
  test(`createFrameDecoder refuses ${name}`, () => {
    assert.throws(
      () => createFrameDecoder(1000).push(Buffer.from(bytes)),
      (error: unknown) => error instanceof FrameError,
    );
  });
}

test('createFrameDecoder refuses bytes that are not UTF-8', () => {
  const bytes = Buffer.concat([Buffer.from('Content-Length: 3\r\n\r\n'), Buffer.from([0x22, 0xff, 0x22])]);
  assert.throws(
    () => createFrameDecoder(1000).push(bytes),
    (error: unknown) => error instanceof FrameError,
  );
});

test('createFrameDecoder decodes what encodeFrame made, however it is split', () => {
  const messages = fc.array(fc.dictionary(fc.string({ unit: anyCharacter, maxLength: 5 }), fc.jsonValue()), { maxLength: 5 });
  fc.assert(
    fc.property(messages, fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 50 }), (sent, sizes) => {
      const decoder = createFrameDecoder(1_000_000);
      const bytes = Buffer.concat(sent.map((message) => encodeFrame(message)));
      const got: unknown[] = [];
      for (let at = 0, round = 0; at < bytes.length; round += 1) {
        const size = sizes[round % sizes.length] ?? 1;
        got.push(...decoder.push(bytes.subarray(at, at + size)));
        at += size;
      }
      assert.equal(JSON.stringify(got), JSON.stringify(sent));
      assert.is(decoder.isInside(), false);
    }),
  );
});

test('createFrameDecoder: any bytes cause no error other than FrameError', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 64 }), { maxLength: 20 }), (chunks) => {
      const decoder = createFrameDecoder(1000);
      try {
        for (const chunk of chunks) decoder.push(chunk);
      } catch (error) {
        assert.instance(error, FrameError);
      }
    }),
  );
});

test.run();
