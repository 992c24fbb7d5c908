import process from 'node:process';
import type { Config } from '@sluice/config';
import { type CoreSettings, type RouteName, routeName } from '@sluice/core/model';
import { comparablePath } from '@sluice/platform';

type SourcePlaces = NonNullable<CoreSettings['sourcePlaces']>;
type SourcePlace = NonNullable<ReturnType<SourcePlaces['get']>>[number];

/**
 * Returns the identity of each source folder in two forms: its real path, and its path within its filesystem, which is the same
 * for every mount.
 */
export function sourcePlaces({ folders }: Pick<Config, 'folders'>, platform: NodeJS.Platform = process.platform): SourcePlaces {
  const places = new Map<RouteName, readonly SourcePlace[]>();
  for (const { role, route, resolved, place } of folders) {
    if (role !== 'source' || route === null) continue;
    const slashed = (path: string): string => (platform === 'win32' ? path.replaceAll('\\', '/') : path);
    const own: SourcePlace[] = [{ key: slashed(comparablePath(resolved, platform)), path: slashed(resolved) }];
    if (place) own.push({ key: place, path: place });
    places.set(routeName(route), own);
  }
  return places;
}
