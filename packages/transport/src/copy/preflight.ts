import type { CopyOrder, CopyReport } from '@sluice/core';
import { codeOf, isOfSide } from './failure.ts';
import { assertRootOnPlace } from './place.ts';
import { readOnly } from './read-only.ts';
import { fingerprintOf, type LaneMeans } from './task.ts';

/** A lease or a lock that is being broken answers EAGAIN to a non-blocking open; Windows' sharing violation is EBUSY. */
const heldByWriter = new Set(['EBUSY', 'ETXTBSY', 'EAGAIN', 'EWOULDBLOCK']);

/** Looks at both sides before anything is made. */
export async function preflight(means: LaneMeans, order: CopyOrder): Promise<CopyReport> {
  try {
    const source = await means.source.open(order.source, 'read');
    const sourceFingerprint = fingerprintOf(await readOnly(source, () => source.facts()));
    await assertRootOnPlace(means, order.place);
    const existingSizeBytes = await sizeUnder(means, order.destination);
    const { freeBytes } = await means.destination.room();
    return { kind: 'preflight', preflight: { sourceFingerprint, existingSizeBytes, freeBytes } };
  } catch (error) {
    const code = codeOf(error);
    if (code !== null && heldByWriter.has(code) && isOfSide(error, 'source')) return { kind: 'held_by_writer', code };
    throw error;
  }
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
