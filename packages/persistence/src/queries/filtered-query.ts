import { type FileId, isCopied } from '@sluice/core/model';
import { type EndedBrief, parseFilter } from '@sluice/lists';
import type Database from 'better-sqlite3';
import { limits } from '../limits.ts';
import { Words } from '../rows/words.ts';
import { type EndedRow, endedBriefs, newest } from './ended-query.ts';
import { endedBefore, type PastQuery } from './file-queries.ts';

/** A page of those that ended and match a filter of the screen. */
export interface FilteredQuery extends PastQuery {
  /** As `parseFilter` reads it; empty: all match. */
  readonly filter: string;
  /** Wall clock, milliseconds, ascending: of all that ended from one to the next a sum is made. */
  readonly bounds: readonly number[];
}

/** What was copied from one moment to the next. */
export interface PastSum {
  readonly files: number;
  readonly bytes: number;
}

export interface Filtered {
  /** Of the page, the newest end first. */
  readonly ids: readonly FileId[];
  /** One for each of the bounds, over all that match, whatever the page holds. */
  readonly sums: readonly PastSum[];
}

/** A file that was at the destination already has no bytes in a sum. */
export const filteredQuery = `SELECT id, route, source, destination, status, size_bytes AS sizeBytes, discovered_at AS discoveredAt,
    ended_at AS endedAt, recovery_of AS recoveryOf, recovered_by AS recoveredBy, json_extract(record, '$.copied') IS 0 AS wasThere
  FROM files INDEXED BY files_by_end WHERE ended_at >= ? AND ${endedBefore} ORDER BY ended_at DESC, n DESC LIMIT ?`;

type Row = EndedRow & { readonly wasThere: 0 | 1 };

/** Reads every file that ended in the time: takes seconds with a million of them. */
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
