import path from 'node:path';
import process from 'node:process';
import { ConfigError, usageProblem } from '../problems/problem.ts';

/** The kind of location of a `sluice.toml`. It decides where the state folder is. */
export type Location = 'portable' | 'machine' | 'user' | 'elsewhere';

interface ConfigLocation {
  readonly location: Exclude<Location, 'elsewhere'>;
  readonly file: string;
}

/** Returns the locations of a `sluice.toml`, in order: next to the executable, machine-wide, the user's. */
export function configLocations(around: Surroundings): readonly ConfigLocation[] {
  const locations: ConfigLocation[] = [];
  const add = (location: ConfigLocation['location'], folder: string | null) => {
    if (folder !== null) locations.push({ location, file: paths(around).join(folder, 'sluice.toml') });
  };
  add('portable', around.executableDir);
  add('machine', machineConfigDir(around));
  add('user', userConfigDir(around));
  return locations;
}

/** Returns which location an absolute path of a `sluice.toml` is. */
export function locationOf(file: string, around: Surroundings): Location {
  return configLocations(around).find((candidate) => candidate.file === file)?.location ?? 'elsewhere';
}

/** Returns the path functions of the platform in question, which in a test may differ from the one that runs. */
export function paths(around: Surroundings): path.PlatformPath {
  return around.platform === 'win32' ? path.win32 : path.posix;
}

function machineConfigDir(around: Surroundings): string | null {
  if (around.platform === 'win32') return below(around, absolute(around, 'ProgramData'), 'Sluice');
  return around.platform === 'darwin' ? '/Library/Application Support/Sluice' : '/etc/sluice';
}

/** @returns null if neither the variable nor a home is known */
function userConfigDir(around: Surroundings): string | null {
  if (around.platform === 'win32') return below(around, absolute(around, 'APPDATA'), 'Sluice');
  if (around.platform === 'darwin') return below(around, home(around), 'Library/Application Support/Sluice');
  return below(around, absolute(around, 'XDG_CONFIG_HOME') ?? below(around, home(around), '.config'), 'sluice');
}

/** Returns where a machine-wide agent keeps its state. */
function machineStateDir(around: Surroundings): string | null {
  const folder = machineConfigDir(around);
  if (around.platform === 'win32' || around.platform === 'darwin') return below(around, folder, 'state');
  return '/var/lib/sluice';
}

/** Returns where a user's agent keeps its state, or null if no home is known. */
export function userStateDir(around: Surroundings): string | null {
  if (around.platform === 'win32') return below(around, absolute(around, 'LOCALAPPDATA'), 'Sluice/state');
  if (around.platform === 'darwin') return below(around, home(around), 'Library/Application Support/Sluice/state');
  return below(around, absolute(around, 'XDG_STATE_HOME') ?? below(around, home(around), '.local/state'), 'sluice');
}

function home(around: Surroundings): string | null {
  return absolute(around, 'HOME');
}

/** The XDG specification says that a relative path in a variable is to be ignored. */
function absolute(around: Surroundings, variable: string): string | null {
  const value = around.env[variable];
  return value !== undefined && paths(around).isAbsolute(value) ? value : null;
}

function below(around: Surroundings, folder: string | null, name: string): string | null {
  return folder === null ? null : paths(around).join(folder, name);
}

/** What the configuration reads from the machine. It is injected, so that every location can be tested anywhere. */
export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The current folder, absolute. */
  readonly cwd: string;
  /** The folder of the executable. Null in a checkout. */
  readonly executableDir: string | null;
}

/** Returns the surroundings of this process. @param executableDir the folder of the executable, null in a checkout */
export function surroundings(executableDir: string | null): Surroundings {
  return { platform: process.platform, env: process.env, cwd: process.cwd(), executableDir };
}

/** Next to a portable `sluice.toml`; a separate folder, because the state folder is private to its user. */
const portableStateName = 'sluice-state';

/**
 * Returns the default folder of the journal: next to a portable `sluice.toml`, the machine's folder for a machine-wide one, else
 * the user's own (`$XDG_STATE_HOME/sluice`, `~/.local/state/sluice`).
 * @param file absolute path of the configuration; null with `--from` and `--to`
 * @throws ConfigError if no home is known
 */
export function defaultStateDir(location: Location, file: string | null, around: Surroundings): string {
  if (location === 'portable' && file !== null) return paths(around).join(paths(around).dirname(file), portableStateName);
  const folder = location === 'machine' ? machineStateDir(around) : userStateDir(around);
  if (folder !== null) return folder;
  const variable = around.platform === 'win32' ? (location === 'machine' ? 'ProgramData' : 'LOCALAPPDATA') : 'HOME';
  throw new ConfigError([
    usageProblem(`cannot choose a folder for the journal: ${variable} is not set to an absolute path; give one with --state DIR`),
  ]);
}
