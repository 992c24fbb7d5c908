import { isEnded, type TrackedFile } from '@sluice/core/model';
import { damaged, type JournalUnusable } from '../unusable.ts';
import {
  type AgentColumns,
  agentChecksum,
  type ChildColumns,
  childChecksum,
  type EntryColumns,
  entryChecksum,
  factChecksum,
  fileChecksum,
} from './checksum.ts';
import { isTrackedFile } from './shape.ts';
import { slimRecord, wholeRecord } from './slim.ts';

/** A row of `files`. */
export interface FileRow {
  readonly id: string;
  readonly route: string;
  readonly source: string;
  readonly destination: string;
  readonly status: string;
  readonly is_ended: number;
  readonly discovered_at: number;
  readonly ended_at: number | null;
  readonly recovery_of: string | null;
  readonly recovered_by: string | null;
  readonly has_left: number;
  readonly size_bytes: number;
  readonly record: string;
  readonly crc: number;
}

export function encodeFile(file: TrackedFile): FileRow {
  const record = slimRecord(file);
  return {
    id: file.id,
    route: file.route,
    source: encodeName(file.source),
    destination: encodeName(file.destination),
    status: file.status,
    is_ended: isEnded(file.status) ? 1 : 0,
    discovered_at: file.discoveredAt,
    ended_at: file.endedAt,
    recovery_of: file.recoveryOf,
    recovered_by: file.recoveredBy,
    has_left: file.status === 'FAILED' && file.left === file.destination ? 1 : 0,
    size_bytes: file.fingerprint.sizeBytes,
    record,
    crc: fileChecksum({ id: file.id, status: file.status, record }),
  };
}

/** What of a row of `files` holds the whole file. */
export type StoredFile = Pick<FileRow, 'id' | 'status' | 'record' | 'crc'>;

/** @throws JournalUnusable where the row is not what `encodeFile` wrote */
export function decodeFile(row: StoredFile): TrackedFile {
  if (row.crc !== fileChecksum(row)) throw mismatch(`the record of tracked file ${row.id} (${row.status})`);
  const record = parse(row.record);
  const file = typeof record === 'object' && record !== null && !Array.isArray(record) ? wholeRecord(record, row) : null;
  if (isTrackedFile(file) && file.id === row.id && file.status === row.status) return file;
  throw damaged(`the record of tracked file ${row.id} (${row.status}) cannot be read`);
}

/** @throws JournalUnusable where the columns are not those that were written */
export function assertEntry(row: EntryColumns & { readonly crc: number }): void {
  if (row.crc !== entryChecksum(row)) throw mismatch(`entry ${row.seq} (${row.event})`);
}

/** A row of `route_facts` or `gates`, with what its event is called there. */
export interface FactColumns {
  readonly seq: number;
  readonly at: number;
  readonly route: string;
  readonly detail: string;
  readonly crc: number;
}

/** @throws JournalUnusable where the columns are not those that were written */
export function assertFact({ seq, at, route, detail, crc }: FactColumns, what: string): void {
  if (crc !== factChecksum(seq, at, route, what, detail)) throw mismatch(`record ${seq} of route ${route} (${what})`);
}

/** @throws JournalUnusable where the columns are not those that were written */
export function assertAgent(row: AgentColumns & { readonly crc: number }): void {
  if (row.crc !== agentChecksum(row)) throw mismatch('the record of the agent itself');
}

/** @throws JournalUnusable where the columns are not those that were written */
export function assertChild(row: ChildColumns & { readonly crc: number }): void {
  if (row.crc !== childChecksum(row)) throw mismatch(`the record of child process ${row.pid} (${row.kind})`);
}

function mismatch(row: string): JournalUnusable {
  return damaged(`${row} does not match its checksum`);
}

/** The kind of an event, and the rest of it as JSON: what the columns `event` and `detail` hold. */
export function encodeEvent({ kind, ...detail }: { readonly kind: string }): readonly [kind: string, detail: string] {
  return [kind, JSON.stringify(detail)];
}

/** @throws JournalUnusable where the detail is not a JSON object */
export function decodeEvent<Event extends { readonly kind: string }>(kind: string, text: string): Event {
  const detail = parse(text);
  if (detail !== null && typeof detail === 'object' && !Array.isArray(detail)) return { kind, ...detail } as Event;
  throw damaged(`the detail of an event (${kind}) cannot be read: ${text.slice(0, 80)}`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * A name as SQLite can hold and compare it. UTF-8 has no lone surrogates: they would all become U+FFFD, and two names one.
 * NUL, which no file name holds, leads them in.
 */
export function encodeName(name: string): string {
  if (name.isWellFormed() && !name.includes('\0')) return name;
  return name.replaceAll('\0', '\0\0').replace(/\p{Surrogate}/gu, (lone) => `\0${lone.charCodeAt(0).toString(16)}`);
}

export function decodeName(text: string): string {
  if (!text.includes('\0')) return text;
  return text.replace(/\0(\0|[0-9a-f]{4})/g, (_, what: string) => (what === '\0' ? what : String.fromCharCode(Number.parseInt(what, 16))));
}
