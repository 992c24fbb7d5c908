import { codeOf, finding } from '../storage/failure.ts';
import { isSameFile, type OpenFile } from '../storage/storage.ts';
import { createSink } from '../streams/sink.ts';
import { assertRootOnPlace, diverted, isOnPlace, lost, openOwn } from '../task/place.ts';
import { type CopyTask, identityOf, type LaneMeans, targetName } from '../task/task.ts';
import { makeParents } from './folders.ts';
import { removePart } from './leftovers.ts';

/**
 * Makes the file that will be written to, exclusively, and announces it before it is made.
 *
 * @returns false where the visible name is taken.
 * @throws DIVERTED where it came to lie on another mount than the one that was probed; it is removed again.
 */
export async function createTarget(task: CopyTask): Promise<boolean> {
  const { order } = task;
  await assertRootOnPlace(task, order.place);
  for (const part of order.removeFirst) await removePart(task, part, order.place);
  await makeParents(task, targetName(order));
  await task.report({ kind: 'creating' });
  task.held.hasBegun = true;
  const file = await createOwn(task);
  if (file === null) return false;
  if (!isOnPlace(file, order.place, task.route)) await undoDiverted(task, file);
  attachTarget(task, file, 0);
  await task.report({ kind: 'created', identity: identityOf(await file.facts()) });
  return true;
}

async function createOwn(task: CopyTask): Promise<OpenFile | null> {
  const { order, destination } = task;
  const name = targetName(order);
  // Our own bits are needed to write on, whatever the mode says; publishing sets it exactly.
  const how = { create: fileMode(task, order) | 0o600 };
  try {
    return await destination.open(name, how);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
  if (order.part === null) return null;
  // It bears our own id: a dead attempt, or a late call of one, left it.
  await removePart(task, name, order.place);
  return await destination.open(name, how);
}

async function undoDiverted(task: CopyTask, file: OpenFile): Promise<never> {
  const name = targetName(task.order);
  await file.close();
  await task.destination.unlink(name);
  throw diverted(`create ${name}`);
}

export function attachTarget(task: CopyTask, file: OpenFile, startBytes: number): void {
  task.held.target = file;
  task.held.sink = createSink({
    file,
    name: targetName(task.order),
    startBytes,
    budget: task.budget,
    rate: task.rate,
    clock: task.clock,
    limits: task.limits,
    signal: task.calls.signal,
    onSynced: () => task.progress.tell(),
  });
}

/** Everything written is durable and the file is closed, both without an error; the name still names it. */
export async function closeTarget(task: CopyTask, sizeBytes: number): Promise<void> {
  const { target, sink } = task.held;
  if (target === null || sink === null) throw new Error('no target is open');
  const name = targetName(task.order);
  await sink.flush();
  await target.sync('all');
  const facts = await target.facts();
  if (facts.sizeBytes !== sizeBytes) {
    throw finding('destination', 'SHORT', `stat ${name}`, `${facts.sizeBytes} bytes are there, ${sizeBytes} were written`);
  }
  const pin = await openOwn(task, task.order.place, name, 'read');
  task.held.pin = pin;
  if (!isSameFile(await pin.facts(), facts)) throw lost(name);
  sink.end();
  task.held.sink = null;
  task.held.target = null;
  await target.close();
}

/** Opens what was closed, to write on: the source moved after all. @throws LOST where the name names something else. */
export async function reopenTarget(task: CopyTask, sizeBytes: number): Promise<void> {
  const { pin } = task.held;
  if (pin === null) return;
  const name = targetName(task.order);
  const file = await openOwn(task, task.order.place, name, 'write');
  attachTarget(task, file, sizeBytes);
  if (!isSameFile(await file.facts(), await pin.facts())) throw lost(name);
  task.held.pin = null;
  await pin.close();
}

export function fileMode(means: LaneMeans, order: { readonly mode: number }): number {
  return (means.route.destinationMode?.file ?? order.mode) & 0o777;
}

export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash === -1 ? '' : path.slice(0, slash);
}
