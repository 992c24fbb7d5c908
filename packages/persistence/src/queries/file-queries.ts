import type { Status } from '@sluice/core';
import { limits } from '../limits.ts';
import { encodeName } from '../rows/codec.ts';

export interface FileQuery {
  readonly statuses?: readonly Status[];
  readonly route?: string;
  /** Ended ones before this moment are left out; null: none are. Milliseconds since the epoch. */
  readonly endedSince: number | null;
  readonly limit: number;
  readonly offset?: number;
}

/** Those that ended, in pages. */
export interface PastQuery {
  /** Milliseconds since the epoch. */
  readonly since: number;
  readonly limit: number;
  readonly offset: number;
}

/** A question in SQL; every one of them is answered by an index. */
export interface Question {
  readonly sql: string;
  readonly values: readonly (string | number)[];
}

export const journalQueries = {
  timeline: 'SELECT * FROM entries WHERE file_id = ? ORDER BY seq',
  past: `SELECT f.id, f.status, f.record, f.crc FROM (SELECT id, ended_at FROM files INDEXED BY files_by_end WHERE is_ended = 1 AND ended_at >= ?
      ORDER BY ended_at DESC, id DESC LIMIT ? OFFSET ?) AS chosen
    CROSS JOIN files AS f ON f.id = chosen.id ORDER BY chosen.ended_at DESC, chosen.id DESC`,
  byId: 'SELECT id, status, record, crc FROM files WHERE id = ?',
  lineage: 'SELECT id, status, record, crc FROM files WHERE route = ? AND source = ? ORDER BY first_seq',
  count: 'SELECT count(*) AS n FROM files INDEXED BY files_by_status WHERE status = ? AND route = ?',
  recovered: `SELECT count(*) AS n FROM files INDEXED BY files_recovered
    WHERE route = ? AND status = 'FAILED' AND recovered_by IS NOT NULL`,
  lastGate: 'SELECT state, at FROM gates WHERE route = ? ORDER BY seq DESC LIMIT 1',
  gates: 'SELECT * FROM gates ORDER BY seq',
} as const;

/** Ids first, from the indexes; records only of what is shown. */
export function filesQuery(query: FileQuery): Question {
  const chosen = query.endedSince === null ? ofAnyAge(query) : since(query, query.endedSince);
  const sql = `SELECT f.id, f.status, f.record, f.crc FROM (${chosen.sql} ORDER BY first_seq DESC LIMIT ? OFFSET ?) AS chosen
    CROSS JOIN files AS f ON f.id = chosen.id ORDER BY chosen.first_seq DESC`;
  return { sql, values: [...chosen.values, query.limit, query.offset ?? 0] };
}

function ofAnyAge(query: FileQuery): Question {
  const { sql, values } = narrowing(query);
  const index = query.statuses === undefined ? 'files_by_seq' : 'files_by_status';
  return { sql: `SELECT id, first_seq FROM files INDEXED BY ${index} WHERE 1 = 1${sql}`, values };
}

/** The live ones and those that ended lately, each from an index of their own. */
function since(query: FileQuery, endedSince: number): Question {
  const { sql, values } = narrowing(query);
  const live = `SELECT id, first_seq FROM files INDEXED BY files_live WHERE is_ended = 0${sql}`;
  const ended = `SELECT id, first_seq FROM files INDEXED BY files_by_end WHERE is_ended = 1 AND ended_at >= ?${sql}`;
  return { sql: `${live} UNION ALL ${ended}`, values: [...values, endedSince, ...values] };
}

function narrowing({ statuses, route }: FileQuery): Question {
  const ofStatuses = statuses === undefined ? '' : ` AND status IN (${statuses.map(() => '?').join(', ')})`;
  const ofRoute = route === undefined ? '' : ' AND route = ?';
  return { sql: ofStatuses + ofRoute, values: [...(statuses ?? []), ...(route === undefined ? [] : [route])] };
}

const idDigits = /^[0-9a-f-]{4,36}$/;

/** The readings of what an operator calls a file, the most exact first; each wants a limit as its last value. */
export function findQueries(text: string): readonly Question[] {
  if (text.length > limits.searchLength) return [];
  const name = encodeName(text);
  const literal = name.replace(/[*?[]/g, (character) => `[${character}]`);
  return [
    matching('id = ?', [text]),
    matching('source = ? OR destination = ?', [name, name]),
    // Digits sort before `g`: all that begins so, by the primary key.
    ...(idDigits.test(text) ? [matching('id >= ? AND id < ?', [text, `${text}g`])] : []),
    named(`*/${literal}`),
    named(name),
    named(`*/${name}`),
  ];
}

function matching(condition: string, values: readonly string[]): Question {
  return { sql: `SELECT id, status, record, crc FROM files WHERE ${condition} ORDER BY first_seq DESC LIMIT ?`, values };
}

/** A pattern has to be held against every name, but not against the records they stand in. */
function named(pattern: string): Question {
  const ids = 'SELECT id FROM files INDEXED BY files_by_names WHERE source GLOB ? OR destination GLOB ?';
  return matching(`id IN (${ids})`, [pattern, pattern]);
}
