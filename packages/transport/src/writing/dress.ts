import type { CopyNote, PublishOrder } from '@sluice/core/model';
import { closeQuietly, errnoOf } from '@sluice/platform';
import { mismatch } from '../reading/readback.ts';
import { type FileFacts, isSameFile, type OpenFile, statNameOrNull } from '../storage/storage.ts';
import type { Dressed, Writing } from '../task/stage.ts';
import { type CopyTask, type LaneDependencies, lost, openOwn } from '../task/task.ts';

/** What this process remembers between the steps of one publication; empty in a process that never saw the copy. */
export interface PublishMemory {
  /** The part was verified here, or its content was verified on the way. */
  isVerified: boolean;
  /** What was written, open so that its inode stays the same. */
  pin: OpenFile | null;
  /** The claim, likewise. */
  claim: OpenFile | null;
  /** Permission bits of the source that was copied; null: not known here. */
  sourceMode: number | null;
  /** What the copy set already. */
  dressed: Dressed | null;
  readonly notes: CopyNote[];
}

export function emptyMemory(): PublishMemory {
  return { isVerified: false, pin: null, claim: null, sourceMode: null, dressed: null, notes: [] };
}

/**
 * Sets times and mode of what was written, so that the sync that makes the bytes durable makes these durable too. What is refused
 * here, or changed by a later write or by the close, is set when it is published.
 */
export async function dressEarly(task: CopyTask, writing: Writing): Promise<void> {
  const { file, source } = writing;
  const { mtimeNs } = task.order.expected;
  const mode = fileMode(task, task.order, source.facts.mode);
  // The file may have to be opened again, to read or to write on; and nobody else may write to it until it is verified and named.
  if ((mode & 0o622) !== 0o600) return;
  const refusal = (await refusalOf(() => file.setTimes(mtimeNs))) ?? (await refusalOf(() => file.setMode(mode)));
  if (refusal === null) writing.dressed = { mtimeNs, mode, setMtimeNs: (await file.facts()).mtimeNs };
}

/** Whether the file of this name is the one that was written, and has kept the times and the mode that were set and synced. */
async function isDressed(dependencies: LaneDependencies, order: PublishOrder, name: string, memory: PublishMemory): Promise<boolean> {
  const { dressed, pin } = memory;
  if (dressed === null || pin === null || dressed.mtimeNs !== order.mtimeNs) return false;
  const facts = await statNameOrNull(dependencies.destination, name);
  if (facts === null || !isSameFile(facts, await pin.facts()) || facts.sizeBytes !== order.sizeBytes) return false;
  const isMode = (facts.mode & 0o777) === dressed.mode && dressed.mode === fileMode(dependencies, order, memory.sourceMode);
  return isMode && facts.mtimeNs === dressed.setMtimeNs;
}

/** Sets times and mode and makes all of it durable. Refused ones are notes: CIFS refuses both after data was written. */
export async function dress(dependencies: LaneDependencies, order: PublishOrder, name: string, memory: PublishMemory): Promise<void> {
  if (await isDressed(dependencies, order, name, memory)) return;
  const file = await openToDress(dependencies, order, name);
  try {
    const facts = await file.facts();
    await assertPinned(facts, memory, name);
    if (facts.sizeBytes !== order.sizeBytes) throw mismatch(name, `${facts.sizeBytes} bytes`, `${order.sizeBytes} bytes`);
    await noteRefusal(memory, 'times_not_set', () => file.setTimes(order.mtimeNs));
    await noteRefusal(memory, 'mode_not_set', () => file.setMode(fileMode(dependencies, order, memory.sourceMode)));
    await file.sync('all');
  } catch (error) {
    void closeQuietly(file);
    throw error;
  }
  await file.close();
}

/** Windows sets times only through a writing handle; a mode set by an earlier try may forbid one. */
async function openToDress(dependencies: LaneDependencies, order: PublishOrder, name: string): Promise<OpenFile> {
  try {
    return await openOwn(dependencies, order.mount, name, 'write');
  } catch (error) {
    if (errnoOf(error) !== 'EACCES' && errnoOf(error) !== 'EPERM') throw error;
    return await openOwn(dependencies, order.mount, name, 'read');
  }
}

async function noteRefusal(memory: PublishMemory, kind: 'times_not_set' | 'mode_not_set', call: () => Promise<void>): Promise<void> {
  const code = await refusalOf(call);
  if (code !== null && !memory.notes.some((note) => note.kind === kind && note.code === code)) memory.notes.push({ kind, code });
}

/** A user who may write in this folder can give another file this name. @throws LOST */
export async function assertPinned(facts: FileFacts, memory: PublishMemory, name: string): Promise<void> {
  if (memory.pin !== null && !isSameFile(facts, await memory.pin.facts())) throw lost(name);
}

/** Never wider than the file that was read: the mode of the order is that of whatever had its path when it was listed. */
export function fileMode(dependencies: LaneDependencies, order: { readonly mode: number }, sourceMode: number | null): number {
  return (dependencies.route.destinationMode?.file ?? order.mode & (sourceMode ?? 0o777)) & 0o777;
}

/** What a destination answers that does not let mode or times be set. */
const refusals: ReadonlySet<string> = new Set(['EPERM', 'EACCES', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL', 'EROFS']);

/** Sets a mode or times. @returns the errno of a refusal, or null */
export async function refusalOf(call: () => Promise<void>): Promise<string | null> {
  try {
    await call();
    return null;
  } catch (error) {
    if (refusals.has(errnoOf(error))) return errnoOf(error);
    throw error;
  }
}
