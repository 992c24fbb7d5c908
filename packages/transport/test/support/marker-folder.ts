import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Awaitable, mountIdOfPath } from '@sluice/platform';
import { test } from 'uvu';
import { mountedFolder } from '../../src/mounted/folder.ts';
import type { MarkerOrder } from '../../src/mounted/marker.ts';
import type { Storage } from '../../src/storage/storage.ts';

export const first = '11111111-1111-4111-8111-111111111111';
export const second = '22222222-2222-4222-8222-222222222222';
export const agentId = '0a0b0c0d';

/** A storage whose links fail with this code. */
export function linksFail(root: string, code: string, first: () => void = () => undefined): Storage {
  const link = async (): Promise<never> => {
    first();
    return await Promise.reject(Object.assign(new Error('planted'), { code }));
  };
  return { ...mountedFolder(root), link };
}

/** A storage that refuses links, as filesystems without hard links do. */
export function withoutLinks(root: string): Storage {
  return linksFail(root, 'EPERM');
}

/** An order to mark `root` with `first`. */
export function orderFor(root: string, more: Partial<MarkerOrder> = {}): MarkerOrder {
  return { marker: first, agentId, mount: { path: root, mountId: mountIdOfPath(root) }, mayGoOn: () => true, ...more };
}

/** A test that is given an empty folder. */
export function claim(name: string, work: (root: string) => Promise<void>): void {
  test(name, async () => {
    const root = await mkdtemp(join(tmpdir(), 'sluice-marker-'));
    try {
      await work(root);
    } finally {
      await rm(root, { recursive: true, force: true });
    }
  });
}

/** Returns the code of the error that this rejects with; `resolved` if it does not reject. */
export async function codeOfFailure(work: Promise<unknown> | (() => Awaitable<unknown>)): Promise<string> {
  try {
    await (typeof work === 'function' ? work() : work);
  } catch (error) {
    return (error as { code?: string }).code ?? 'none';
  }
  return 'resolved';
}
