import { type Folders, makeFolders } from './folders.ts';
import { type LoopMount, makeLoopMount } from './loop-mount.ts';
import { type Agent, startAgent, stopAgents } from './sluice.ts';

/** A source, a state folder, and a path where one disk or another is mounted, or none. */
export interface DiskFolders {
  readonly folders: Folders;
  readonly disk: LoopMount;
}

/** With the disk `ours` mounted. @param megabytes the size of every disk */
export async function makeDiskFolders(megabytes = 128): Promise<DiskFolders> {
  const disk = await makeLoopMount(megabytes);
  await disk.mount('ours');
  return { folders: await makeFolders(), disk };
}

export async function removeDiskFolders({ folders, disk }: DiskFolders): Promise<void> {
  await stopAgents();
  await disk.remove();
  await folders.remove();
}

/** An agent that copies to the disk, slowly enough to be met in the middle. */
export function startOnDisk({ folders, disk }: DiskFolders, args: readonly string[] = ['--max-rate', '6MB']): Agent {
  return startAgent({ from: folders.source, to: disk.path, stateDir: folders.stateDir, args });
}

/** What a fresh ext4 holds. */
export const ownFolders = ['lost+found'];
