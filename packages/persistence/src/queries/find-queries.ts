import { limits } from '../limits.ts';
import { encodeName, fileColumns } from '../rows/codec.ts';
import { newest } from './ended-query.ts';
import { endedBefore, type PastQuery, type Question } from './file-queries.ts';

/** One interpretation of the text with which an operator names a file. */
export interface Reading {
  readonly where: string;
  readonly values: readonly string[];
  /** Whether it has to be compared with every name. Otherwise an index answers it at once. */
  readonly isPattern: boolean;
}

const idDigits = /^[0-9a-f-]{4,36}$/;

/** Returns the interpretations of such a text, the most exact first. */
export function readingsOf(text: string): readonly Reading[] {
  if (text.length > limits.searchLength) return [];
  const name = encodeName(text);
  const literal = name.replace(/[*?[]/g, (character) => `[${character}]`);
  return [
    exact('id = ?', [text]),
    exact('source = ? OR destination = ?', [name, name]),
    // Digits sort before `g`: this selects all ids with this prefix, by the primary key.
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

/** Returns the statement for all files of an interpretation, newest first. Its last value is a limit. */
export function findQuery(reading: Reading): Question {
  // A pattern has to be compared with every name, but that does not need the records.
  const where = reading.isPattern ? `n IN (${ofPattern})` : reading.where;
  return { sql: `SELECT ${fileColumns} FROM files WHERE ${where} ORDER BY n DESC LIMIT ?`, values: reading.values };
}

/** The destination is stored only if it differs from the source. */
const ofPattern = `SELECT n FROM files INDEXED BY files_by_source WHERE source GLOB ?
  UNION ALL SELECT n FROM files INDEXED BY files_by_destination WHERE destination IS NOT NULL AND destination GLOB ?`;

/** Returns the statement that checks whether an interpretation finds anything. */
export function existsQuery({ where, values, isPattern }: Reading): Question {
  return { sql: isPattern ? `${ofPattern} LIMIT 1` : `SELECT 1 FROM files WHERE ${where} LIMIT 1`, values };
}

/** Returns the statement for a page of the ended files of an interpretation, by when they ended. */
export function findEndedQuery({ where, values, isPattern }: Reading, { since, before, limit }: PastQuery): Question {
  const from = before ?? newest;
  return {
    sql: `SELECT ${fileColumns} FROM files ${isPattern ? 'INDEXED BY files_by_end ' : ''}WHERE ended_at >= ?
      AND ${endedBefore} AND (${where}) ORDER BY ended_at DESC, n DESC LIMIT ?`,
    values: [since, from.endedAt, from.id, ...values, limit],
  };
}
