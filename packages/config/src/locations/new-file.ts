import { closeSync, fsyncSync, lstatSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { ConfigError, usageProblem } from '../problems/problem.ts';
import { configLocations, paths, type Surroundings } from './locations.ts';

/** Which `sluice.toml` a command is about. */
export interface WhichFile {
  /** `-c FILE` */
  readonly config?: string | undefined;
  readonly around: Surroundings;
  /** Whether the user administers this machine. If so, the machine-wide agent is set up. */
  readonly isAdministrator: boolean;
}

/**
 * Returns where a new `sluice.toml` belongs, so that `run` finds it: the path that is named, else the machine-wide location for an
 * administrator, else the user's own.
 * @throws ConfigError if no such location is known
 */
export function newConfigFile({ config, around, isAdministrator }: WhichFile): string {
  if (config !== undefined) return paths(around).resolve(around.cwd, config);
  const wanted = isAdministrator ? 'machine' : 'user';
  const location = configLocations(around).find((each) => each.location === wanted);
  if (location !== undefined) return location.file;
  throw new ConfigError([usageProblem('cannot choose a folder for sluice.toml: no home folder is known; give a file with -c FILE')]);
}

/** Returns whether a configuration exists, readable or not, at the path that is named or else in one of the known locations. */
export function hasConfigFile({ config, around }: Pick<WhichFile, 'config' | 'around'>): boolean {
  if (config !== undefined) return isThere(paths(around).resolve(around.cwd, config));
  return configLocations(around).some(({ file }) => isThere(file));
}

function isThere(file: string): boolean {
  try {
    lstatSync(file);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code !== 'ENOENT' && code !== 'ENOTDIR';
  }
}

/**
 * Writes a new file, and creates the folders above it.
 * @throws ConfigError if the file exists, or it cannot be written; then nothing is left behind
 */
export function writeConfigFile(file: string, text: string, around: Surroundings): void {
  const folder = paths(around).dirname(file);
  explained(file, `its folder ${folder} cannot be created`, () => mkdirSync(folder, { recursive: true }));
  if (isThere(file)) throw refused(file, 'the file exists already, and Sluice never replaces it; give another with -c FILE');
  explained(file, 'it cannot be written', () => writeNew(file, text));
}

function writeNew(file: string, text: string): void {
  const descriptor = openSync(file, 'wx', 0o644);
  try {
    writeSync(descriptor, text);
    fsyncSync(descriptor);
  } catch (error) {
    rmSync(file, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

function explained(file: string, what: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw refused(file, `${what} (${code ?? message})`);
  }
}

function refused(file: string, text: string): ConfigError {
  return new ConfigError([{ file, line: null, verb: 'write', text }]);
}
