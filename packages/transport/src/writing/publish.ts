import { type CopyReport, type DestinationMount, type FileIdentity, isOtherFile, type PublishOrder } from '@sluice/core/model';
import { errnoOf } from '@sluice/platform';
import { renameWhile } from '../patient-storage.ts';
import { hashOfName, mismatch } from '../reading/source-and-readback.ts';
import { CallFailure, type FileFacts, isSameFile, type OpenFile, type Storage } from '../storage/storage.ts';
import { assertRootOnMount, diverted, identityOf, isOnMount, type LaneDependencies, lost, openOwn } from '../task/task.ts';
import { assertPinned, dress, fileMode, folderOf, type PublishMemory } from './target.ts';

/**
 * Gives a verified copy its final name. Never replaces a file. If it is called again after a crash, it continues where it had stopped.
 *
 * @returns `published`, `name_taken`, `link_refused` or `claimed`
 * @throws LOST if the copy is gone or replaced, MISMATCH if its bytes differ, DIVERTED, or the failure of a call
 */
export async function publish(dependencies: LaneDependencies, order: PublishOrder, memory: PublishMemory): Promise<CopyReport> {
  const { part } = order;
  if (part === null) return await finishVisible(dependencies, order, memory);
  if (!(await preparePart(dependencies, order, part, memory))) return await partIsGone(dependencies, order, memory);
  if (order.claim === null) return await byLink(dependencies, order, part, memory);
  if (order.claim.claimed === null) return await makeClaim(dependencies, order, part, memory);
  return await overClaim(dependencies, order, part, await presentClaim(dependencies, order, order.claim.claimed), memory);
}

/** Verifies the part if needed, sets its times and mode, and syncs it. @returns false if it does not exist any more */
async function preparePart(dependencies: LaneDependencies, order: PublishOrder, part: string, memory: PublishMemory): Promise<boolean> {
  try {
    if (!memory.isVerified) await verifyContent(dependencies, order, part, memory);
    await dress(dependencies, order, part, memory);
    memory.isVerified = true;
    return true;
  } catch (error) {
    if (errnoOf(error) === 'LOST') return false;
    throw error;
  }
}

/** Verifies a file by its hash and keeps it open as the pin, so that the later steps can check that it is the same file. */
async function verifyContent(dependencies: LaneDependencies, order: PublishOrder, name: string, memory: PublishMemory): Promise<void> {
  memory.pin ??= await openOwn(dependencies, order.mount, name, 'read');
  const found = await hashNamed(dependencies, order, name);
  if (found?.hash.value !== order.hash.value) throw mismatch(name, 'other bytes', `xxh64 ${order.hash.value}`);
  await assertPinned(found.facts, memory, name);
}

async function hasOurBytes(dependencies: LaneDependencies, order: PublishOrder, name: string): Promise<boolean> {
  return (await hashNamed(dependencies, order, name))?.hash.value === order.hash.value;
}

async function hashNamed(dependencies: LaneDependencies, order: PublishOrder, name: string): ReturnType<typeof hashOfName> {
  const buffers = dependencies.buffers.acquire(order.sizeBytes);
  const reading = { name, sizeBytes: order.sizeBytes, buffers, onRead: () => undefined };
  const found = await hashOfName(dependencies, order.mount, reading);
  dependencies.buffers.giveBack(buffers);
  return found;
}

/** Errors that are about the disk and not about links. A claim would fail with them too. */
const diskRefusals = new Set(['EROFS', 'ENOSPC', 'EDQUOT']);

/**
 * Publishes by a link. Storage without links may refuse one with almost any error (rclone: EIO). So after any error, if the destination
 * still answers, the report is `link_refused` and a claim follows. If the link was made after all, the claim finds these bytes there.
 */
async function byLink(dependencies: LaneDependencies, order: PublishOrder, part: string, memory: PublishMemory): Promise<CopyReport> {
  try {
    await dependencies.destination.link(part, order.destination);
  } catch (error) {
    const code = errnoOf(error);
    if (code === 'EEXIST') return await afterNameTaken(dependencies, order, part, memory);
    if (!(error instanceof CallFailure) || !(await isRefusedLink(dependencies, order.mount, part, code))) throw error;
    return { kind: 'link_refused', code };
  }
  return await afterLink(dependencies, order, part, memory);
}

/** Returns whether a failed link means that links are refused: the error is not about the disk, and the destination still answers. */
export async function isRefusedLink(dependencies: LaneDependencies, mount: DestinationMount, name: string, code: string): Promise<boolean> {
  if (diskRefusals.has(code)) return false;
  try {
    await assertRootOnMount(dependencies, mount);
    return (await dependencies.destination.stat(name)) !== null;
  } catch (error) {
    if (error instanceof CallFailure) return false;
    throw error;
  }
}

/** Removes the temporary name after the link. If that fails, the copy is still published, with a note. @throws LOST */
async function afterLink(dependencies: LaneDependencies, order: PublishOrder, part: string, memory: PublishMemory): Promise<CopyReport> {
  const verified = memory.pin?.atOpen ?? null;
  if (!(await isVerifiedFile(dependencies, order, verified))) throw await takenBack(dependencies, order, part);
  await closeFile(memory, 'pin');
  try {
    await dependencies.destination.unlink(part, true);
  } catch (error) {
    const code = errnoOf(error);
    if (code !== 'ENOENT') memory.notes.push({ kind: 'part_left', code });
  }
  return await published(dependencies, order, memory);
}

/**
 * Returns whether the final name names the verified file, and not one that took the temporary name just before the link. If the inode
 * differs, the bytes decide. If they are equal and the storage is not known to have real inodes, it makes them up for links: from then
 * on inodes are not compared.
 */
async function isVerifiedFile(dependencies: LaneDependencies, order: PublishOrder, verified: FileFacts | null): Promise<boolean> {
  if (verified === null || dependencies.inodes.areMadeUp) return true;
  const there = await dependencies.destination.stat(order.destination);
  if (there !== null && isSameFile(there, verified)) return true;
  if (!(await hasOurBytes(dependencies, order, order.destination))) return false;
  dependencies.inodes.areMadeUp = !(await dependencies.hasRealInodes());
  return true;
}

/** Removes the final name that Sluice gave another file by mistake. The other file keeps its own name. @returns the error LOST */
async function takenBack(dependencies: LaneDependencies, order: PublishOrder, part: string): Promise<Error> {
  await takeNameBack(dependencies.destination, order.destination, part);
  return lost(part);
}

/** Removes a name that a link made, if it still names the same file as `from`. */
export async function takeNameBack(destination: Storage, name: string, from: string): Promise<void> {
  const there = await destination.stat(name);
  const other = await destination.stat(from);
  if (there !== null && other !== null && isSameFile(there, other)) await destination.unlink(name);
}

/** Finishes the publication if the final name names our earlier link or the same bytes, else reports `name_taken`. */
async function afterNameTaken(
  dependencies: LaneDependencies,
  order: PublishOrder,
  part: string,
  memory: PublishMemory,
): Promise<CopyReport> {
  const [there, ours] = [await dependencies.destination.stat(order.destination), await dependencies.destination.stat(part)];
  const verified = memory.pin?.atOpen ?? ours;
  const isOurs = there !== null && verified !== null && isSameFile(there, verified);
  if (isOurs || (await hasOurBytes(dependencies, order, order.destination))) return await afterLink(dependencies, order, part, memory);
  return { kind: 'name_taken' };
}

async function partIsGone(dependencies: LaneDependencies, order: PublishOrder, memory: PublishMemory): Promise<CopyReport> {
  if ((await dependencies.destination.stat(order.destination)) === null) throw lost(order.part ?? order.destination);
  if (!(await hasOurBytes(dependencies, order, order.destination))) return { kind: 'name_taken' };
  return await published(dependencies, order, memory);
}

/**
 * Returns the identity of an empty file with this name. Null: there is none. If the claim was ordered before, such a file is taken for it:
 * the claim was made, and its report was lost with its process or its connection. Otherwise it would stay indefinitely, and the copy would
 * get another name.
 */
async function emptyFileAt({ destination }: LaneDependencies, name: string): Promise<FileIdentity | null> {
  const there = await destination.stat(name);
  return there !== null && there.kind === 'file' && there.sizeBytes === 0 ? identityOf(there) : null;
}

/** Returns the identity that the claim has now. Storage without hard links mostly makes up inode numbers for each mount. */
async function presentClaim(
  dependencies: LaneDependencies,
  { claim, destination }: PublishOrder,
  claimed: FileIdentity,
): Promise<FileIdentity> {
  if (claim?.isAgain !== true || (await dependencies.hasRealInodes())) return claimed;
  return (await emptyFileAt(dependencies, destination)) ?? claimed;
}

async function makeClaim(dependencies: LaneDependencies, order: PublishOrder, part: string, memory: PublishMemory): Promise<CopyReport> {
  const name = order.destination;
  let file: OpenFile;
  try {
    file = await dependencies.destination.open(name, { create: fileMode(dependencies, order, memory.sourceMode) | 0o600 });
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
    const earlier = order.claim?.isAgain === true ? await emptyFileAt(dependencies, name) : null;
    if (earlier !== null) return { kind: 'claimed', identity: earlier };
    return (await hasOurBytes(dependencies, order, name)) ? await afterLink(dependencies, order, part, memory) : { kind: 'name_taken' };
  }
  if (!isOnMount(file, order.mount, dependencies.route)) {
    await file.close();
    await dependencies.destination.unlink(name);
    throw diverted(`create ${name}`);
  }
  memory.claim = file;
  await file.sync('all');
  await dependencies.destination.syncFolder(folderOf(name));
  return { kind: 'claimed', identity: identityOf(file.atOpen) };
}

async function overClaim(
  dependencies: LaneDependencies,
  order: PublishOrder,
  part: string,
  claimed: FileIdentity,
  memory: PublishMemory,
): Promise<CopyReport> {
  const look = async (): Promise<FileFacts | null> => await dependencies.destination.stat(order.destination);
  const isClaim = (there: FileFacts | null): boolean => there !== null && isEmptyClaim(there, claimed);
  const isStillEmpty = async (): Promise<boolean> => isClaim(await look());
  const there = await look();
  if (there !== null && !isClaim(there)) return { kind: 'name_taken' };
  await closeFile(memory, 'claim');
  // The claim was removed, so the name is free.
  if (there === null) return await makeClaim(dependencies, order, part, memory);
  const verified = memory.pin?.atOpen ?? null;
  await closeFile(memory, 'pin');
  const isNamed = await renameWhile(dependencies, part, order.destination, isStillEmpty);
  if (!isNamed) return { kind: 'name_taken' };
  if (await isVerifiedFile(dependencies, order, verified)) return await published(dependencies, order, memory);
  // Another file was renamed. Give it back the name that it had.
  if ((await dependencies.destination.stat(part)) === null) await dependencies.destination.rename(order.destination, part);
  throw lost(part);
}

function isEmptyClaim(facts: FileFacts, claimed: FileIdentity): boolean {
  return facts.kind === 'file' && facts.sizeBytes === 0 && !isOtherFile(facts, claimed);
}

/** Finishes a copy that was written under its final name. @throws LOST if another file has that name */
async function finishVisible(dependencies: LaneDependencies, order: PublishOrder, memory: PublishMemory): Promise<CopyReport> {
  if (!(await isStillOurs(dependencies, order, memory))) throw lost(order.destination);
  await dress(dependencies, order, order.destination, memory);
  await closeFile(memory, 'pin');
  return await published(dependencies, order, memory);
}

async function isStillOurs(dependencies: LaneDependencies, order: PublishOrder, memory: PublishMemory): Promise<boolean> {
  if (memory.pin === null || !memory.isVerified) return await hasOurBytes(dependencies, order, order.destination);
  const there = await dependencies.destination.stat(order.destination);
  return there !== null && isSameFile(there, memory.pin.atOpen);
}

/** Syncs the name, and checks that this was not in the empty local folder below an unmounted share. @throws DIVERTED */
async function published(dependencies: LaneDependencies, order: PublishOrder, memory: PublishMemory): Promise<CopyReport> {
  await dependencies.destination.syncFolder(folderOf(order.destination));
  await assertRootOnMount(dependencies, order.mount);
  const { folderModes } = dependencies;
  if (folderModes.refusal !== null && !folderModes.isNoted) {
    folderModes.isNoted = true;
    memory.notes.push({ kind: 'folder_mode_not_set', code: folderModes.refusal });
  }
  return { kind: 'published', notes: [...memory.notes] };
}

/** Closes the pin or the claim before a rename or removal: NFS keeps an open file under another name (`.nfs…`). */
async function closeFile(memory: PublishMemory, what: 'pin' | 'claim'): Promise<void> {
  const file = memory[what];
  memory[what] = null;
  await file?.close();
}
