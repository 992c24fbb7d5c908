import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { configLocations, type Surroundings } from '@sluice/config';
import { CommandError, exitCode } from '@sluice/words';
import { keyName } from './layout.ts';

/** Whose installation: the machine's, or this user's own. */
export type Whose = 'machine' | 'user';

export interface RememberedKey {
  readonly file: string;
  /** The text of the key, or why it cannot be read. */
  readonly read: { readonly pem: string } | { readonly why: string };
}

/** The keys of earlier installations, next to where `sluice.toml` belongs; both, where the machine and the user have one. */
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
 * Keeps a key for the next time; one that is there already has been compared before.
 *
 * @returns the file it is kept in
 * @throws CommandError where it cannot be written
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
    // Whatever the umask of root is: every user of the machine compares with it.
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
