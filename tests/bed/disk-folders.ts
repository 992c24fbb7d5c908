import { type Folders, makeFolders } from './folders.ts';
import { type LoopMount, makeLoopMount } from './loop-mount.ts';
import { type Agent, startAgent, stopAgents } from './sluice.ts';

/** A source, a state folder, and a path on which one of several disks is mounted, or none. */
export interface DiskFolders {
  readonly folders: Folders;
  readonly disk: LoopMount;
}

/** Creates the folders with the disk `ours` mounted. @param megabytes the size of every disk */
export async function makeDiskFolders(megabytes = 128): Promise<DiskFolders> {
  const disk = await makeLoopMount(megabytes);
  await disk.mount('ours');
  return { folders: await makeFolders(), disk };
}

/** Ends the agents, and removes everything. */
export async function removeDiskFolders({ folders, disk }: DiskFolders): Promise<void> {
  await stopAgents();
  await disk.remove();
  await folders.remove();
}

/** Starts an agent that copies to the disk so slowly that a test can act in the middle of a copy. */
export function startOnDisk({ folders, disk }: DiskFolders, args: readonly string[] = ['--max-rate', '6MB']): Agent {
  return startAgent({ from: folders.source, to: disk.path, stateDir: folders.stateDir, args });
}

/** What a new ext4 contains. */
export const ownFolders = ['lost+found'];
