import * as assert from 'uvu/assert';
import { areOneFile, type Claim, hasOnly, other, put, refusedWith, small } from './claim.ts';

const empty = { sizeBytes: 0, stamp: '' };

/** Tests of creating and writing. */
export function creating(claim: Claim): void {
  claim('create makes an empty file that is visible at once', async (under) => {
    const file = await under.create('a');
    assert.is(await file.sizeBytes(), 0);
    await hasOnly(under, { a: empty });
    await file.close();
  });

  claim('create of a taken name is refused, and the existing file is not touched', async (under) => {
    await put(under, 'ours', small);
    await under.putForeign('theirs', other);
    await refusedWith('EEXIST', () => under.create('ours'));
    await refusedWith('EEXIST', () => under.create('theirs'));
    await hasOnly(under, { ours: small, theirs: other });
  });

  claim('of many simultaneous creates of one name exactly one succeeds', async (under) => {
    const tries = await Promise.allSettled(Array.from({ length: 8 }, () => under.create('a')));
    const made = tries.flatMap((tried) => (tried.status === 'fulfilled' ? [tried.value] : []));
    assert.is(made.length, 1);
    for (const tried of tries) if (tried.status === 'rejected') assert.is((tried.reason as { code: string }).code, 'EEXIST');
    for (const file of made) await file.close();
  });

  claim('written content is complete, before and after a sync', async (under) => {
    const file = await under.create('a');
    await file.write(other);
    assert.is(await file.sizeBytes(), other.sizeBytes);
    await file.write(small);
    await hasOnly(under, { a: small });
    await file.sync();
    await file.close();
    await hasOnly(under, { a: small });
  });

  claim('a name that was never created does not exist', async (under) => {
    assert.is(await under.stat('a'), null);
  });

  claim('a write to an open file goes to the name that it has now', async (under) => {
    const file = await under.create('a');
    await under.rename('a', 'b');
    await file.write(small);
    await hasOnly(under, { b: small });
    await file.close();
  });

  claim('a write to an open file without a name does not bring the name back', async (under) => {
    const file = await under.create('a');
    await under.unlink('a');
    await file.write(small);
    await hasOnly(under, {});
    await put(under, 'a', other);
    await file.write(small);
    await hasOnly(under, { a: other });
    await file.close();
  });
}

/** Tests of linking, removing and renaming. */
export function naming(claim: Claim): void {
  claim('link gives a second name to the same file', async (under) => {
    const file = await under.create('part');
    await under.link('part', 'final');
    await file.write(small);
    await file.close();
    await hasOnly(under, { part: small, final: small });
    assert.ok(await areOneFile(under, 'part', 'final'));
  });

  claim('link never replaces a file, not even by itself', async (under) => {
    await put(under, 'part', small);
    await under.putForeign('final', other);
    await refusedWith('EEXIST', () => under.link('part', 'final'));
    await hasOnly(under, { part: small, final: other });
    await under.link('part', 'free');
    await refusedWith('EEXIST', () => under.link('part', 'free'));
    await hasOnly(under, { part: small, final: other, free: small });
  });

  claim('of many simultaneous links to one name exactly one succeeds', async (under) => {
    const parts = ['p0', 'p1', 'p2', 'p3'];
    for (const part of parts) await put(under, part, small);
    const tries = await Promise.allSettled(parts.map((part) => under.link(part, 'final')));
    assert.is(tries.filter(({ status }) => status === 'fulfilled').length, 1);
    const winner = parts[tries.findIndex(({ status }) => status === 'fulfilled')] ?? '';
    assert.ok(await areOneFile(under, winner, 'final'));
  });

  claim('unlink removes one name, and the content with the last', async (under) => {
    await put(under, 'part', small);
    await under.link('part', 'final');
    await under.unlink('part');
    await hasOnly(under, { final: small });
    await under.unlink('final');
    await hasOnly(under, {});
  });

  claim('rename moves a file, and replaces an empty claim', async (under) => {
    await put(under, 'part', small);
    const before = await under.stat('part');
    await under.rename('part', 'moved');
    assert.equal(await under.stat('moved'), before);
    await put(under, 'final', empty);
    await under.rename('moved', 'final');
    await hasOnly(under, { final: small });
    assert.is((await under.stat('final'))?.identity, before?.identity);
  });

  claim('rename of a file from one of its names to another changes nothing', async (under) => {
    await put(under, 'part', small);
    await under.link('part', 'final');
    await under.rename('part', 'final');
    await hasOnly(under, { part: small, final: small });
  });

  claim('unlink, rename and link of a missing name are refused', async (under) => {
    await put(under, 'there', small);
    await refusedWith('ENOENT', () => under.unlink('gone'));
    await refusedWith('ENOENT', () => under.rename('gone', 'there'));
    await refusedWith('ENOENT', () => under.link('gone', 'new'));
    await hasOnly(under, { there: small });
  });

  claim('two files that exist at the same time have different identities, whatever their content', async (under) => {
    await put(under, 'a', small);
    await put(under, 'b', small);
    assert.not.ok(await areOneFile(under, 'a', 'b'));
  });
}
