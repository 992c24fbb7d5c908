import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process, { execPath } from 'node:process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { closeHoles } from '../../scripts/package/close-holes.ts';

const folder = mkdtempSync(join(tmpdir(), 'sluice-holes-'));
test.after(() => rmSync(folder, { recursive: true, force: true }));

const page = 4_096;
const memoryAt = 0x400000;

interface Part {
  readonly offset: number;
  readonly bytes: number;
}

/**
 * Makes a program of parts that contain their own number, with a section at each of `sections`, and its table of sections at the
 * end.
 */
function program(parts: readonly Part[], sections: readonly number[], isBlank = true): Uint8Array {
  const end = Math.max(...parts.map(({ offset, bytes }) => offset + bytes));
  const bytes = new Uint8Array(end + sections.length * 64).fill(isBlank ? 0 : 0xee);
  for (const [index, part] of parts.entries()) bytes.fill(index + 1, part.offset, part.offset + part.bytes);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x7f454c46);
  view.setUint16(4, 0x0201);
  view.setBigUint64(0x20, 64n, true);
  view.setBigUint64(0x28, BigInt(end), true);
  for (const [field, value] of [56, parts.length, 64, sections.length].entries()) view.setUint16(0x36 + field * 2, value, true);
  for (const [index, { offset, bytes: length }] of parts.entries()) {
    const header = 64 + index * 56;
    view.setUint32(header, 1, true);
    for (const [field, value] of [
      [8, offset],
      [16, memoryAt + offset],
      [32, length],
      [48, 0x200000],
    ] as const)
      view.setBigUint64(header + field, BigInt(value), true);
  }
  for (const [index, offset] of sections.entries()) view.setBigUint64(end + index * 64 + 24, BigInt(offset), true);
  return bytes;
}

/** Returns what a system maps: the address and the content of each part. */
function image(file: Uint8Array): readonly (readonly [address: number, content: Buffer])[] {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.length);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const headers = Array.from({ length: view.getUint16(0x38, true) }, (_, index) => Number(view.getBigUint64(0x20, true)) + index * 56);
  const read = (field: number): number => Number(view.getBigUint64(field, true));
  return headers
    .filter((header) => view.getUint32(header, true) === 1)
    .map((header) => {
      assert.is(read(header + 8) % read(header + 48), read(header + 16) % read(header + 48), 'a part begins at the same byte of a page');
      return [read(header + 16), bytes.subarray(read(header + 8), read(header + 8) + read(header + 32))];
    });
}

const first = { offset: 0, bytes: 5_000 };
const second = { offset: 0x200000, bytes: 300 };
const third = { offset: 0x600000 + 100, bytes: 77 };

test('closeHoles: removes whole pages, and keeps the addresses in memory', () => {
  const before = program([first, second, third], [second.offset, third.offset]);
  const after = closeHoles(before, page);
  assert.is(after.length, 3 * page + 100 + 77 + 128);
  const [, ...rest] = image(before);
  const [, ...restAfter] = image(after);
  assert.equal(restAfter, rest);
  const view = new DataView(after.buffer, after.byteOffset);
  const sections = Number(view.getBigUint64(0x28, true));
  assert.is(Number(view.getBigUint64(sections + 24, true)), 2 * page);
  assert.is(Number(view.getBigUint64(sections + 64 + 24, true)), 3 * page + 100);
});

test('closeHoles: uses the given size of a page', () => {
  const parts = [first, { offset: 0x18000, bytes: 300 }];
  assert.is(closeHoles(program(parts, []), 65_536).length, 0x8000 + 300);
  assert.is(closeHoles(program(parts, []), 0x20000).length, 0x18000 + 300);
});

test('closeHoles: refuses to remove a hole that is not empty', () => {
  assert.throws(() => closeHoles(program([first, second], [], false), page), /not empty: 8192 to 2097152/);
  assert.throws(() => closeHoles(program([first, second], [0x100000]), page), /something begins at 1048576/);
  assert.throws(() => closeHoles(Buffer.from('MZ'.padEnd(100)), page), /not an ELF file/);
});

test('closeHoles: the Node that runs this test starts without its holes', () => {
  if (process.platform !== 'linux') return void process.stdout.write('skipped: it has holes only on Linux\n');
  const before = readFileSync(execPath);
  const after = closeHoles(before, process.arch === 'x64' ? page : 65_536);
  const path = join(folder, 'node');
  writeFileSync(path, after, { mode: 0o755 });
  assert.is(execFileSync(path, ['-p', 'process.version'], { encoding: 'utf8' }).trim(), process.version);
  for (const [index, [address, content]] of image(after).entries()) {
    const [addressBefore, contentBefore] = image(before)[index] ?? [];
    assert.is(address, addressBefore);
    // The first part contains the headers, which hold offsets in the file.
    if (index > 0) assert.ok(content.equals(contentBefore ?? Buffer.alloc(0)));
  }
});

test.run();
