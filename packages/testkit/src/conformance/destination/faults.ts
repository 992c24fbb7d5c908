import * as assert from 'uvu/assert';
import type { Content } from '../../fakes/source-calls.ts';
import { type Claim, type DestinationUnderTest, hasOnly, other, put, refusedWith, small } from './claim.ts';

/** Bytes that a filesystem may need for itself. */
const slackBytes = 262_144;
const megabyte: Content = { sizeBytes: 1_048_576, stamp: 'megabyte' };

async function freeOf(under: DestinationUnderTest): Promise<number> {
  const free = await under.freeBytes();
  assert.ok(free !== null && free > megabyte.sizeBytes, `a destination with its own room has some: ${free}`);
  return free ?? 0;
}

function isNear(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) <= slackBytes, `${actual} is not about ${expected}`);
}

/** Tests of free space. */
export function rooms(claim: Claim): void {
  claim('free space falls by what is written, once for all names of a file, and returns with the last name', async (under) => {
    const before = await freeOf(under);
    await put(under, 'a', megabyte);
    isNear(await freeOf(under), before - megabyte.sizeBytes);
    await under.link('a', 'b');
    isNear(await freeOf(under), before - megabyte.sizeBytes);
    await under.unlink('a');
    isNear(await freeOf(under), before - megabyte.sizeBytes);
    await under.unlink('b');
    isNear(await freeOf(under), before);
  });

  claim('a write that does not fit is refused, and the part that fits is written', async (under) => {
    const free = await freeOf(under);
    const whole: Content = { sizeBytes: free + megabyte.sizeBytes, stamp: 'too much' };
    await put(under, 'before', small);
    const file = await under.create('a');
    await refusedWith('ENOSPC', async () => {
      await file.write(whole);
      await file.sync();
    });
    const sizeBytes = await file.sizeBytes();
    await file.close();
    // A real filesystem refuses a large write before its last block is used.
    assert.ok(sizeBytes > free / 2 && sizeBytes <= free + slackBytes, `${sizeBytes} of ${free} fitted`);
    assert.is((await under.stat('a'))?.sizeBytes, sizeBytes);
    assert.not.ok(await under.holds('a', whole));
    assert.ok(await under.holds('before', small));
  });

  claim('a full destination accepts content again when something was removed', async (under) => {
    const file = await under.create('a');
    await refusedWith('ENOSPC', async () => {
      await file.write({ sizeBytes: (await freeOf(under)) + megabyte.sizeBytes, stamp: 'too much' });
      await file.sync();
    });
    await file.close();
    await under.unlink('a');
    await put(under, 'b', megabyte);
    await hasOnly(under, { b: megabyte });
  });
}

/** Tests of a read-only destination. */
export function readOnly(claim: Claim): void {
  claim('read-only: every change of a name is refused, and everything can be read', async (under) => {
    await put(under, 'a', small);
    await put(under, 'b', other);
    under.setReadOnly(true);
    await refusedWith('EROFS', () => under.create('c'));
    await refusedWith('EROFS', () => under.link('a', 'c'));
    await refusedWith('EROFS', () => under.rename('a', 'c'));
    await refusedWith('EROFS', () => under.rename('a', 'b'));
    await refusedWith('EROFS', () => under.unlink('a'));
    await hasOnly(under, { a: small, b: other });
    under.setReadOnly(false);
    await under.rename('a', 'c');
    await under.unlink('b');
    await hasOnly(under, { c: small });
  });
}
