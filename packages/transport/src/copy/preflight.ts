import type { CopyOrder, CopyReport } from '@sluice/core/model';
import { errnoOf } from '@sluice/platform';
import { finding, isOfSide } from '../storage/failure.ts';
import { type FileFacts, isSameFile, statNameOrNull } from '../storage/storage.ts';
import { readOnly } from '../streams/read-chunks.ts';
import { assertRootOnMount } from '../task/mount.ts';
import { fingerprintOf, type LaneDependencies } from '../task/task.ts';
import { foldersAbove } from '../writing/folders.ts';

/** A lease or a lock that is being broken answers EAGAIN to a non-blocking open; Windows' sharing violation is EBUSY. */
const heldByWriter = new Set(['EBUSY', 'ETXTBSY', 'EAGAIN', 'EWOULDBLOCK']);

/** Checks both sides before anything is made. */
export async function preflight(dependencies: LaneDependencies, order: CopyOrder): Promise<CopyReport> {
  try {
    const source = await dependencies.source.open(order.source, 'read');
    const sourceFacts = await readOnly(source, () => source.facts());
    const sourceFingerprint = fingerprintOf(sourceFacts);
    await assertRootOnMount(dependencies, order.mount);
    await assertOwnFolders(dependencies, order.destination);
    const existingSizeBytes = await sizeUnder(dependencies, order.destination, sourceFacts);
    const { freeBytes } = await dependencies.destination.room();
    return { kind: 'preflight', preflight: { sourceFingerprint, existingSizeBytes, freeBytes } };
  } catch (error) {
    const code = errnoOf(error);
    if (heldByWriter.has(code) && isOfSide(error, 'source')) return { kind: 'held_by_writer', code };
    throw error;
  }
}

/** A link instead of a folder may lead anywhere, into the source too. @throws LINKED */
async function assertOwnFolders(dependencies: LaneDependencies, name: string): Promise<void> {
  for (const folder of foldersAbove(name)) {
    const facts = await statNameOrNull(dependencies.destination, folder);
    if (facts === null) return;
    if (facts.kind !== 'folder') throw finding('destination', 'LINKED', `look at ${folder}`, 'it is a link or a file, not a folder');
  }
}

/**
 * @returns null where nothing has the name, -1 for what is no regular file.
 * @throws SAME_FILE where it is the source itself: what is compared with itself is always equal
 */
async function sizeUnder(dependencies: LaneDependencies, name: string, source: FileFacts): Promise<number | null> {
  const facts = await statNameOrNull(dependencies.destination, name);
  if (facts === null) return null;
  if (isSameFile(facts, source)) throw finding('destination', 'SAME_FILE', `look at ${name}`, 'it is the source file itself');
  return facts.kind === 'file' ? facts.sizeBytes : -1;
}
