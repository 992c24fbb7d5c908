import { type CopyReport, type DestinationMount, type FileIdentity, isOtherFile, type PublishOrder } from '@sluice/core/model';
import { errnoOf } from '@sluice/platform';
import { renameWhile } from '../calls.ts';
import { hashOfName, mismatch } from '../reading/source.ts';
import { CallFailure, type FileFacts, isSameFile, type OpenFile, type Storage } from '../storage/storage.ts';
import { assertRootOnMount, diverted, identityOf, isOnMount, type LaneDependencies, lost, openOwn } from '../task/task.ts';
import { assertPinned, dress, fileMode, folderOf, type PublishMemory } from './target.ts';

/**
 * Gives verified bytes their final name; what has it already is never replaced. Called again after a crash, it finds
 * out how far it had come.
 *
 * @returns `published`, `name_taken`, `link_refused` or `claimed`.
 */
export async function publish(dependencies: LaneDependencies, order: PublishOrder, memory: PublishMemory): Promise<CopyReport> {
  const { part } = order;
  if (part === null) return await finishVisible(dependencies, order, memory);
  if (!(await preparePart(dependencies, order, part, memory))) return await partIsGone(dependencies, order, memory);
  if (order.claim === null) return await byLink(dependencies, order, part, memory);
  if (order.claim.claimed === null) return await makeClaim(dependencies, order, part, memory);
  return await overClaim(dependencies, order, part, order.claim.claimed, memory);
}

/** Times, mode and syncs of the part, before it is seen. @returns false where it is not there any more. */
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

/** What is hashed stays open as the pin: everything that follows is done to that very file. */
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

/** These say something of the disk, not of links: a claim would meet the same. */
const diskRefusals = new Set(['EROFS', 'ENOSPC', 'EDQUOT']);

/**
 * Storage without links answers with almost any error (rclone: EIO). So whatever the error is, a destination that answers otherwise
 * gets the name by a claim. That doubles nothing: a link that was made after all holds these bytes, and the claim finds them.
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

/** @returns whether a refused link of `name` says something of links, and not of the disk */
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

/** The bytes have their final name: what happens to the other name does not change that. */
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
 * Whether the final name is that of the file that was verified, and not of one that took its temporary name just before the link.
 * Some storage makes up another inode for a link: there the bytes are read, once, and its inodes prove nothing from then on. On
 * any other, only the file of somebody else has these bytes under another inode, and that one says nothing of the next.
 */
async function isVerifiedFile(dependencies: LaneDependencies, order: PublishOrder, verified: FileFacts | null): Promise<boolean> {
  if (verified === null || dependencies.inodes.areMadeUp) return true;
  const there = await dependencies.destination.stat(order.destination);
  if (there !== null && isSameFile(there, verified)) return true;
  if (!(await hasOurBytes(dependencies, order, order.destination))) return false;
  dependencies.inodes.areMadeUp = !(await dependencies.hasRealInodes());
  return true;
}

/** The other file keeps its own name. Only the final one, which Sluice made for it, is removed. */
async function takenBack(dependencies: LaneDependencies, order: PublishOrder, part: string): Promise<Error> {
  await takeNameBack(dependencies.destination, order.destination, part);
  return lost(part);
}

/** Removes a name that was made by a link, while it still names the file that `from` names. */
export async function takeNameBack(destination: Storage, name: string, from: string): Promise<void> {
  const there = await destination.stat(name);
  const other = await destination.stat(from);
  if (there !== null && other !== null && isSameFile(there, other)) await destination.unlink(name);
}

/** Our own earlier link, or these very bytes (some storage gives a link its own inode), or not ours. */
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

async function makeClaim(dependencies: LaneDependencies, order: PublishOrder, part: string, memory: PublishMemory): Promise<CopyReport> {
  const name = order.destination;
  let file: OpenFile;
  try {
    file = await dependencies.destination.open(name, { create: fileMode(dependencies, order, memory.sourceMode) | 0o600 });
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
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
  const isStillEmpty = async (): Promise<boolean> => {
    const there = await dependencies.destination.stat(order.destination);
    return there !== null && isEmptyClaim(there, claimed);
  };
  if (!(await isStillEmpty())) return { kind: 'name_taken' };
  await closeFile(memory, 'claim');
  const verified = memory.pin?.atOpen ?? null;
  await closeFile(memory, 'pin');
  const isNamed = await renameWhile(dependencies, part, order.destination, isStillEmpty);
  if (!isNamed) return { kind: 'name_taken' };
  if (await isVerifiedFile(dependencies, order, verified)) return await published(dependencies, order, memory);
  // It goes back to the name that it had.
  if ((await dependencies.destination.stat(part)) === null) await dependencies.destination.rename(order.destination, part);
  throw lost(part);
}

function isEmptyClaim(facts: FileFacts, claimed: FileIdentity): boolean {
  return facts.kind === 'file' && facts.sizeBytes === 0 && !isOtherFile(facts, claimed);
}

/** A copy that was written under its final name: it must still be ours by that name. */
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

/** What was synced, and where nothing was left to remove, may have been the empty folder of a share that is gone. @throws DIVERTED */
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

/** An open file that is renamed or removed lives on under a strange name on NFS. */
async function closeFile(memory: PublishMemory, what: 'pin' | 'claim'): Promise<void> {
  const file = memory[what];
  memory[what] = null;
  await file?.close();
}
