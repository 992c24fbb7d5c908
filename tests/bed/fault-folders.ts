import { type FaultMount, makeFaultMount } from './fault-mount.ts';
import { type Folders, makeFolders } from './folders.ts';
import { type Agent, startAgent, stopAgents } from './sluice.ts';

/** A source, a state folder, and a destination that fails as asked. */
export interface FaultGround {
  readonly folders: Folders;
  readonly mount: FaultMount;
}

export async function makeFaultGround(): Promise<FaultGround> {
  return { folders: await makeFolders(), mount: await makeFaultMount() };
}

/** Whatever the test did: what hangs is freed, nothing stays mounted, no agent stays. */
export async function removeFaultGround({ folders, mount }: FaultGround): Promise<void> {
  await stopAgents();
  await mount.remove();
  await folders.remove();
}

/** An agent that carries to the mount, slowly enough to be met in the middle. */
export function startOnMount({ folders, mount }: FaultGround, args: readonly string[] = ['--max-rate', '6MB']): Agent {
  return startAgent({ from: folders.source, to: mount.path, stateDir: folders.stateDir, args });
}
