import { crc32 } from 'node:zlib';
import type { JournalRecord } from '@sluice/core';
import type { Status } from '@sluice/core/model';

/** What the columns of an entry stand for, and its checksum covers. */
export interface EntryTexts {
  readonly seq: number;
  readonly at: number;
  readonly kind: string;
  readonly route: string;
  readonly file_id: string | null;
  readonly event: string;
  readonly from_status: string | null;
  readonly to_status: string | null;
  readonly detail: string;
}

/** The same for an entry that this program understands. */
export interface EntryColumns extends EntryTexts {
  readonly kind: JournalRecord['kind'];
  readonly from_status: Status | null;
  readonly to_status: Status | null;
}

/**
 * Returns the checksum of a row of `entries`: CRC-32 (ISO 3309, as in zlib) of what its columns stand for, in order, separated by
 * NUL. SQLite has no checksums, so nothing else would notice a flipped bit in a row.
 */
export function entryChecksum(row: EntryTexts): number {
  const { seq, at, kind, route, file_id, event, from_status, to_status, detail } = row;
  return signed(`${seq}\0${at}\0${kind}\0${route}\0${file_id ?? ''}\0${event}\0${from_status ?? ''}\0${to_status ?? ''}\0${detail}`);
}

/** The columns of a tracked file, all covered by its checksum, together with the name of its route. */
export interface FileColumns {
  readonly id: string;
  /** The number of its first entry. */
  readonly n: number;
  readonly status: number;
  readonly size_bytes: number;
  readonly mtime_ns: string;
  readonly discovered_at: number;
  readonly ended_at: number | null;
  readonly recovery_of: string | null;
  readonly recovered_by: string | null;
  readonly source: string;
  readonly destination: string | null;
  readonly record: string;
}

/** Returns the checksum of a row of `files`. @param route the text of its word */
export function fileChecksum(row: FileColumns, route: string): number {
  const { id, n, status, size_bytes, mtime_ns, discovered_at, ended_at, recovery_of, recovered_by, source, destination, record } = row;
  const times = `${mtime_ns}\0${discovered_at}\0${ended_at ?? ''}`;
  const lineage = `${recovery_of ?? ''}\0${recovered_by ?? ''}`;
  return signed(`${id}\0${n}\0${route}\0${status}\0${size_bytes}\0${times}\0${lineage}\0${source}\0${destination ?? ''}\0${record}`);
}

/** Returns a signed number: SQLite stores one below 2^31 in four bytes, and a greater one in six. */
function signed(text: string): number {
  return crc32(text) | 0;
}

/** Returns the checksum of a row of `words`. */
export function wordChecksum(n: number, text: string): number {
  return signed(`${n}\0${text}`);
}

/** Returns the checksum of a row of `counts`. */
export function countChecksum(route: number, what: number, files: number): number {
  return signed(`${route}\0${what}\0${files}`);
}

/** Returns the checksum of a row of `route_facts` or `gates`. It covers what happened, when, and to which route. */
export function factChecksum(seq: number, at: number, route: string, what: string, detail: string): number {
  return crc32(`${seq}\0${at}\0${route}\0${what}\0${detail}`);
}

/** The columns of the row of `agent`. */
export interface AgentColumns {
  readonly agent_id: string;
  readonly created_at: number;
  readonly machine_id: string | null;
  readonly machine_name: string | null;
}

/** Returns the checksum of the row of `agent`. */
export function agentChecksum({ agent_id, created_at, machine_id, machine_name }: AgentColumns): number {
  return crc32(`${agent_id}\0${created_at}\0${machine_id ?? ''}\0${machine_name ?? ''}`);
}

/** The columns of a row of `children`. */
export interface ChildColumns {
  readonly pid: number;
  readonly boot_id: string;
  readonly start_time: string;
  readonly kind: string;
  readonly started_at: number;
}

/** Returns the checksum of a row of `children`. */
export function childChecksum({ pid, boot_id, start_time, kind, started_at }: ChildColumns): number {
  return crc32(`${pid}\0${boot_id}\0${start_time}\0${kind}\0${started_at}`);
}
