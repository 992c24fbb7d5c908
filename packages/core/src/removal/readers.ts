import type { CoreSettings, SourcePlace } from '../model/settings.ts';
import type { CoreState, RouteState } from '../state/state.ts';

/** Another route that may read a source file, and the path by which it does. */
export interface Reader {
  readonly route: RouteState;
  /** Relative to the source of that route. */
  readonly path: string;
  /** Its source is the same folder: a path that it does not know is one that its rules leave alone. */
  readonly isSameFolder: boolean;
}

/** Returns the other routes in whose source a file lies. @param source relative to the source of `route` */
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

/** Returns the path of a file of one source in another. Null: it does not lie there. */
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

/** The last parts of a path: keys may be written in another case, and have as many parts. */
function belowOf(inner: SourcePlace, outer: SourcePlace): string {
  const parts = partsOf(inner.key).length - partsOf(outer.key).length;
  return partsOf(inner.path).slice(-parts).join('/');
}

function partsOf(path: string): readonly string[] {
  return path.split('/').filter((part) => part !== '');
}
