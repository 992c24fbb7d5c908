import { existsSync } from 'node:fs';
import {
  ConfigError,
  configLocations,
  defaultStateDir,
  findConfigFile,
  type Location,
  parseToml,
  paths,
  type Surroundings,
  userStateDir,
} from '@sluice/config';
import { NotRunning, Refused } from '../protocol/errors.ts';
import { type ControlClient, connectControl } from './client.ts';

/** What a command line says about which agent to use. */
export interface WhichAgent {
  /** `--state DIR` */
  readonly state?: string | undefined;
  /** `-c FILE` */
  readonly config?: string | undefined;
  readonly around: Surroundings;
}

/** A state folder that an agent may be running on. */
export interface AgentLocation {
  readonly stateDir: string;
  readonly because: 'named' | Location;
}

/**
 * Returns where an agent may run, in order. If a folder or file is named, only that one. Otherwise what `sluice.toml` says next to
 * the executable, machine-wide, and of the user, whose folder is tried without a file too (`run --from --to`).
 * @throws ConfigError if a named file cannot be read, or no folder is known at all
 */
export function agentLocations({ state, config, around }: WhichAgent): readonly AgentLocation[] {
  if (state !== undefined) return [{ stateDir: paths(around).resolve(around.cwd, state), because: 'named' }];
  if (config !== undefined) return [{ stateDir: stateDirOf(config, around), because: 'named' }];
  const locations: AgentLocation[] = [];
  for (const { file, location } of configLocations(around)) {
    const stateDir = existsSync(file) ? stateDirOrNull(file, around) : null;
    if (stateDir !== null) locations.push({ stateDir, because: location });
  }
  const own = userStateDir(around);
  if (own !== null) locations.push({ stateDir: own, because: 'user' });
  if (locations.length === 0) locations.push({ stateDir: defaultStateDir('user', null, around), because: 'user' });
  return locations.filter(({ stateDir }, index) => locations.findIndex((other) => other.stateDir === stateDir) === index);
}

/** Reads only the setting that it needs: a mistake elsewhere in the file must not prevent anybody from stopping the agent. */
function stateDirOf(named: string, around: Surroundings): string {
  const { file, location, text } = findConfigFile(named, around);
  const toml = parseToml(text);
  if ('text' in toml) throw new ConfigError([{ file: named, line: toml.line, verb: 'read', text: toml.text }]);
  const given = (toml.value['agent'] as { readonly state_dir?: unknown } | undefined)?.state_dir;
  if (typeof given === 'string' && given !== '') return paths(around).resolve(paths(around).dirname(file), given);
  return defaultStateDir(location, file, around);
}

function stateDirOrNull(file: string, around: Surroundings): string | null {
  try {
    return stateDirOf(file, around);
  } catch (error) {
    if (error instanceof ConfigError) return null;
    throw error;
  }
}

/**
 * Connects to the first agent that answers. A refusal is reported only if no other agent answers.
 * @param deadlineMs for each address
 * @throws NotRunning, Refused, TimedOut, ConfigError
 */
export async function connectAgent(which: WhichAgent, deadlineMs: number): Promise<ControlClient> {
  return await firstAgent(which, (stateDir) => connectControl({ stateDir, deadlineMs }));
}

/**
 * Tries the agents of a command line in order.
 * @param reach connects to an agent or asks it; after NotRunning and Refused, the next one is tried
 * @throws NotRunning, Refused, ConfigError, and what `reach` throws
 */
export async function firstAgent<Reached>(which: WhichAgent, reach: (stateDir: string) => Promise<Reached>): Promise<Reached> {
  const locations = agentLocations(which);
  let refused: Refused | null = null;
  for (const { stateDir } of locations) {
    try {
      return await reach(stateDir);
    } catch (error) {
      if (error instanceof Refused) refused ??= error;
      else if (!(error instanceof NotRunning)) throw error;
    }
  }
  throw refused ?? new NotRunning(locations.map(({ stateDir }) => stateDir));
}
