import { type FileId, isCopied } from '@sluice/core/model';
import { type EndedBrief, parseFilter } from '@sluice/lists';
import type Database from 'better-sqlite3';
import { limits } from '../limits.ts';
import { Words } from '../rows/words.ts';
import { type EndedRow, endedBriefs, newest } from './ended-query.ts';
import { endedBefore, type PastQuery } from './file-queries.ts';

/** A query for a page of ended files that match a filter of the screen. */
export interface FilteredQuery extends PastQuery {
  /** In the syntax of `parseFilter`; empty: all match. */
  readonly filter: string;
  /** Wall clock, milliseconds, ascending. Files that ended from one to the next are summed up. */
  readonly bounds: readonly number[];
}

/** What was copied from one moment to the next. */
export interface PastSum {
  readonly files: number;
  readonly bytes: number;
}

/** The result of a filtered query. */
export interface Filtered {
  /** The files of the page, the newest end first. */
  readonly ids: readonly FileId[];
  /** A sum for each of the bounds, over all matching files, whatever the page contains. */
  readonly sums: readonly PastSum[];
}

/** A file that was already at the destination adds no bytes to a sum. */
export const filteredQuery = `SELECT id, route, source, destination, status, size_bytes AS sizeBytes, discovered_at AS discoveredAt,
    ended_at AS endedAt, recovery_of AS recoveryOf, recovered_by AS recoveredBy, json_extract(record, '$.copied') IS 0 AS wasThere
  FROM files INDEXED BY files_by_end WHERE ended_at >= ? AND ${endedBefore} ORDER BY ended_at DESC, n DESC LIMIT ?`;

type Row = EndedRow & { readonly wasThere: 0 | 1 };

/** Reads every file that ended in the time, which takes seconds with a million files. */
export function filteredPast(database: Database.Database, { filter, since, before, limit, bounds }: FilteredQuery): Filtered {
  const { matches } = parseFilter(filter);
  const sums = bounds.map(() => ({ files: 0, bytes: 0 }));
  const ids: FileId[] = [];
  const words = new Words(database);
  const ask = database.prepare(filteredQuery);
  for (let from = before ?? newest; ids.length < limit || sums.length > 0; ) {
    const rows = ask.all(since, from.endedAt, from.id, limits.filteredRows) as Row[];
    const briefs = endedBriefs(rows, words);
    for (const [index, brief] of briefs.entries()) {
      if (!matches({ ...brief, hold: null })) continue;
      if (ids.length < limit) ids.push(brief.id);
      addTo(sums, bounds, brief, rows[index]?.wasThere === 1);
    }
    const last = rows.at(-1);
    if (last === undefined) break;
    from = last;
  }
  return { ids, sums };
}

function addTo(sums: { files: number; bytes: number }[], bounds: readonly number[], brief: EndedBrief, wasThere: boolean): void {
  const sum = sums[bounds.findLastIndex((bound) => bound <= brief.endedAt)];
  if (sum === undefined || !isCopied(brief.status)) return;
  sum.files += 1;
  sum.bytes += wasThere ? 0 : brief.sizeBytes;
}
