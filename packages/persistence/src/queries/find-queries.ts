import { limits } from '../limits.ts';
import { encodeName } from '../rows/codec.ts';
import { newest } from './ended-query.ts';
import type { PastQuery, Question } from './file-queries.ts';

/** One way to read what an operator calls a file. */
export interface Reading {
  readonly where: string;
  readonly values: readonly string[];
  /** It has to be compared with every name; else an index answers it at once. */
  readonly isPattern: boolean;
}

const idDigits = /^[0-9a-f-]{4,36}$/;

/** The readings of what an operator calls a file, the most exact first. */
export function readingsOf(text: string): readonly Reading[] {
  if (text.length > limits.searchLength) return [];
  const name = encodeName(text);
  const literal = name.replace(/[*?[]/g, (character) => `[${character}]`);
  return [
    exact('id = ?', [text]),
    exact('source = ? OR destination = ?', [name, name]),
    // Digits sort before `g`: all that begins so, by the primary key.
    ...(idDigits.test(text) ? [exact('id >= ? AND id < ?', [text, `${text}g`])] : []),
    pattern(`*/${literal}`),
    pattern(name),
    pattern(`*/${name}`),
  ];
}

function exact(where: string, values: readonly string[]): Reading {
  return { where, values, isPattern: false };
}

function pattern(glob: string): Reading {
  return { where: 'source GLOB ? OR destination GLOB ?', values: [glob, glob], isPattern: true };
}

/** All files of a reading, newest first; it wants a limit as its last value. */
export function findQuery({ where, values, isPattern }: Reading): Question {
  // A pattern has to be held against every name, but not against the records they stand in.
  const condition = isPattern ? `id IN (SELECT id FROM files INDEXED BY files_by_names WHERE ${where})` : where;
  return { sql: `SELECT id, status, record, crc FROM files WHERE ${condition} ORDER BY first_seq DESC LIMIT ?`, values };
}

/** Whether a reading finds anything. */
export function existsQuery({ where, values, isPattern }: Reading): Question {
  return { sql: `SELECT 1 FROM files ${isPattern ? 'INDEXED BY files_by_names ' : ''}WHERE ${where} LIMIT 1`, values };
}

/** A page of those of a reading that ended, by when they did: each page goes on where the one before ended. */
export function findEndedQuery({ where, values, isPattern }: Reading, { since, before, limit }: PastQuery): Question {
  const from = before ?? newest;
  return {
    sql: `SELECT id, status, record, crc FROM files ${isPattern ? 'INDEXED BY files_by_end ' : ''}WHERE is_ended = 1 AND ended_at >= ?
      AND (ended_at, id) < (?, ?) AND (${where}) ORDER BY ended_at DESC, id DESC LIMIT ?`,
    values: [since, from.endedAt, from.id, ...values, limit],
  };
}
