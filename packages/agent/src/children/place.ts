import { mountIdOfPath } from '@sluice/platform';

/** What a child works on: the path and the mount it lies on now, told without touching the storage. */
export function placeOf(path: string): string {
  return `${path}#${mountIdOfPath(path) ?? 'none'}`;
}
