import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parts } from '../package/bundle.ts';
import { stored } from '../package/compressed.ts';
import { fileName, type Target } from '../package/targets.ts';
import { KitError } from './kit-error.ts';

/**
 * Checks that the executables were made from these sources: each contains its program, bundled, and compressed as the executable stores it.
 * @param bundled the folder of the bundle of these sources
 * @throws KitError that names those that have to be made again
 */
export function assertCurrent(dist: string, found: readonly Target[], bundled: string): void {
  const part = (name: string): Buffer => readFileSync(join(bundled, name));
  const inside = [part('main.cjs'), ...Object.keys(parts).map((name) => stored(`${name}.cjs`, part(`${name}.cjs`)))];
  for (const target of found) {
    const bytes = readFileSync(join(dist, fileName(target)));
    if (!inside.every((each) => bytes.includes(each)))
      throw new KitError(
        `${fileName(target)} was made from other sources than these: npm run package -- --target ${target.name} makes it again, or remove it`,
      );
  }
}
