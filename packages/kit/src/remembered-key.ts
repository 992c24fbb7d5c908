import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { configLocations, type Surroundings } from '@sluice/config';
import { CommandError, exitCode } from '@sluice/words';
import { keyName } from './layout.ts';

/** The installation of the machine, or of this user. */
export type Whose = 'machine' | 'user';

/** The public key of an earlier installation. */
export interface RememberedKey {
  readonly file: string;
  /** The text of the key, or why it cannot be read. */
  readonly read: { readonly pem: string } | { readonly why: string };
}

/**
 * Returns the keys of earlier installations, next to where `sluice.toml` belongs. There may be one of the machine and one of the
 * user.
 */
export function rememberedKeys(around: Surroundings): readonly RememberedKey[] {
  return (['machine', 'user'] as const).flatMap((whose): readonly RememberedKey[] => {
    const file = keyFile(whose, around);
    if (file === null) return [];
    try {
      return [{ file, read: { pem: readFileSync(file, 'utf8') } }];
    } catch (error) {
      const { code = 'unknown' } = error as NodeJS.ErrnoException;
      return code === 'ENOENT' || code === 'ENOTDIR' ? [] : [{ file, read: { why: code } }];
    }
  });
}

/**
 * Keeps a key for the next installation. An existing one was compared before, and stays.
 * @returns the file that holds it
 * @throws CommandError if it cannot be written
 */
export function rememberKey(pem: string, whose: Whose, around: Surroundings): string {
  const file = keyFile(whose, around);
  if (file === null) throw new CommandError('cannot remember the key of this kit: no home folder is known', exitCode.notAsAsked);
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeInPlace(file, pem);
  } catch (error) {
    throw new CommandError(
      `cannot remember the key of this kit in ${file} (${(error as NodeJS.ErrnoException).code})`,
      exitCode.notAsAsked,
    );
  }
  return file;
}

function writeInPlace(file: string, text: string): void {
  const aside = `${file}.new`;
  try {
    writeFileSync(aside, text);
    // Independent of root's umask, because every user of the machine compares with it.
    chmodSync(aside, 0o644);
    renameSync(aside, file);
  } finally {
    rmSync(aside, { force: true });
  }
}

function keyFile(whose: Whose, around: Surroundings): string | null {
  const location = configLocations(around).find((each) => each.location === whose);
  return location === undefined ? null : join(dirname(location.file), keyName);
}
