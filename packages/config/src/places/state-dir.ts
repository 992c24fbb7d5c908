import { ConfigError, usageProblem } from '../problems/problem.ts';
import { machineStateDir, type Place, paths, userStateDir } from './places.ts';
import type { Surroundings } from './surroundings.ts';

/** Beside a portable `sluice.toml`; a folder of its own, because the state folder is private to its user. */
export const portableStateName = 'sluice-state';

/**
 * Where the journal lives when nobody says: beside a portable `sluice.toml`, the machine's place for a machine-wide one,
 * else the user's own (`$XDG_STATE_HOME/sluice`, `~/.local/state/sluice`).
 *
 * @param file absolute path of the configuration; null with `--from` and `--to`
 * @throws ConfigError where no home is known
 */
export function defaultStateDir(place: Place, file: string | null, around: Surroundings): string {
  if (place === 'portable' && file !== null) return paths(around).join(paths(around).dirname(file), portableStateName);
  const folder = place === 'machine' ? machineStateDir(around) : userStateDir(around);
  if (folder !== null) return folder;
  const variable = around.platform === 'win32' ? (place === 'machine' ? 'ProgramData' : 'LOCALAPPDATA') : 'HOME';
  throw new ConfigError([
    usageProblem(`no place for the journal is known: ${variable} is not set to an absolute path; name one with --state DIR`),
  ]);
}
