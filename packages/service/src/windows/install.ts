import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { win32 } from 'node:path';
import type { Config } from '@sluice/config';
import { foreignIn } from '@sluice/lock';
import { packedFile } from '@sluice/platform';
import { CommandError, exitCode } from '@sluice/words';
import type { ServiceSettings } from '../service.ts';
import { tryHere, type Warn } from '../try-account.ts';
import { windowsAccount } from './windows.ts';

/**
 * Checks what a service needs on this Windows, and changes nothing.
 * @throws CommandError that says why it cannot work
 */
export function prepareWindows(config: Config, settings: ServiceSettings, warn: Warn): void {
  const { program, stateDir, windows } = settings;
  if (program.length !== 1)
    throw new CommandError('a service for the machine needs the executable: build it with "npm run package"', exitCode.badUsage);
  assertProtected(program[0], windows);
  const foreign = existsSync(stateDir) ? foreignIn(stateDir) : undefined;
  if (foreign !== undefined)
    throw new CommandError(
      `${stateDir} holds ${JSON.stringify(foreign)}, which does not belong to Sluice and would become unreadable for its owner: choose another folder with state_dir`,
      exitCode.badUsage,
    );
  tryHere(program, config, settings.config, warn);
}

/** Refuses a program that other users may replace: the service would run what they put there. @throws CommandError */
export function assertProtected(program: string, { programFiles, systemRoot }: ServiceSettings['windows']): void {
  const isBelow = (folder: string): boolean => program.toLowerCase().startsWith(`${folder.toLowerCase()}\\`);
  if ([...programFiles, systemRoot].some(isBelow)) return;
  throw new CommandError(
    `a service for the machine must not run a program that other users can replace: put sluice.exe into ${win32.join(programFiles[0] ?? 'C:\\Program Files', 'Sluice')} (install.cmd of a kit does this, as administrator), not ${win32.dirname(program)}; or install a task for yourself with --mine`,
    exitCode.badUsage,
  );
}

/** The name for the host of an earlier version, which may still run: Windows allows renaming such a file, and it is removed later. */
const formerOf = (host: string): string => host.replace(/\.exe$/i, '.former.exe');

/** Puts the program that Windows starts next to Sluice. @throws CommandError if it cannot be written */
export function putHost(host: string, bytes: Uint8Array | null = packedFile('sluice-service.exe')): void {
  if (bytes === null) throw new CommandError('this executable does not contain sluice-service.exe', exitCode.notAsAsked);
  try {
    if (existsSync(host) && readFileSync(host).equals(bytes)) return;
    rmSync(formerOf(host), { force: true });
    if (existsSync(host)) renameSync(host, formerOf(host));
    writeFileSync(host, bytes);
  } catch (error) {
    throw notWritten(host, error as NodeJS.ErrnoException);
  }
}

/** Creates the state folder. @throws CommandError if it cannot be created */
export function makeStateFolder(stateDir: string): void {
  try {
    mkdirSync(stateDir, { recursive: true });
    readdirSync(stateDir);
  } catch (error) {
    throw notWritten(stateDir, error as NodeJS.ErrnoException);
  }
}

function notWritten(path: string, { code, message }: NodeJS.ErrnoException): CommandError {
  if (code !== 'EPERM' && code !== 'EACCES') return new CommandError(`cannot write ${path}: ${message}`, exitCode.notAsAsked);
  return new CommandError(
    `cannot install a service for the machine: only an administrator can (access to ${path} was refused): open a command prompt with "Run as administrator"; or install a task for yourself with --mine`,
    exitCode.badUsage,
  );
}

const endsWithin = { maxRetries: 50, retryDelay: 100 } as const;

/** Removes the host. A service ends a moment before its process does, so the removal is retried. */
export function removeHost(host: string): void {
  for (const path of [host, formerOf(host)]) rmSync(path, { force: true, recursive: true, ...endsWithin });
}

/** Returns what a person has to know before the service can copy. */
export function wordsOnWindows(settings: ServiceSettings, isPasswordAsked: boolean): readonly string[] {
  const account = windowsAccount(settings);
  if (isPasswordAsked)
    return [
      `the service does not run yet: in services.msc, Sluice, Properties, Log On, type the password of ${account}; Windows then lets it log on as a service`,
      'then: sluice start',
    ];
  return [
    `the service runs as ${account}. "check" ran as you, so it is not known whether that account may read and write the folders. Allow it with`,
    `  icacls FOLDER /grant "${account}:(OI)(CI)M"; on a share, allow the account of this machine (it ends in $), or choose another account with --user`,
  ];
}
