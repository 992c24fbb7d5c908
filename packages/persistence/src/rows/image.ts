import { type GateEvent, isBeingRemoved, isHeldAtStart, type JournalImage, type JournalRecord } from '@sluice/core';
import { routeName, type TrackedFile } from '@sluice/core/model';
import type Database from 'better-sqlite3';
import { assertFact, countedRow, decodeEvent, decodeFile, type FileRow, fileColumns } from './codec.ts';
import { statusCodes } from './status-codes.ts';
import { Recount } from './tally.ts';
import { Words } from './words.ts';

/**
 * Returns the image for the port's `load`, oldest first. It does not read files that are left to the journal.
 *
 * @throws JournalUnusable if a row is damaged, or a file that core has to hold is missing
 */
export function loadImage(database: Database.Database): JournalImage {
  const load = database.transaction((): JournalImage => {
    const newest = database.prepare('SELECT max(seq) AS seq FROM entries').get() as { seq: number | null };
    const outages = presentOutages(database);
    return {
      nextSeq: (newest.seq ?? 0) + 1,
      ...readFiles(database),
      routeFacts: routeFacts(database),
      ...(outages.length === 0 ? {} : { outages }),
    };
  });
  return load();
}

/** The statements of `loadImage`. */
export const imageQueries = {
  live: `SELECT ${fileColumns} FROM files INDEXED BY files_live WHERE ended_at IS NULL`,
  unusual: `SELECT ${fileColumns} FROM files INDEXED BY files_ended_unusually WHERE status > 10`,
  /** The condition is the same as in the index. */
  owing: `SELECT ${fileColumns} FROM files INDEXED BY files_owing WHERE status = 10 AND (destination IS NOT NULL
    OR instr(record, '"sourceGone":') > 0 OR instr(record, '"leftParts":') > 0 OR instr(record, '"toMark":') > 0
    OR instr(record, '"pauses":') > 0 OR instr(record, '"renamedFrom":') > 0 OR instr(record, '"renamedTo":') > 0
    OR instr(record, '"afterCopy":') > 0) 
    AND (instr(record, '"afterCopy":"done"') = 0 OR instr(record, '"leftParts":') > 0 OR instr(record, '"toMark":') > 0
    OR instr(record, '"leftovers":') > 0)`,
  follower: 'SELECT 1 FROM files INDEXED BY files_by_source WHERE source = ? AND route = ? AND n > ?',
} as const;

function readFiles(database: Database.Database): Pick<JournalImage, 'files' | 'usedNames'> {
  const words = new Words(database);
  const follower = database.prepare(imageQueries.follower);
  const recount = new Recount();
  const files: { readonly n: number; readonly file: TrackedFile }[] = [];
  const usedNames: JournalImage['usedNames'][number][] = [];
  for (const which of ['live', 'unusual', 'owing'] as const) {
    for (const row of database.prepare(imageQueries[which]).iterate() as IterableIterator<FileRow>) {
      if (which !== 'owing') recount.add(countedRow(row));
      const file = decodeFile(row, words);
      if (file.status === 'FAILED' && file.left === file.destination) usedNames.push(nameOf(file));
      if (!isHeldAtStart(file)) continue;
      const isFollowed = which !== 'live' && !isBeingRemoved(file) && follower.get(row.source, row.route, row.n) !== undefined;
      if (isFollowed) continue;
      files.push({ n: row.n, file });
    }
  }
  recount.assertStored(database, statusCodes.COMPLETED);
  return { files: files.sort((a, b) => a.n - b.n).map(({ file }) => file), usedNames };
}

function nameOf({ route, destination, id }: TrackedFile): JournalImage['usedNames'][number] {
  return { route, destination, fileId: id };
}

/** The first closing of each gate since it was last open. Index `gates_by_route` finds the routes, one step each. */
const presentOutagesQuery = `WITH RECURSIVE known (route) AS (SELECT min(route) FROM gates
    UNION ALL SELECT (SELECT min(route) FROM gates WHERE route > known.route) FROM known WHERE known.route IS NOT NULL),
  first (seq) AS (SELECT (SELECT min(seq) FROM gates WHERE route = known.route AND state = 'closed' AND seq > coalesce(
    (SELECT max(seq) FROM gates INDEXED BY gates_opened WHERE route = known.route AND state = 'open'), 0))
    FROM known WHERE route IS NOT NULL)
  SELECT gates.* FROM first CROSS JOIN gates ON gates.seq = first.seq ORDER BY gates.seq`;

/** Returns the outages that have no end yet. @throws JournalUnusable if a row is damaged */
function presentOutages(database: Database.Database): NonNullable<JournalImage['outages']> {
  const rows = database.prepare(presentOutagesQuery).all() as {
    seq: number;
    at: number;
    route: string;
    state: string;
    detail: string;
    crc: number;
  }[];
  return rows.map((row) => {
    assertFact(row, row.state);
    const { destination } = decodeEvent<GateEvent>('gate_closed', row.detail);
    return { route: routeName(row.route), destination, since: row.at };
  });
}

/** Returns the newest event of each kind that is kept of each route, oldest first. @throws JournalUnusable if a row is damaged */
export function routeFacts(database: Database.Database): JournalImage['routeFacts'] {
  const rows = database.prepare('SELECT * FROM route_facts ORDER BY seq').all() as {
    route: string;
    key: Extract<JournalRecord, { kind: 'route_fact' }>['key'];
    seq: number;
    at: number;
    event: string;
    detail: string;
    crc: number;
  }[];
  return rows.map((row) => {
    assertFact(row, row.event);
    const { seq, at, key } = row;
    return { kind: 'route_fact', seq, at, key, route: routeName(row.route), event: decodeEvent(row.event, row.detail) };
  });
}
