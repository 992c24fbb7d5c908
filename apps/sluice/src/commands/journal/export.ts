import { timelineJson } from '@sluice/agent';
import type { FileJson } from '@sluice/control';
import type { JournalReader } from '@sluice/persistence';
import { clean, cleanJson } from '@sluice/words';
import { journalFile } from '../ask/agent-or-journal.ts';
import { pagesOf } from './pages.ts';

type Reader = Pick<JournalReader, 'files' | 'timeline' | 'lastGate'>;

/** Yields one JSON object per file, with its timeline. */
export function* jsonLines(reader: Reader): Generator<string> {
  for (const page of pagesOf(reader)) {
    for (const file of page) yield cleanJson({ ...journalFile(reader, file), timeline: timelineJson(reader.timeline(file.id)) });
  }
}

const columns: readonly (readonly [title: string, cell: (file: FileJson) => string | number | null])[] = [
  ['id', ({ id }) => id],
  ['route', ({ route }) => route],
  ['source', ({ source }) => source],
  ['destination', ({ destination }) => destination],
  ['status', ({ status }) => status],
  ['size_bytes', ({ sizeBytes }) => sizeBytes],
  ['hash_algorithm', ({ hash }) => hash?.algorithm ?? null],
  ['hash', ({ hash }) => hash?.value ?? null],
  ['readback', ({ readback }) => readback],
  ['attempt', ({ attempt }) => attempt],
  ['discovered_at', ({ discoveredAt }) => discoveredAt],
  ['started_at', ({ startedAt }) => startedAt],
  ['ended_at', ({ endedAt }) => endedAt],
  ['error', ({ error }) => error?.kind ?? null],
  ['error_code', ({ error }) => error?.code ?? null],
];

/** Yields a table in the format of RFC 4180, with a header line. */
export function* csvLines(reader: Reader): Generator<string> {
  yield columns.map(([title]) => title).join(',');
  for (const page of pagesOf(reader)) {
    for (const file of page) {
      const json = journalFile(reader, file);
      yield columns.map(([, cell]) => csvCell(cell(json))).join(',');
    }
  }
}

/**
 * Returns a cell, quoted if necessary. A text that a spreadsheet would read as a formula gets an apostrophe in front, as OWASP
 * recommends against CSV injection, and control characters are escaped. A file name is therefore never executed.
 */
export function csvCell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = clean(/^[=+\-@]/.test(value) ? `'${value}` : value);
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
