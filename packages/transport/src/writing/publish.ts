import type { CopyReport, FileIdentity, PublishOrder } from '@sluice/core';
import { closeQuietly, errnoOf } from '@sluice/platform';
import { hashOfName } from '../reading/content.ts';
import { mismatch } from '../reading/readback.ts';
import { type FileFacts, isSameFile, lookOrNull, type OpenFile } from '../storage/storage.ts';
import { renameWhile } from '../task/patient.ts';
import { assertRootOnPlace, diverted, isOnPlace, lost, openOwn } from '../task/place.ts';
import { identityOf, type LaneMeans } from '../task/task.ts';
import { fileMode, folderOf } from './target.ts';

/** What this process remembers between the steps of one publication; empty in a process that never saw the copy. */
export interface PublishMemory {
  /** The part was verified here, or its content was proven on the way. */
  isProven: boolean;
  /** What was written, held open so that its inode stays the same. */
  pin: OpenFile | null;
  /** The claim, likewise. */
  claim: OpenFile | null;
  readonly notes: string[];
}

export function emptyMemory(): PublishMemory {
  return { isProven: false, pin: null, claim: null, notes: [] };
}

/**
 * Gives verified bytes their final name; what bears it already is never replaced. Asked again after a crash, it finds
 * out how far it had come.
 *
 * @returns `published`, `name_taken`, `link_refused` or `claimed`.
 */
export async function publish(means: LaneMeans, order: PublishOrder, memory: PublishMemory): Promise<CopyReport> {
  const { part } = order;
  if (part === null) return await finishVisible(means, order, memory);
  if (!(await preparePart(means, order, part, memory))) return await partIsGone(means, order, memory);
  await letGo(memory, 'pin');
  if (order.claim === null) return await byLink(means, order, part, memory);
  if (order.claim.claimed === null) return await makeClaim(means, order, part, memory);
  return await overClaim(means, order, part, order.claim.claimed, memory);
}

/** Times, mode and syncs of the part, before it is seen. @returns false where it is not there any more. */
async function preparePart(means: LaneMeans, order: PublishOrder, part: string, memory: PublishMemory): Promise<boolean> {
  try {
    if (!memory.isProven) await proveContent(means, order, part);
    await dress(means, order, part, memory);
    memory.isProven = true;
    return true;
  } catch (error) {
    if (errnoOf(error) === 'LOST') return false;
    throw error;
  }
}

async function proveContent(means: LaneMeans, order: PublishOrder, name: string): Promise<void> {
  const file = await openOwn(means, order.place, name, 'read');
  void closeQuietly(file);
  if (!(await hasOurBytes(means, order, name))) throw mismatch(name, 'other bytes', `xxh64 ${order.hash.value}`);
}

async function hasOurBytes(means: LaneMeans, order: PublishOrder, name: string): Promise<boolean> {
  const buffers = means.buffers.take();
  const reading = { name, sizeBytes: order.sizeBytes, buffers, onRead: () => undefined };
  const found = await hashOfName(means, order.place, reading);
  means.buffers.giveBack(buffers);
  return found?.hash.value === order.hash.value;
}

/** Sets times and mode and makes all of it durable. Refused ones are notes: CIFS refuses both after data was written. */
async function dress(means: LaneMeans, order: PublishOrder, name: string, memory: PublishMemory): Promise<void> {
  const file = await openToDress(means, order, name);
  try {
    const facts = await file.facts();
    if (facts.sizeBytes !== order.sizeBytes) throw mismatch(name, `${facts.sizeBytes} bytes`, `${order.sizeBytes} bytes`);
    await noteRefusal(memory, 'times', () => file.setTimes(order.mtimeNs));
    await noteRefusal(memory, 'mode', () => file.setMode(fileMode(means, order)));
    await file.sync('all');
  } catch (error) {
    void closeQuietly(file);
    throw error;
  }
  await file.close();
}

/** Windows sets times only through a writing handle; a mode set by an earlier try may forbid one. */
async function openToDress(means: LaneMeans, order: PublishOrder, name: string): Promise<OpenFile> {
  try {
    return await openOwn(means, order.place, name, 'write');
  } catch (error) {
    if (errnoOf(error) !== 'EACCES' && errnoOf(error) !== 'EPERM') throw error;
    return await openOwn(means, order.place, name, 'read');
  }
}

const refusals = new Set(['EPERM', 'EACCES', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL', 'EROFS']);

async function noteRefusal(memory: PublishMemory, what: string, call: () => Promise<void>): Promise<void> {
  try {
    await call();
  } catch (error) {
    const code = errnoOf(error);
    if (!refusals.has(code)) throw error;
    const note = `${what} not set: ${code}`;
    if (!memory.notes.includes(note)) memory.notes.push(note);
  }
}

/** EISDIR is what libuv makes of a FAT volume's answer on Windows. */
const linkRefusals = new Set(['EPERM', 'EACCES', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL', 'EISDIR', 'EXDEV']);

async function byLink(means: LaneMeans, order: PublishOrder, part: string, memory: PublishMemory): Promise<CopyReport> {
  try {
    await means.destination.link(part, order.destination);
  } catch (error) {
    const code = errnoOf(error);
    if (code === 'EEXIST') return await linkTaken(means, order, part, memory);
    if (linkRefusals.has(code)) return { kind: 'link_refused', code };
    throw error;
  }
  return await afterLink(means, order, part, memory);
}

async function afterLink(means: LaneMeans, order: PublishOrder, part: string, memory: PublishMemory): Promise<CopyReport> {
  await means.destination.unlink(part).catch((error: unknown) => {
    if (errnoOf(error) !== 'ENOENT') throw error;
  });
  return await published(means, order, memory);
}

/** Our own earlier link, or these very bytes (some storage gives a link an inode of its own), or not ours. */
async function linkTaken(means: LaneMeans, order: PublishOrder, part: string, memory: PublishMemory): Promise<CopyReport> {
  const [there, ours] = [await lookOrNull(means.destination, order.destination), await lookOrNull(means.destination, part)];
  const isOurs = there !== null && ours !== null && isSameFile(there, ours);
  if (isOurs || (await hasOurBytes(means, order, order.destination))) return await afterLink(means, order, part, memory);
  return { kind: 'name_taken' };
}

async function partIsGone(means: LaneMeans, order: PublishOrder, memory: PublishMemory): Promise<CopyReport> {
  if ((await lookOrNull(means.destination, order.destination)) === null) throw lost(order.part ?? order.destination);
  if (!(await hasOurBytes(means, order, order.destination))) return { kind: 'name_taken' };
  return await published(means, order, memory);
}

async function makeClaim(means: LaneMeans, order: PublishOrder, part: string, memory: PublishMemory): Promise<CopyReport> {
  const name = order.destination;
  let file: OpenFile;
  try {
    file = await means.destination.open(name, { create: fileMode(means, order) | 0o600 });
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
    return (await hasOurBytes(means, order, name)) ? await afterLink(means, order, part, memory) : { kind: 'name_taken' };
  }
  if (!isOnPlace(file, order.place, means.route)) {
    await file.close();
    await means.destination.unlink(name);
    throw diverted(`create ${name}`);
  }
  memory.claim = file;
  await file.sync('all');
  await means.destination.syncFolder(folderOf(name));
  return { kind: 'claimed', identity: identityOf(await file.facts()) };
}

async function overClaim(
  means: LaneMeans,
  order: PublishOrder,
  part: string,
  claimed: FileIdentity,
  memory: PublishMemory,
): Promise<CopyReport> {
  const isStillEmpty = async (): Promise<boolean> => {
    const there = await lookOrNull(means.destination, order.destination);
    return there !== null && isEmptyClaim(there, claimed);
  };
  if (!(await isStillEmpty())) return { kind: 'name_taken' };
  await letGo(memory, 'claim');
  const isNamed = await renameWhile(means, part, order.destination, isStillEmpty);
  return isNamed ? await published(means, order, memory) : { kind: 'name_taken' };
}

function isEmptyClaim(facts: FileFacts, claimed: FileIdentity): boolean {
  const isThatFile = facts.device === claimed.device && facts.inode === claimed.inode;
  return facts.kind === 'file' && facts.sizeBytes === 0 && isThatFile;
}

/** A copy that was written under its final name: it must still be ours by that name. */
async function finishVisible(means: LaneMeans, order: PublishOrder, memory: PublishMemory): Promise<CopyReport> {
  if (!(await isStillOurs(means, order, memory))) throw lost(order.destination);
  await dress(means, order, order.destination, memory);
  await letGo(memory, 'pin');
  return await published(means, order, memory);
}

async function isStillOurs(means: LaneMeans, order: PublishOrder, memory: PublishMemory): Promise<boolean> {
  if (memory.pin === null || !memory.isProven) return await hasOurBytes(means, order, order.destination);
  const there = await lookOrNull(means.destination, order.destination);
  return there !== null && isSameFile(there, await memory.pin.facts());
}

/** What was synced, and where nothing was left to remove, may have been the empty folder of a share that is gone. @throws DIVERTED */
async function published(means: LaneMeans, order: PublishOrder, memory: PublishMemory): Promise<CopyReport> {
  await means.destination.syncFolder(folderOf(order.destination));
  await assertRootOnPlace(means, order.place);
  return { kind: 'published', notes: [...memory.notes] };
}

/** An open file that is renamed or removed lives on under a strange name on NFS. */
async function letGo(memory: PublishMemory, what: 'pin' | 'claim'): Promise<void> {
  const file = memory[what];
  memory[what] = null;
  await file?.close();
}
