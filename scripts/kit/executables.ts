import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { version } from '../../apps/sluice/src/version.ts';
import { fileName, type Target, targets } from '../package/targets.ts';
import { KitError } from './kit-error.ts';

export interface Executables {
  readonly found: readonly Target[];
  /** Names of files. */
  readonly missing: readonly string[];
}

/** The executables that were made. @throws KitError where there is none */
export function executablesIn(dist: string): Executables {
  const isThere = (target: Target): boolean => existsSync(join(dist, fileName(target)));
  const found = targets.filter(isThere);
  if (found.length === 0) throw new KitError(`there is no executable in ${dist}: npm run package -- --target all makes them`);
  return { found, missing: targets.filter((target) => !isThere(target)).map(fileName) };
}

/** Returns where the kit of these sources is put. */
export function kitFolder(dist: string): string {
  return join(dist, 'kit', `sluice-${version}`);
}
