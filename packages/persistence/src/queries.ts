import { type Detail, type Status, statuses, type TrackedFile } from '@sluice/core';
import type Database from 'better-sqlite3';
import { decodeDetail, decodeFile, type FileRow } from './codec.ts';
import { type OpenOptions, openForReading } from './open.ts';

export interface FileQuery {
  readonly statuses?: readonly Status[];
  readonly route?: string;
  /** Ended ones before this moment are left out; null: none are. Milliseconds since the epoch. */
  readonly endedSince: number | null;
  readonly limit: number;
  readonly offset?: number;
}

/** A line of a file's story; facts have no `to`. */
export interface TimelineEntry {
  readonly seq: number;
  readonly at: number;
  readonly from: string | null;
  readonly to: string | null;
  readonly event: string;
  readonly detail: Detail;
}

/** A time in which a destination was not there. */
export interface Outage {
  readonly route: string;
  readonly since: number;
  readonly until: number | null;
  readonly cause: string | null;
  readonly operator: string;
  readonly technical: string;
}

export interface GateRow {
  readonly state: 'open' | 'closed';
  readonly at: number;
  readonly cause: string | null;
  readonly code: string | null;
  readonly operator: string;
  readonly technical: string;
}

/** What can be asked of a journal, beside its writer or without one. Newest first, where not said otherwise. */
export interface JournalReader {
  files(query: FileQuery): TrackedFile[];
  /** By id, a prefix of one, a name, a path or a glob. */
  find(text: string, limit: number): TrackedFile[];
  timeline(fileId: string): TimelineEntry[];
  lineage(route: string, source: string): TrackedFile[];
  outages(since: number): Outage[];
  counts(route: string): Record<Status, number>;
  recovered(route: string): number;
  lastGate(route: string): GateRow | null;
  close(): void;
}

/** @throws JournalUnusable */
export function openReader(options: OpenOptions): JournalReader {
  const database = openForReading(options);
  return { ...readerOf(database), close: () => void database.close() };
}

/** The same questions over a connection that is open already. */
export function readerOf(database: Database.Database): Omit<JournalReader, 'close'> {
  return {
    files: (query) => files(database, query),
    find: (text, limit) => find(database, text, limit),
    timeline: (fileId) => timeline(database, fileId),
    lineage: (route, source) =>
      decodeAll(
        database.prepare('SELECT id, status, record FROM files WHERE route = ? AND source = ? ORDER BY first_seq').all(route, source),
      ),
    outages: (since) => outages(database, since),
    counts: (route) => counts(database, route),
    recovered: (route) => recovered(database, route),
    lastGate: (route) =>
      (database
        .prepare('SELECT state, at, cause, code, operator, technical FROM gates WHERE route = ? ORDER BY seq DESC LIMIT 1')
        .get(route) as GateRow | undefined) ?? null,
  };
}

function decodeAll(rows: unknown[]): TrackedFile[] {
  return (rows as FileRow[]).map(decodeFile);
}

function files(database: Database.Database, query: FileQuery): TrackedFile[] {
  const conditions = ['1 = 1'];
  const values: (string | number)[] = [];
  if (query.route !== undefined) {
    conditions.push('route = ?');
    values.push(query.route);
  }
  if (query.statuses !== undefined) {
    conditions.push(`status IN (${query.statuses.map(() => '?').join(', ')})`);
    values.push(...query.statuses);
  }
  if (query.endedSince !== null) {
    conditions.push('(is_ended = 0 OR ended_at >= ?)');
    values.push(query.endedSince);
  }
  const sql = `SELECT id, status, record FROM files WHERE ${conditions.join(' AND ')} ORDER BY first_seq DESC LIMIT ? OFFSET ?`;
  return decodeAll(database.prepare(sql).all(...values, query.limit, query.offset ?? 0));
}

/** The most exact reading of `text` that finds anything. */
function find(database: Database.Database, text: string, limit: number): TrackedFile[] {
  const select = (condition: string, ...values: string[]): TrackedFile[] =>
    decodeAll(
      database.prepare(`SELECT id, status, record FROM files WHERE ${condition} ORDER BY first_seq DESC LIMIT ?`).all(...values, limit),
    );
  const readings: (() => TrackedFile[])[] = [
    () => select('id = ?', text),
    () => select('source = ? OR destination = ?', text, text),
    () => (/^[0-9a-f-]{4,36}$/.test(text) ? select('id GLOB ?', `${text}*`) : []),
    () => select('source LIKE ? ESCAPE ? OR destination LIKE ? ESCAPE ?', `%/${escapeLike(text)}`, '\\', `%/${escapeLike(text)}`, '\\'),
    () => select('source GLOB ? OR destination GLOB ?', text, text),
    () => select('source GLOB ? OR destination GLOB ?', `*/${text}`, `*/${text}`),
  ];
  for (const read of readings) {
    const found = read();
    if (found.length > 0) return found;
  }
  return [];
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, (character) => `\\${character}`);
}

function timeline(database: Database.Database, fileId: string): TimelineEntry[] {
  const rows = database
    .prepare('SELECT seq, at, from_status AS "from", to_status AS "to", event, detail FROM entries WHERE file_id = ? ORDER BY seq')
    .all(fileId) as (Omit<TimelineEntry, 'detail'> & { detail: string })[];
  return rows.map((row) => ({ ...row, detail: decodeDetail(row.detail) }));
}

/** A closing and the opening after it; a change of cause within belongs to the same outage. */
function outages(database: Database.Database, since: number): Outage[] {
  const rows = database.prepare('SELECT at, route, state, cause, operator, technical FROM gates ORDER BY seq').all() as (Omit<
    GateRow,
    'code'
  > & {
    route: string;
  })[];
  const open = new Map<string, Outage>();
  const ended: Outage[] = [];
  for (const { at, route, state, cause, operator, technical } of rows) {
    const current = open.get(route);
    if (state === 'closed') open.set(route, { route, since: current?.since ?? at, until: null, cause, operator, technical });
    else if (current !== undefined) {
      ended.push({ ...current, until: at });
      open.delete(route);
    }
  }
  return [...ended, ...open.values()]
    .filter((outage) => (outage.until ?? Number.POSITIVE_INFINITY) >= since)
    .sort((a, b) => b.since - a.since);
}

function counts(database: Database.Database, route: string): Record<Status, number> {
  const rows = database.prepare('SELECT status, count(*) AS n FROM files WHERE route = ? GROUP BY status').all(route) as {
    status: Status;
    n: number;
  }[];
  const none = Object.fromEntries(statuses.map((status) => [status, 0])) as Record<Status, number>;
  return { ...none, ...Object.fromEntries(rows.map(({ status, n }) => [status, n])) };
}

function recovered(database: Database.Database, route: string): number {
  const row = database
    .prepare("SELECT count(*) AS n FROM files WHERE route = ? AND status = 'FAILED' AND recovered_by IS NOT NULL")
    .get(route) as {
    n: number;
  };
  return row.n;
}
