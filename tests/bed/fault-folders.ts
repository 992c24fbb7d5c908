import { type FaultMount, makeFaultMount } from './fault-mount.ts';
import { type Folders, makeFolders } from './folders.ts';
import { type Agent, startAgent, stopAgents } from './sluice.ts';

/** A source, a state folder, and a destination that fails as asked. */
export interface FaultFolders {
  readonly folders: Folders;
  readonly mount: FaultMount;
}

export async function makeFaultFolders(): Promise<FaultFolders> {
  return { folders: await makeFolders(), mount: await makeFaultMount() };
}

/** Whatever the test did: what hangs is freed, nothing stays mounted, no agent stays. */
export async function removeFaultFolders({ folders, mount }: FaultFolders): Promise<void> {
  await stopAgents();
  await mount.remove();
  await folders.remove();
}

/** An agent that copies to the mount, slowly enough to be met in the middle. */
export function startOnMount({ folders, mount }: FaultFolders, args: readonly string[] = ['--max-rate', '6MB']): Agent {
  return startAgent({ from: folders.source, to: mount.path, stateDir: folders.stateDir, args });
}
