import { errnoOf } from '@sluice/platform';
import { statNameOrNull } from '../storage/storage.ts';
import { diverted } from '../task/mount.ts';
import type { CopyTask } from '../task/task.ts';

/**
 * Makes the folders above a name that are missing, durably; never the root itself.
 */
export async function makeParents(task: CopyTask, name: string): Promise<void> {
  const folders = foldersAbove(name);
  const deepest = folders.at(-1);
  if (deepest === undefined || (await statNameOrNull(task.destination, deepest)) !== null) return;
  for (const folder of folders) {
    if ((await statNameOrNull(task.destination, folder)) === null) await makeOne(task, folder);
  }
}

/** `a/b/c.mxf` → `a`, `a/b`. */
export function foldersAbove(name: string): string[] {
  const parts = name.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

async function makeOne(task: CopyTask, folder: string): Promise<void> {
  try {
    await task.destination.makeFolder(
      folder,
      await folderMode(task, folder),
      task.route.guard === 'none' ? null : task.order.mount.mountId,
    );
  } catch (error) {
    // Somebody else may have made it; a server that says so falsely is found out by the create that follows.
    if (errnoOf(error) === 'DIVERTED') throw diverted(`make folder ${folder}`);
    if (errnoOf(error) !== 'EEXIST') throw error;
  }
  await task.destination.syncFolder(folder.includes('/') ? folder.slice(0, folder.lastIndexOf('/')) : '');
}

async function folderMode(task: CopyTask, folder: string): Promise<number> {
  const configured = task.route.destinationMode?.folder;
  if (configured !== undefined) return configured;
  const facts = await task.source.stat(folder).catch(() => null);
  // Without our own bits nothing could be made in it.
  return facts?.kind === 'folder' ? (facts.mode & 0o777) | 0o700 : 0o777;
}
