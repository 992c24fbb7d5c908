import { crc32 } from 'node:zlib';
import type { TrackedFile } from '@sluice/core/model';
import { damaged } from '../../../unusable.ts';

/** A row of `files` up to version 7: the record has everything about a file, and the columns repeat what is searched for. */
export interface WholeRow {
  readonly id: string;
  readonly status: string;
  readonly record: string;
  readonly crc: number;
}

/** Returns the checksum of such a row, as version 5 introduced it. */
export function wholeRecordChecksum({ id, status, record }: Omit<WholeRow, 'crc'>): number {
  return crc32(`${id}\0${status}\0${record}`);
}

/** What a record of version 7 left out. */
const usual = {
  nameValid: true,
  nameNumber: 0,
  nameReason: null,
  mayGrow: false,
  attempt: 1,
  countedAttempts: 0,
  recoveryOf: null,
  recoveredBy: null,
  burned: [],
  leftParts: [],
  leftVisible: [],
  toMark: [],
  startedAt: null,
  endedAt: null,
  sourceGone: false,
};

/** @throws JournalUnusable if the row is not what was written */
export function readWholeRecord(row: WholeRow): TrackedFile {
  if (row.crc !== wholeRecordChecksum(row))
    throw damaged(`the record of tracked file ${row.id} (${row.status}) does not match its checksum`);
  const record = objectOf(row.record);
  const fingerprint = record?.['fingerprint'];
  if (record === null || typeof fingerprint !== 'object')
    throw damaged(`the record of tracked file ${row.id} (${row.status}) cannot be read`);
  return { id: row.id, status: row.status, ...usual, destination: record['source'], ...record } as unknown as TrackedFile;
}

function objectOf(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : null;
  } catch {
    return null;
  }
}
