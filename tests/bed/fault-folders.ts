import { type FaultMount, makeFaultMount } from './fault-mount.ts';
import { type Folders, makeFolders } from './folders.ts';
import { type Agent, startAgent, stopAgents } from './sluice.ts';

/** A source, a state folder, and a destination that fails when the test says so. */
export interface FaultFolders {
  readonly folders: Folders;
  readonly mount: FaultMount;
}

/** Creates the folders and the mount. */
export async function makeFaultFolders(): Promise<FaultFolders> {
  return { folders: await makeFolders(), mount: await makeFaultMount() };
}

/** Frees what hangs, unmounts everything and ends the agents, whatever the test did. */
export async function removeFaultFolders({ folders, mount }: FaultFolders): Promise<void> {
  await stopAgents();
  await mount.remove();
  await folders.remove();
}

/** Starts an agent that copies to the mount so slowly that a test can act in the middle of a copy. */
export function startOnMount({ folders, mount }: FaultFolders, args: readonly string[] = ['--max-rate', '6MB']): Agent {
  return startAgent({ from: folders.source, to: mount.path, stateDir: folders.stateDir, args });
}
