import type Database from 'better-sqlite3';
import { limits } from '../limits.ts';
import { encodeName } from '../rows/codec.ts';
import { journalQueries } from './file-queries.ts';

interface PathRow {
  readonly id: string;
  readonly source: string;
  readonly destination: string;
}

/** Ids of the files whose path ends in one of these names: one pass over all paths, however many names there are. */
export function findNamed(database: Database.Database, names: readonly string[], limit: number): string[] {
  const encoded = new Set(names.filter(({ length }) => length <= limits.searchLength).map(encodeName));
  const ids: string[] = [];
  const rows = database.prepare(journalQueries.paths).iterate() as IterableIterator<PathRow>;
  for (const { id, source, destination } of rows) {
    if (!endsInOne(source, encoded) && !endsInOne(destination, encoded)) continue;
    ids.push(id);
    if (ids.length >= limit) break;
  }
  const seqOf = database.prepare(journalQueries.seqOf);
  const numbers = new Map(ids.map((id) => [id, (seqOf.get(id) as { readonly seq: number }).seq]));
  return ids.sort((one, other) => (numbers.get(other) ?? 0) - (numbers.get(one) ?? 0));
}

/** Whether what follows one of the slashes of a path is one of the names. */
function endsInOne(path: string, names: ReadonlySet<string>): boolean {
  for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) if (names.has(path.slice(at + 1))) return true;
  return false;
}
