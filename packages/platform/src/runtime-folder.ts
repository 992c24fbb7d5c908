import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { errnoOf } from './system-calls.ts';

/** Returns 16 hex digits that stand for a path, the same in every process. */
export function shortHash(...texts: readonly string[]): string {
  return createHash('sha256').update(texts.join('\0')).digest('hex').slice(0, 16);
}

/**
 * Creates a folder that only this user may enter, for files that cannot lie in the state folder: `$XDG_RUNTIME_DIR/sluice-<name>`,
 * else one in the folder for temporary files, else one there with a random name, which is removed when the process ends.
 * @throws NoRuntimeFolder if none can be created
 */
export function privateRuntimeFolder(name: string, env: Readonly<Record<string, string | undefined>> = process.env): string {
  const userId = process.geteuid?.() ?? 0;
  const runtime = env['XDG_RUNTIME_DIR'];
  const candidates = [
    ...(runtime !== undefined && path.isAbsolute(runtime) ? [path.join(runtime, `sluice-${name}`)] : []),
    path.join(tmpdir(), `sluice-${userId}-${name}`),
  ];
  return candidates.find((folder) => isPrivateFolder(folder, userId)) ?? folderOfThisProcess();
}

/** The folder for temporary files cannot be used; an error of the environment. */
export class NoRuntimeFolder extends Error {
  override readonly name = 'NoRuntimeFolder';
  /** The exit code of a program that this error ends: wrong usage. */
  readonly exitCode = 2;

  constructor(folder: string, code: string) {
    super(`cannot make a folder for temporary files in ${folder} (${code}). Set TMPDIR to a folder that this user may write to`);
  }
}

function makeTemporaryFolder(): string {
  const parent = tmpdir();
  try {
    return mkdtempSync(path.join(parent, 'sluice-'));
  } catch (error) {
    throw new NoRuntimeFolder(parent, errnoOf(error));
  }
}

/** Used if another user has taken the stable names. Other processes cannot find this folder, so it is removed with the process. */
function folderOfThisProcess(): string {
  const folder = makeTemporaryFolder();
  process.on('exit', () => {
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // Windows removes no library that is loaded
    }
  });
  return folder;
}

/** Creates the folder, or checks that an existing one was not prepared by another user. */
function isPrivateFolder(folder: string, userId: number): boolean {
  try {
    mkdirSync(folder, { mode: 0o700 });
    return true;
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') return false;
  }
  const stats = lstatSync(folder, { throwIfNoEntry: false });
  if (stats === undefined || !stats.isDirectory()) return false;
  return process.platform === 'win32' || (stats.uid === userId && (stats.mode & 0o066) === 0);
}
