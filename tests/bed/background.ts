import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { kill } from 'node:process';
import { pidOn } from './ask.ts';
import { lives } from './children.ts';
import { type Folders, makeFolders } from './folders.ts';
import { type CommandEnd, shortWaits, sluice } from './sluice.ts';
import { until } from './wait.ts';

export { filesOn, pidOn } from './ask.ts';

/** Folders and a configuration for an agent in the background. */
export interface Background {
  readonly folders: Folders;
  /** Path of a configuration with one route, `ingest`. */
  readonly config: string;
}

/** Creates the folders and the configuration. */
export async function makeBackground(): Promise<Background> {
  const folders = await makeFolders();
  const setup = { folders, config: join(folders.root, 'sluice.toml') };
  await configure(setup);
  return setup;
}

/** Writes the configuration. @param more lines of the route */
export async function configure({ folders, config }: Background, more = ''): Promise<void> {
  const { source, destination, stateDir } = folders;
  const text = JSON.stringify;
  const route = ['[[route]]', 'name = "ingest"', `source = ${text(source)}`, `destination = ${text(destination)}`, more];
  await writeFile(config, ['[agent]', `state_dir = ${text(stateDir)}`, ...route].join('\n'));
}

/** Ends the agent that a test left running, and removes everything. */
export async function removeBackground({ folders }: Background): Promise<void> {
  const pid = await pidOn(folders.stateDir);
  if (pid !== null) await killed(pid);
  await folders.remove();
}

/** Kills a process, and waits for its end. */
export async function killed(pid: number): Promise<void> {
  kill(pid, 'SIGKILL');
  await until(async () => !(await lives(pid)), 5_000);
}

/** Runs `sluice start`, or `restart`, with this configuration. */
export function start({ config }: Background, word: 'start' | 'restart' = 'start'): Promise<CommandEnd> {
  return sluice([word, '-c', config, ...shortWaits]);
}

/** Runs `sluice stop` with this configuration. */
export function stop({ config }: Background, ...args: readonly string[]): Promise<CommandEnd> {
  return sluice(['stop', '-c', config, ...args]);
}
