import type { JournalImage, JournalRecord } from '@sluice/core';
import { fileId, routeName, type TrackedFile } from '@sluice/core/model';
import type Database from 'better-sqlite3';
import { assertFact, decodeEvent, decodeFile, decodeName, type StoredFile } from './codec.ts';

/** What the port's `load` gives back, oldest first. @throws JournalUnusable where a row is damaged */
export function loadImage(database: Database.Database): JournalImage {
  const newest = database.prepare('SELECT max(seq) AS seq FROM entries').get() as { seq: number | null };
  return {
    nextSeq: (newest.seq ?? 0) + 1,
    files: newestFiles(database),
    routeFacts: routeFacts(database),
    usedNames: usedNames(database),
  };
}

export const imageQueries = {
  /** Of each source path the newest; a live one is always the newest. */
  newestFiles: `SELECT f.id, f.status, f.record, f.crc
    FROM (SELECT max(first_seq) AS seq FROM files INDEXED BY files_by_source GROUP BY route, source) AS newest
    JOIN files AS f ON f.first_seq = newest.seq ORDER BY newest.seq`,
  usedNames: `SELECT id, route, destination FROM files INDEXED BY files_naming
    WHERE status IN ('COMPLETED', 'COMPLETED_DELETE_FAILED') OR has_left = 1 ORDER BY first_seq`,
} as const;

function newestFiles(database: Database.Database): TrackedFile[] {
  const files: TrackedFile[] = [];
  for (const row of database.prepare(imageQueries.newestFiles).iterate()) files.push(decodeFile(row as StoredFile));
  return files;
}

function routeFacts(database: Database.Database): JournalImage['routeFacts'] {
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

function usedNames(database: Database.Database): JournalImage['usedNames'] {
  const rows = database.prepare(imageQueries.usedNames).all() as { id: string; route: string; destination: string }[];
  return rows.map((row) => ({ route: routeName(row.route), destination: decodeName(row.destination), fileId: fileId(row.id) }));
}
