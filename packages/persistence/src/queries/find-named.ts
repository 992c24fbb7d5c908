import type Database from 'better-sqlite3';
import { limits } from '../limits.ts';
import { encodeName } from '../rows/codec.ts';
import { journalQueries } from './file-queries.ts';

interface PathRow {
  readonly n: number;
  readonly path: string;
}

/** Returns the ids of files whose path ends in one of these names, by one pass over all paths, however many names there are. */
export function findNamed(database: Database.Database, names: readonly string[], limit: number): string[] {
  const encoded = new Set(names.filter(({ length }) => length <= limits.searchLength).map(encodeName));
  const found = new Set<number>();
  for (const query of [journalQueries.sources, journalQueries.destinations]) {
    for (const { n, path } of database.prepare(query).iterate() as IterableIterator<PathRow>) {
      if (found.size >= limit) break;
      if (endsInOne(path, encoded)) found.add(n);
    }
  }
  const idOf = database.prepare(journalQueries.idOf);
  return [...found].sort((one, other) => other - one).map((n) => (idOf.get(n) as { readonly id: string }).id);
}

/** Returns whether the part of a path after one of its slashes is one of the names. */
function endsInOne(path: string, names: ReadonlySet<string>): boolean {
  for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) if (names.has(path.slice(at + 1))) return true;
  return false;
}
