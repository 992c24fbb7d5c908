import process from 'node:process';
import type { Config } from '@sluice/config';
import { type RouteName, routeName, type SourcePlace } from '@sluice/core/model';
import { comparablePath } from '@sluice/platform';

/** Returns which folder each source is: by its real path, and by its place on its filesystem, which every mount of it shares. */
export function sourcePlaces(
  { folders }: Pick<Config, 'folders'>,
  platform: NodeJS.Platform = process.platform,
): ReadonlyMap<RouteName, readonly SourcePlace[]> {
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
