import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { type Mount, mountOf, packedFile, readMounts } from '@sluice/platform';
import { CommandError, exitCode } from '@sluice/words';
import { nativeDirVariable, nativeFolder } from './native-folder.ts';
import { sweepNextTo } from './sweep.ts';
import { unpack } from './unpack.ts';

let loaded: { readonly addon: object; readonly path: string } | undefined;

/**
 * Loads SQLite's native part. A system loads it only from a file, so the executable unpacks the one it contains.
 * @returns undefined in a checkout, where better-sqlite3 finds its own
 * @throws CommandError if it cannot be written or loaded
 */
export function sqliteAddon(stateDir: string): object | undefined {
  if (loaded !== undefined) return loaded.addon;
  const bytes = packedFile('sqlite.node');
  if (bytes === null) return undefined;
  const folder = nativeFolder(stateDir);
  loaded = loadUnpacked(() => unpacked(folder, bytes));
  return loaded.addon;
}

/** Returns the path of the loaded native part, for another process of this program; null in a checkout. */
export function sqliteAddonPath(): string | null {
  return loaded?.path ?? null;
}

/**
 * Removes the native parts of other versions from the state folder. Only its agent may do that, because no other agent loads from
 * there then. A folder that was named for them, or one for temporary files, is not changed.
 */
export function sweepAddons(stateDir: string, now: number): void {
  if (loaded !== undefined && dirname(loaded.path) === join(stateDir, 'native')) sweepNextTo(loaded.path, now);
}

/**
 * Loads the addon. An agent of another version may sweep the folder between the unpacking and the loading; then it is unpacked
 * once more.
 * @param put makes sure that the file exists, and returns its path
 */
export function loadUnpacked(put: () => string, load: (path: string) => object = loadAddon): { addon: object; path: string } {
  const path = put();
  try {
    return { addon: load(path), path };
  } catch (error) {
    if (existsSync(path)) throw error;
    return { addon: load(put()), path };
  }
}

function unpacked(folder: string, bytes: Uint8Array): string {
  try {
    return unpack(folder, bytes, 'node');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw unusable(`cannot write SQLite's native part into ${folder} (${code ?? message})`);
  }
}

/** @throws CommandError if the system refuses to load it */
export function loadAddon(path: string, mounts: () => readonly Mount[] = readMounts): object {
  const module = { exports: {} };
  try {
    process.dlopen(module, path);
  } catch (error) {
    const folder = dirname(path);
    const isNoexec = mountOf(folder, mounts())?.options.includes('noexec') === true;
    const why = isNoexec ? 'no program can run from there, because it is mounted noexec' : (error as Error).message;
    throw unusable(`cannot load SQLite's native part from ${folder}: ${why}`);
  }
  return module.exports;
}

function unusable(what: string): CommandError {
  return new CommandError(
    `${what}; name another folder of this machine in the environment variable ${nativeDirVariable}`,
    exitCode.journalUnusable,
  );
}
