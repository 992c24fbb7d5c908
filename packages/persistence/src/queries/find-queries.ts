import { limits } from '../limits.ts';
import { encodeName, fileColumns } from '../rows/codec.ts';
import { newest } from './ended-query.ts';
import { endedBefore, type PastQuery, type Question } from './file-queries.ts';

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
export function findQuery(reading: Reading): Question {
  // A pattern has to be held against every name, but not against the records they stand in.
  const where = reading.isPattern ? `n IN (${ofPattern})` : reading.where;
  return { sql: `SELECT ${fileColumns} FROM files WHERE ${where} ORDER BY n DESC LIMIT ?`, values: reading.values };
}

/** A destination is only stored where it is not called as its source. */
const ofPattern = `SELECT n FROM files INDEXED BY files_by_source WHERE source GLOB ?
  UNION ALL SELECT n FROM files INDEXED BY files_by_destination WHERE destination IS NOT NULL AND destination GLOB ?`;

/** Whether a reading finds anything. */
export function existsQuery({ where, values, isPattern }: Reading): Question {
  return { sql: isPattern ? `${ofPattern} LIMIT 1` : `SELECT 1 FROM files WHERE ${where} LIMIT 1`, values };
}

/** A page of those of a reading that ended, by when they did: each page goes on where the one before ended. */
export function findEndedQuery({ where, values, isPattern }: Reading, { since, before, limit }: PastQuery): Question {
  const from = before ?? newest;
  return {
    sql: `SELECT ${fileColumns} FROM files ${isPattern ? 'INDEXED BY files_by_end ' : ''}WHERE ended_at >= ?
      AND ${endedBefore} AND (${where}) ORDER BY ended_at DESC, n DESC LIMIT ?`,
    values: [since, from.endedAt, from.id, ...values, limit],
  };
}
