import type { JournalImage, JournalRecord } from '@sluice/core';
import { isCopied, routeName, type TrackedFile } from '@sluice/core/model';
import type Database from 'better-sqlite3';
import { assertFact, decodeEvent, decodeFile } from './codec.ts';
import { everyFile } from './every-file.ts';
import { Words } from './words.ts';

/** Returns what the port's `load` returns, oldest first. @throws JournalUnusable if a row is damaged, or files are missing */
export function loadImage(database: Database.Database): JournalImage {
  const load = database.transaction((): JournalImage => {
    const newest = database.prepare('SELECT max(seq) AS seq FROM entries').get() as { seq: number | null };
    return { nextSeq: (newest.seq ?? 0) + 1, ...readFiles(database), routeFacts: routeFacts(database) };
  });
  return load();
}

/** The statements of `loadImage`. */
export const imageQueries = {
  /** Sources with several attempts. All but the newest attempt of each have been followed. */
  followed: `SELECT max(n) AS newest, group_concat(n) AS numbers FROM files INDEXED BY files_by_source GROUP BY source, route HAVING count(*) > 1`,
} as const;

function readFiles(database: Database.Database): Pick<JournalImage, 'files' | 'usedNames'> {
  const followed = followedFiles(database);
  const words = new Words(database);
  const files: TrackedFile[] = [];
  const usedNames: JournalImage['usedNames'][number][] = [];
  for (const row of everyFile(database)) {
    const file = decodeFile(row, words);
    if (!followed.has(row.n)) files.push(file);
    if (hasName(file)) usedNames.push({ route: file.route, destination: file.destination, fileId: file.id });
  }
  return { files, usedNames };
}

function followedFiles(database: Database.Database): ReadonlySet<number> {
  const followed = new Set<number>();
  const rows = database.prepare(imageQueries.followed).iterate() as IterableIterator<{ readonly newest: number; readonly numbers: string }>;
  for (const { newest, numbers } of rows) for (const n of numbers.split(',').map(Number)) if (n !== newest) followed.add(n);
  return followed;
}

/** Returns whether the file has its name at the destination. */
function hasName(file: TrackedFile): boolean {
  return isCopied(file.status) || (file.status === 'FAILED' && file.left === file.destination);
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
