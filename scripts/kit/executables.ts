import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parts } from '../package/bundle.ts';
import { compressed } from '../package/compressed.ts';
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

/**
 * An executable holds its program as it was bundled and compressed. One that was made from other sources than the rest of the kit does not hold
 * this one.
 *
 * @param bundled the folder of the bundle of these sources
 * @throws KitError which have to be made again
 */
export function assertCurrent(dist: string, found: readonly Target[], bundled: string): void {
  const part = (name: string): Buffer => readFileSync(join(bundled, `${name}.cjs`));
  const inside = [part('main'), ...Object.keys(parts).map((name) => compressed(part(name)))];
  for (const target of found) {
    const bytes = readFileSync(join(dist, fileName(target)));
    if (!inside.every((each) => bytes.includes(each)))
      throw new KitError(
        `${fileName(target)} was made from other sources than these: npm run package -- --target ${target.name} makes it anew, or remove it`,
      );
  }
}
