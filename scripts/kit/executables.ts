import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { version } from '../../apps/sluice/src/version.ts';
import { fileName, type Target, targets } from '../package/targets.ts';
import { KitError } from './kit-error.ts';

/** The executables in a folder. */
export interface Executables {
  readonly found: readonly Target[];
  /** The names of missing files. */
  readonly missing: readonly string[];
}

/** Returns the executables that were made. @throws KitError if there is none */
export function executablesIn(dist: string): Executables {
  const isThere = (target: Target): boolean => existsSync(join(dist, fileName(target)));
  const found = targets.filter(isThere);
  if (found.length === 0) throw new KitError(`there is no executable in ${dist}: npm run package -- --target all makes them`);
  return { found, missing: targets.filter((target) => !isThere(target)).map(fileName) };
}

/** Returns the folder for the kit of these sources. */
export function kitFolder(dist: string): string {
  return join(dist, 'kit', `sluice-${version}`);
}
