import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { errnoOf } from '@sluice/platform';
import { CommandError, exitCode } from '@sluice/words';
import { type ServiceFile, stateFolderOf, stateLine, writtenBy } from './service.ts';

/** What is at the path of a service's file: nothing, a file that Sluice wrote, or another one. */
export type FileThere = 'nothing' | 'ours' | 'foreign';

/** Returns what is at the path of a service's file. */
export function fileThere({ path, encoding }: Pick<ServiceFile, 'path' | 'encoding'>): FileThere {
  const text = read(path, encoding);
  if (text === null) return 'nothing';
  return text.includes(writtenBy) ? 'ours' : 'foreign';
}

/** Returns whether an installed service works on a state folder. */
export function isOfStateFolder({ path, encoding }: Pick<ServiceFile, 'path' | 'encoding'>, stateDir: string): boolean {
  const text = read(path, encoding) ?? '';
  return text.includes(writtenBy) && text.includes(stateLine(stateDir));
}

/** Returns the state folder that an installed service works on, or null if none is installed here. */
export function stateFolderIn({ path, encoding }: Pick<ServiceFile, 'path' | 'encoding'>): string | null {
  const text = read(path, encoding) ?? '';
  return text.includes(writtenBy) ? stateFolderOf(text) : null;
}

/**
 * Writes the file of a service.
 * @returns whether the file changed
 * @throws CommandError if another program's file has this path, or it cannot be written
 */
export function writeServiceFile(file: ServiceFile): boolean {
  const before = read(file.path, file.encoding);
  if (fileThere(file) === 'foreign')
    throw new CommandError(`${file.path} exists already and was not written by Sluice: move it away first`, exitCode.badUsage);
  try {
    mkdirSync(dirname(file.path), { recursive: true });
    writeFileSync(file.path, file.text, { encoding: file.encoding, mode: 0o644 });
  } catch (error) {
    throw new CommandError(`cannot write ${file.path}: ${(error as Error).message}`, exitCode.notAsAsked);
  }
  return before !== file.text;
}

/** Removes the file of a service, if it exists. */
export function removeServiceFile({ path }: Pick<ServiceFile, 'path'>): void {
  rmSync(path, { force: true });
}

function read(path: string, encoding: ServiceFile['encoding']): string | null {
  try {
    return readFileSync(path, encoding);
  } catch (error) {
    const code = errnoOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw new CommandError(`cannot read ${path}: ${(error as Error).message}`, exitCode.notAsAsked);
  }
}
