import { createHash } from 'node:crypto';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readMachO } from '../../scripts/package/mach-o.ts';
import { signAdHoc } from '../../scripts/package/mach-o-signature.ts';

/**
 * A file as a linker leaves it: a header, __TEXT with its first section at `firstSection`, __LINKEDIT, an old signature at the
 * end.
 */
function sample({ codeBytes = 0x5010, segments = ['__TEXT', '__LINKEDIT'], isSigned = true, firstSection = 0x400 } = {}): Buffer {
  const file = Buffer.alloc(codeBytes + (isSigned ? 100 : 0), 'x');
  file.fill(0, 0, 0x400);
  file.writeUInt32LE(0xfeedfacf, 0);
  let at = 32;
  for (const [index, name] of segments.entries()) {
    const sections = index === 0 ? 1 : 0;
    file.writeUInt32LE(0x19, at);
    file.writeUInt32LE(72 + sections * 80, at + 4);
    file.write(name, at + 8, 'latin1');
    const start = index === 0 ? 0 : 0x4000 + index * 16;
    file.writeBigUInt64LE(BigInt(start), at + 40);
    file.writeBigUInt64LE(BigInt(index === 0 ? 0x4000 : file.length - start), at + 48);
    file.writeUInt32LE(sections, at + 64);
    if (sections > 0) file.writeUInt32LE(firstSection, at + 72 + 48);
    at += 72 + sections * 80;
  }
  const last = isSigned ? [0x1d, 16, codeBytes, 100] : [];
  for (const [index, field] of last.entries()) file.writeUInt32LE(field, at + index * 4);
  file.writeUInt32LE(segments.length + (isSigned ? 1 : 0), 16);
  file.writeUInt32LE(at + last.length * 4 - 32, 20);
  return file;
}

/** Reads a signature as the system does, and compares every page with its hash. */
function verify(file: Buffer): { readonly identifier: string; readonly pages: number; readonly flags: number } {
  const dataOffset = readMachO(file).signature?.dataOffset ?? 0;
  assert.is(dataOffset % 16, 0);
  const blob = file.subarray(dataOffset);
  assert.is(blob.readUInt32BE(0), 0xfade0cc0);
  assert.is(blob.readUInt32BE(4), blob.length);
  const directory = blob.subarray(blob.readUInt32BE(16));
  assert.is(directory.readUInt32BE(0), 0xfade0c02);
  assert.is(directory.readUInt32BE(4), directory.length);
  const [flags, hashes, name, special, pages, codeBytes] = [12, 16, 20, 24, 28, 32].map((at) => directory.readUInt32BE(at));
  assert.is(codeBytes, dataOffset);
  assert.is(special, 0);
  assert.is(directory[36], 32);
  assert.is(directory[39], 12);
  assert.is(directory.readBigUInt64BE(72), 0x4000n);
  for (let page = 0; page < (pages ?? 0); page += 1) {
    const expected = createHash('sha256')
      .update(file.subarray(page * 4096, Math.min((page + 1) * 4096, dataOffset)))
      .digest();
    assert.equal(directory.subarray((hashes ?? 0) + page * 32, (hashes ?? 0) + (page + 1) * 32), expected, `page ${page}`);
  }
  const identifier = directory.toString('latin1', name, directory.indexOf(0, name));
  return { identifier, pages: pages ?? 0, flags: flags ?? 0 };
}

test('signAdHoc: every page has its hash, including the last, short one', () => {
  const signed = signAdHoc(sample(), 'sluice');
  assert.equal(verify(signed), { identifier: 'sluice', pages: 6, flags: 2 });
});

test('signAdHoc: a file without a signature gets one, even if its length is odd', () => {
  const file = sample({ isSigned: false, codeBytes: 0x5011 });
  const signed = signAdHoc(file, 'sluice');
  assert.is(verify(signed).pages, 6);
  assert.ok(signed.subarray(0x400, 0x5011).equals(file.subarray(0x400)));
  assert.is(signed.readUInt32LE(16), file.readUInt32LE(16) + 1);
});

test('signAdHoc: the last segment contains the signature, to the end of the file', () => {
  const signed = signAdHoc(sample(), 'sluice');
  const { linkEdit } = readMachO(signed);
  assert.is(linkEdit.fileOffset + linkEdit.fileBytes, BigInt(signed.length));
  assert.is(signed.readBigUInt64LE(linkEdit.at + 32) % 0x4000n, 0n);
});

test('signAdHoc: signing again changes nothing', () => {
  const signed = signAdHoc(sample(), 'sluice');
  assert.ok(signAdHoc(signed, 'sluice').equals(signed));
});

test('signAdHoc: refuses a file that it could only damage', () => {
  const wrong = [
    { file: Buffer.alloc(100), why: 'this is not a Mach-O file of 64 bits' },
    { file: sample({ segments: ['__TEXT'] }), why: 'it lacks __TEXT or __LINKEDIT' },
    { file: sample({ segments: ['__TEXT', '__LINKEDIT', 'NODE_SEA'] }), why: '__LINKEDIT is not the last segment' },
    { file: sample({ isSigned: false, firstSection: 260 }), why: 'its header has no room for another load command' },
  ];
  for (const { file, why } of wrong) assert.throws(() => signAdHoc(file, 'sluice'), why);
});

test.run();
