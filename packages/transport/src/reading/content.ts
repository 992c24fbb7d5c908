import type { ContentHash, DestinationMount, ReadbackMethod, Side } from '@sluice/core';
import { errnoOf } from '@sluice/platform';
import { finding, isDirectRefused } from '../storage/failure.ts';
import type { FileFacts, OpenFile } from '../storage/storage.ts';
import type { BufferPair } from '../streams/buffers.ts';
import { endSeen, readChunks } from '../streams/read-chunks.ts';
import { readOnly } from '../streams/read-only.ts';
import { diverted, isOnMount } from '../task/mount.ts';
import type { LaneDependencies } from '../task/task.ts';

/** What is to be read. `onRead` is called after every chunk with the part that is read, 0 to 1. */
export interface Reading {
  readonly side: Side;
  readonly name: string;
  readonly sizeBytes: number;
  readonly buffers: BufferPair;
  readonly onRead: (done: number) => void;
}

/**
 * Reads a file of a known size to its end and hashes it.
 *
 * @returns null where it goes on beyond its size.
 * @throws SHORT where it ends before: that is a broken connection until the opposite is shown.
 */
export async function hashOfFile(dependencies: LaneDependencies, file: OpenFile, reading: Reading): Promise<ContentHash | null> {
  const { sizeBytes, buffers } = reading;
  const whole = dependencies.hashing.whole();
  const span = { file, chunkBytes: dependencies.limits.chunkBytes, fromByte: 0, toByte: sizeBytes, buffers };
  const end = await readChunks(span, (bytes, atByte) => {
    whole.update(bytes);
    reading.onRead((atByte + bytes.length) / sizeBytes);
  });
  if (end < sizeBytes) {
    const message = `it ended after ${end} bytes, its size is ${sizeBytes}`;
    throw finding(reading.side, 'SHORT', `read ${reading.name}`, message);
  }
  return (await endSeen(file, buffers.first, sizeBytes)) > sizeBytes ? null : whole.result();
}

/** What a file that was opened by its name holds. */
interface Hashed {
  readonly hash: ContentHash;
  readonly readback: ReadbackMethod;
  readonly facts: FileFacts;
}

/**
 * The hash of what stands under a name at the destination, past the cache where that is possible.
 *
 * @returns null where it is no regular file of this size.
 */
export async function hashOfName(
  dependencies: LaneDependencies,
  mount: DestinationMount,
  reading: Omit<Reading, 'side'>,
): Promise<Hashed | null> {
  for (const how of ['read_direct', 'read'] as const) {
    try {
      return await hashOpened(dependencies, mount, await dependencies.destination.open(reading.name, how), reading);
    } catch (error) {
      if (notARegularFile.has(errnoOf(error))) return null;
      if (how === 'read' || !isDirectRefused(error)) throw error;
    }
  }
  return null;
}

const notARegularFile = new Set(['ENOENT', 'ELOOP', 'EFTYPE', 'EISDIR']);

async function hashOpened(
  dependencies: LaneDependencies,
  mount: DestinationMount,
  file: OpenFile,
  reading: Omit<Reading, 'side'>,
): Promise<Hashed | null> {
  return await readOnly(file, async () => {
    if (!isOnMount(file, mount, dependencies.route)) throw diverted(`open ${reading.name}`);
    const facts = await file.facts();
    if (facts.sizeBytes !== reading.sizeBytes) return null;
    const hash = await hashOfFile(dependencies, file, { ...reading, side: 'destination' });
    return hash === null ? null : { hash, readback: file.isDirect ? 'direct' : 'cached', facts };
  });
}
