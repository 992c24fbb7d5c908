import { errnoOf, readBeginning, UnexpectedFile } from '@sluice/platform';
import { limits } from '../limits.ts';
import { ConfigError, type Problem, usageProblem } from '../problems/problem.ts';
import { configLocations, type Location, locationOf, paths, type Surroundings } from './locations.ts';

/** A `sluice.toml` that was found and read. */
export interface FoundFile {
  /** The path as a person would write it: as given, or absolute. */
  readonly named: string;
  /** The absolute path. */
  readonly file: string;
  readonly location: Location;
  readonly text: string;
}

/**
 * Finds `sluice.toml`: the one that is named, else the first of the known locations.
 * @param named `-c`, relative to the current folder
 * @throws ConfigError if there is none, or it cannot be read
 */
export function findConfigFile(named: string | undefined, around: Surroundings): FoundFile {
  if (named !== undefined) {
    const file = paths(around).resolve(around.cwd, named);
    const text = readText(file, named);
    if (text === null) throw new ConfigError([unreadable(named, 'the file does not exist; "sluice init -c FILE" writes one')]);
    return { named, file, location: locationOf(file, around), text };
  }
  const locations = configLocations(around);
  for (const { file, location } of locations) {
    const text = readText(file, file);
    if (text !== null) return { named: file, file, location, text };
  }
  const tried = locations.map(({ file }) => file).join(', ');
  throw new ConfigError([
    usageProblem(
      `no sluice.toml was found (looked for ${tried}): write one with "sluice init", name one with -c FILE, or give --from DIR and --to DIR`,
    ),
  ]);
}

/** Reads a file again that was found before. @throws ConfigError if it is not there any more, or cannot be read */
export function readConfigFile({ named, file, location }: Omit<FoundFile, 'text'>): FoundFile {
  const text = readText(file, named);
  if (text === null) throw new ConfigError([unreadable(named, 'the file does not exist any more')]);
  return { named, file, location, text };
}

/** @returns null if there is no such file */
function readText(file: string, named: string): string | null {
  const bytes = readBytes(file, named);
  if (bytes === null) return null;
  if (bytes.length > limits.fileBytes) throw new ConfigError([unreadable(named, `it is larger than ${limits.fileBytes} bytes, the limit`)]);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).replaceAll('\r\n', '\n');
  } catch {
    throw new ConfigError([unreadable(named, 'it is not valid UTF-8; save it as UTF-8')]);
  }
}

/** Reads a file, and of a file that is too large only enough to notice that. */
function readBytes(file: string, named: string): Uint8Array | null {
  try {
    return readBeginning(file, limits.fileBytes + 1, 'any');
  } catch (error) {
    if (error instanceof UnexpectedFile) throw new ConfigError([unreadable(named, `it ${error.why}`)]);
    const code = errnoOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw new ConfigError([
      unreadable(named, code === 'EACCES' ? 'permission denied (EACCES); let this user read it' : `it cannot be read (${code})`),
    ]);
  }
}

function unreadable(named: string, text: string): Problem {
  return { file: named, line: null, verb: 'read', text };
}
