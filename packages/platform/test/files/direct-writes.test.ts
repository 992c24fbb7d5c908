import { constants, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { WritePace } from '../../src/files/direct-writes.ts';
import { callsFor, type OpenedFile } from '../../src/files/file-calls.ts';
import { limits } from '../../src/limits.ts';
import { factsOfDescriptor } from '../../src/mounts/own-mounts.ts';

const test = suite<{ root: string; path: string }>('direct writes');

const pieceBytes = 512 * 1024;

test.before.each((context) => {
  context.root = mkdtempSync(join(tmpdir(), 'sluice-direct-'));
  context.path = join(context.root, 'a');
});
test.after.each(({ root }) => rmSync(root, { recursive: true }));

function open(path: string): OpenedFile {
  const file = callsFor(() => true).open(path, constants.O_RDWR | constants.O_CREAT, 0o600);
  assert.not(file instanceof Promise);
  return file as OpenedFile;
}

/** Memory that begins at a page. */
function pages(bytes: number): Uint8Array {
  return new Uint8Array(new WebAssembly.Memory({ initial: Math.ceil(bytes / 65_536) }).buffer, 0, bytes);
}

/** Returns how many descriptors of this process lead to a file past the page cache. */
function direct(path: string): number {
  if (constants.O_DIRECT === undefined) return 0;
  return readdirSync('/proc/self/fd').filter((fd) => {
    try {
      const { flags } = factsOfDescriptor(Number(fd));
      return readlinkSync(`/proc/self/fd/${fd}`) === path && flags !== null && (flags & constants.O_DIRECT) !== 0;
    } catch {
      return false;
    }
  }).length;
}

/** Whether the folder for temporary files is on ext4. */
function isSupported(path: string): boolean {
  return constants.O_DIRECT !== undefined && statfsSync(path).type === 0xef53;
}

/** Writes a file like a copy does: pieces of half a MiB, and what is left of it at the end. */
async function writeAll(file: OpenedFile, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    const length = Math.min(pieceBytes, bytes.length - at);
    assert.is((await file.write(bytes, at, length, at)).bytesWritten, length);
  }
}

test('large pieces are written past the page cache, and everything is in the file', async ({ path }) => {
  const bytes = pages(limits.directFromByte + 2 * pieceBytes + 300_001);
  for (let at = 0; at < bytes.length; at += 997) bytes[at] = at % 251;
  const file = open(path);
  await writeAll(file, bytes);
  assert.is(direct(path), isSupported(path) ? 1 : 0);
  await file.sync();
  assert.ok(readFileSync(path).equals(bytes));
  const changed = pages(pieceBytes).fill(7);
  await file.write(changed, 0, pieceBytes, limits.directFromByte);
  bytes.set(changed, limits.directFromByte);
  assert.ok(readFileSync(path).equals(bytes), 'what was read through the cache before is read again');
  await file.close();
  assert.is(direct(path), 0);
});

test('a piece that the system does not accept so is written through the cache, and so are those after it', async ({ path }) => {
  const memory = pages(limits.directFromByte + 2 * pieceBytes);
  // Node's own memory for this array does not begin at a page.
  const odd = new Uint8Array(new ArrayBuffer(pieceBytes + 4096)).fill(5);
  const file = open(path);
  await writeAll(file, memory.subarray(0, limits.directFromByte));
  await file.write(odd, 0, pieceBytes, limits.directFromByte);
  await file.write(memory, limits.directFromByte + pieceBytes, pieceBytes, limits.directFromByte + pieceBytes);
  memory.fill(5, limits.directFromByte, limits.directFromByte + pieceBytes);
  assert.ok(readFileSync(path).equals(memory));
  await file.close();
});

test('a file that is closed while it is written is closed after the write', async ({ path }) => {
  const bytes = pages(limits.directFromByte + pieceBytes);
  const file = open(path);
  await writeAll(file, bytes.subarray(0, limits.directFromByte));
  const writing = file.write(bytes, limits.directFromByte, pieceBytes, limits.directFromByte);
  await file.close();
  assert.is((await writing).bytesWritten, pieceBytes);
  assert.is(direct(path), 0);
  assert.is(readFileSync(path).length, bytes.length);
});

test('a disk is slow if many bytes took long, however many writes they were, and it is tried again', () => {
  let now = 1_000;
  const pace = new WritePace(() => now);
  const write = (ms: number, atOnce: number): void => {
    for (let each = 0; each < atOnce; each += 1) pace.began();
    now += ms;
    for (let each = 0; each < atOnce; each += 1) pace.ended(pieceBytes);
  };
  // 32 writes of half a MiB are judged: at 200 MB/s alone, and eight at once at the same rate.
  for (let each = 0; each < 64; each += 1) write(pieceBytes / 200_000, 1);
  for (let each = 0; each < 16; each += 1) write((8 * pieceBytes) / 200_000, 8);
  assert.ok(pace.isQuick());
  now += 60_000;
  assert.ok(pace.isQuick(), 'a pause does not count');
  for (let each = 0; each < 32; each += 1) write(pieceBytes / 100_000, 1);
  assert.not(pace.isQuick());
  now += limits.directAgainMs;
  assert.ok(pace.isQuick());
});

test.run();
