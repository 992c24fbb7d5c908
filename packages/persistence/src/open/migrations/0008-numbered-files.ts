import type Database from 'better-sqlite3';
import { countedRow, encodeFile, fileColumns } from '../../rows/codec.ts';
import { statusCodes } from '../../rows/status-codes.ts';
import { Tally } from '../../rows/tally.ts';
import { Words } from '../../rows/words.ts';
import { readWholeRecord, type WholeRow } from './whole-records/whole-record.ts';

/**
 * Makes rows small. A file has a number, which its entries refer to. Texts of many rows are stored once. A record has only what no
 * column says. Counts that needed an index are updated with every change. Names of files are stored in the table and in one index,
 * instead of six.
 */
export function numberedFiles(database: Database.Database): void {
  database.exec(setAside);
  database.exec(tables);
  const words = new Words(database);
  for (const text of database.prepare(wordsInUse).pluck().all() as string[]) words.take(text);
  moveFiles(database, words);
  // Entries find the numbers of their files with it.
  database.exec('CREATE UNIQUE INDEX files_by_id ON files (id)');
  database.exec(moveEntries);
  database.exec('DROP TABLE earlier_entries; DROP TABLE earlier_files;');
  database.exec(indexes);
}

/** Their indexes have the names of the new ones. `files_by_seq` is still read. */
const setAside = `
DROP TRIGGER entries_never_change;
DROP INDEX entries_by_file;
DROP INDEX entries_by_time;
DROP INDEX entries_of_routes;
DROP INDEX files_by_source;
DROP INDEX files_live;
DROP INDEX files_by_status;
DROP INDEX files_by_end;
DROP INDEX files_by_names;
DROP INDEX files_by_destination;
DROP INDEX files_naming;
DROP INDEX files_recovered;
ALTER TABLE entries RENAME TO earlier_entries;
ALTER TABLE files RENAME TO earlier_files;
`;

const tables = `
-- Texts that many rows have: names of routes, kinds of events.
CREATE TABLE words (
  n INTEGER PRIMARY KEY,
  text TEXT NOT NULL,
  crc INTEGER NOT NULL
) STRICT;

-- How many files a route has in each state; 0: FAILED ones that have a successor.
CREATE TABLE counts (
  route INTEGER NOT NULL,
  what INTEGER NOT NULL,
  files INTEGER NOT NULL,
  crc INTEGER NOT NULL,
  PRIMARY KEY (route, what)
) STRICT, WITHOUT ROWID;

-- The newest record of every tracked file. Its number is that of its first entry.
CREATE TABLE files (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  route INTEGER NOT NULL,
  status INTEGER NOT NULL,
  size_bytes INTEGER NOT NULL,
  discovered_at INTEGER NOT NULL,
  ended_at INTEGER CHECK ((ended_at IS NOT NULL) = (status >= 10)),
  mtime_ns TEXT NOT NULL,
  recovery_of TEXT,
  recovered_by TEXT,
  source TEXT NOT NULL,
  -- Null: the same as the source.
  destination TEXT,
  -- What no column says, and most files have not: JSON.
  record TEXT NOT NULL,
  crc INTEGER NOT NULL
) STRICT;

-- Transitions and facts, in order, never changed.
CREATE TABLE entries (
  seq INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  file INTEGER REFERENCES files (n),
  -- A file has the route of its entries.
  route INTEGER CHECK ((route IS NULL) = (file IS NOT NULL)),
  event INTEGER NOT NULL,
  from_status INTEGER,
  to_status INTEGER CHECK (to_status IS NULL OR file IS NOT NULL),
  detail TEXT,
  crc INTEGER NOT NULL
) STRICT;
`;

const indexes = `
-- A source file's attempts in order, and what a search by name or glob reads instead of the records.
CREATE INDEX files_by_source ON files (source, route);
CREATE INDEX files_by_destination ON files (destination) WHERE destination IS NOT NULL;
CREATE INDEX files_by_end ON files (ended_at) WHERE ended_at IS NOT NULL;
-- Those that ended otherwise than most.
CREATE INDEX files_ended_unusually ON files (status) WHERE status > 10;
CREATE INDEX entries_by_file ON entries (file) WHERE file IS NOT NULL;
CREATE INDEX entries_of_routes ON entries (at) WHERE file IS NULL;
CREATE TRIGGER entries_never_change BEFORE UPDATE ON entries BEGIN
  SELECT raise(ABORT, 'an entry of the journal is never changed');
END;
`;

const wordsInUse = `SELECT route FROM earlier_files UNION SELECT route FROM earlier_entries UNION SELECT event FROM earlier_entries`;

/** Rows that are read at once. */
const pieceRows = 2_000;

interface EarlierRow extends WholeRow {
  readonly n: number;
}

/** Values come from the records, which have checksums. The columns only repeated them. */
function moveFiles(database: Database.Database, words: Words): void {
  const ask = database.prepare(
    'SELECT first_seq AS n, id, status, record, crc FROM earlier_files WHERE first_seq > ? ORDER BY first_seq LIMIT ?',
  );
  const marks = fileColumns.replaceAll(/\w+/g, '@$&');
  const insert = database.prepare(`INSERT INTO files (${fileColumns}) VALUES (${marks})`);
  const tally = new Tally(database);
  for (let after = 0; ; ) {
    const rows = ask.all(after, pieceRows) as EarlierRow[];
    for (const row of rows) {
      const file = readWholeRecord(row);
      const made = encodeFile(file, row.n, words.take(file.route));
      insert.run(made);
      tally.add(countedRow(made));
    }
    const last = rows.at(-1);
    if (last === undefined) break;
    after = last.n;
  }
  tally.write();
}

const codeOf = (column: string): string =>
  `CASE ${column} ${Object.entries(statusCodes)
    .map(([status, code]) => `WHEN '${status}' THEN ${code}`)
    .join(' ')} END`;

/** A checksum covers what the columns stand for, which stays the same. It was stored as an unsigned number. */
const moveEntries = `
INSERT INTO entries SELECT e.seq, e.at, f.n, iif(f.n IS NULL, r.n, NULL), w.n, ${codeOf('e.from_status')}, ${codeOf('e.to_status')},
    nullif(e.detail, '{}'), iif(e.crc > 2147483647, e.crc - 4294967296, e.crc)
  FROM earlier_entries AS e LEFT JOIN files AS f ON f.id = e.file_id
    JOIN words AS w ON w.text = e.event JOIN words AS r ON r.text = e.route
  WHERE e.file_id IS NULL OR f.n IS NOT NULL
  ORDER BY e.seq;
`;
