import type { CoreSettings, SourcePlace } from '../model/settings.ts';
import type { CoreState, RouteState } from '../state/state.ts';

/** Another route that may read a source file, and the path under which it does. */
export interface Reader {
  readonly route: RouteState;
  /** Path relative to the source of that route. */
  readonly path: string;
  /** Its source is the same folder. A path that it does not know is therefore one that its rules leave alone. */
  readonly isSameFolder: boolean;
}

/** Returns the other routes whose source contains a file. @param source relative to the source of `route` */
export function otherReaders({ settings, routes }: CoreState, route: RouteState, source: string): readonly Reader[] {
  const readers: Reader[] = [];
  for (const other of routes.values()) {
    if (other === route) continue;
    const path = pathIn(placesOf(settings, route), placesOf(settings, other), source);
    if (path !== null) readers.push({ route: other, ...path });
  }
  return readers;
}

function placesOf({ sourcePlaces }: CoreSettings, { settings }: RouteState): readonly SourcePlace[] {
  const known = sourcePlaces?.get(settings.name);
  if (known !== undefined) return known;
  return [{ key: settings.source, path: settings.source }];
}

type PathIn = Pick<Reader, 'path' | 'isSameFolder'>;

/** Returns the path of a file of one source in another. Null: it is not in that source. */
function pathIn(ours: readonly SourcePlace[], theirs: readonly SourcePlace[], source: string): PathIn | null {
  for (const our of ours) {
    for (const their of theirs) {
      if (our.key === their.key) return { path: source, isSameFolder: true };
      if (isBelow(our.key, their.key)) return { path: `${belowOf(our, their)}/${source}`, isSameFolder: false };
      if (!isBelow(their.key, our.key)) continue;
      const folder = `${belowOf(their, our)}/`;
      if (source.startsWith(folder)) return { path: source.slice(folder.length), isSameFolder: false };
    }
  }
  return null;
}

function isBelow(inner: string, outer: string): boolean {
  return inner.startsWith(outer.endsWith('/') ? outer : `${outer}/`);
}

/** Returns the last parts of a path. Keys may have another case, but have the same number of parts. */
function belowOf(inner: SourcePlace, outer: SourcePlace): string {
  const parts = partsOf(inner.key).length - partsOf(outer.key).length;
  return partsOf(inner.path).slice(-parts).join('/');
}

function partsOf(path: string): readonly string[] {
  return path.split('/').filter((part) => part !== '');
}
