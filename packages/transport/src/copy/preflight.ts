import type { CopyOrder, CopyReport } from '@sluice/core';
import { codeOf } from './failure.ts';
import { assertRootOnPlace } from './place.ts';
import { fingerprintOf, type LaneMeans } from './task.ts';

/** A lease or a lock that is being broken answers EAGAIN to a non-blocking open; Windows' sharing violation is EBUSY. */
const heldByWriter = new Set(['EBUSY', 'ETXTBSY', 'EAGAIN', 'EWOULDBLOCK']);

/** Looks at both sides before anything is made. */
export async function preflight(means: LaneMeans, order: CopyOrder): Promise<CopyReport> {
  try {
    const file = await means.source.open(order.source, 'read');
    const sourceFingerprint = fingerprintOf(await file.facts());
    file.close().catch(() => undefined);
    await assertRootOnPlace(means, order.place);
    const existingSizeBytes = await sizeUnder(means, order.destination);
    const { freeBytes } = await means.destination.room();
    return { kind: 'preflight', preflight: { sourceFingerprint, existingSizeBytes, freeBytes } };
  } catch (error) {
    const code = codeOf(error);
    if (code !== null && heldByWriter.has(code) && isOpenOfSource(error)) return { kind: 'held_by_writer', code };
    throw error;
  }
}

function isOpenOfSource(error: unknown): boolean {
  return (error as { fault?: { side?: string } }).fault?.side === 'source';
}

/** @returns null where nothing bears the name, -1 for what is no regular file. */
async function sizeUnder(means: LaneMeans, name: string): Promise<number | null> {
  try {
    const facts = await means.destination.look(name);
    return facts.kind === 'file' ? facts.sizeBytes : -1;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}
