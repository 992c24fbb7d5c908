import { existsSync } from 'node:fs';
import type { Surroundings } from '@sluice/config';
import { ConfigError, configPlaces, defaultStateDir, findConfigFile, type Place, parseToml, paths, userStateDir } from '@sluice/config';
import { NotRunning, Refused } from '../protocol/errors.ts';
import { type ControlClient, connectControl } from './client.ts';

/** What a command line says about which agent is meant. */
export interface WhichAgent {
  /** `--state DIR` */
  readonly state?: string | undefined;
  /** `-c FILE` */
  readonly config?: string | undefined;
  readonly around: Surroundings;
}

/** A state folder that an agent may be running on. */
export interface AgentPlace {
  readonly stateDir: string;
  readonly because: 'named' | Place;
}

/**
 * Where an agent may run, in order: the folder or file that is named and no other; else what `sluice.toml` next to the
 * executable says, the machine-wide one, and the user's own, whose folder is asked without a file too (`run --from --to`).
 *
 * @throws ConfigError where a named file cannot be read, or no place is known at all
 */
export function agentPlaces({ state, config, around }: WhichAgent): readonly AgentPlace[] {
  if (state !== undefined) return [{ stateDir: paths(around).resolve(around.cwd, state), because: 'named' }];
  if (config !== undefined) return [{ stateDir: stateDirOf(config, around), because: 'named' }];
  const places: AgentPlace[] = [];
  for (const { file, place } of configPlaces(around)) {
    const stateDir = existsSync(file) ? stateDirOrNull(file, around) : null;
    if (stateDir !== null) places.push({ stateDir, because: place });
  }
  const own = userStateDir(around);
  if (own !== null) places.push({ stateDir: own, because: 'user' });
  if (places.length === 0) places.push({ stateDir: defaultStateDir('user', null, around), because: 'user' });
  return places.filter(({ stateDir }, index) => places.findIndex((other) => other.stateDir === stateDir) === index);
}

/** Reads no more of the file than it needs, so that a mistake elsewhere in it keeps nobody from stopping the agent. */
function stateDirOf(named: string, around: Surroundings): string {
  const { file, place, text } = findConfigFile(named, around);
  const toml = parseToml(text);
  if ('text' in toml) throw new ConfigError([{ file: named, line: toml.line, verb: 'read', text: toml.text }]);
  const given = (toml.value['agent'] as { readonly state_dir?: unknown } | undefined)?.state_dir;
  if (typeof given === 'string' && given !== '') return paths(around).resolve(paths(around).dirname(file), given);
  return defaultStateDir(place, file, around);
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
 * Connects to the first agent that answers. A refusal is reported only where no other agent answers.
 *
 * @param deadlineMs for each place
 * @throws NotRunning, Refused, TimedOut, ConfigError
 */
export async function connectAgent(which: WhichAgent, deadlineMs: number): Promise<ControlClient> {
  const places = agentPlaces(which);
  let refused: Refused | null = null;
  for (const { stateDir } of places) {
    try {
      return await connectControl({ stateDir, deadlineMs });
    } catch (error) {
      if (error instanceof Refused) refused ??= error;
      else if (!(error instanceof NotRunning)) throw error;
    }
  }
  throw refused ?? new NotRunning(places.map(({ stateDir }) => stateDir));
}
