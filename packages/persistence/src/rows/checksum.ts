import { crc32 } from 'node:zlib';

/** The columns of an entry that its checksum covers: all of them. */
export interface EntryColumns {
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

/**
 * Returns the checksum of a row of `entries`: CRC-32 (ISO 3309, as in zlib) of its columns, in order, separated by NUL. SQLite
 * has no checksums: a bit that flips in a row changes what it says, and nothing else notices.
 */
export function entryChecksum(row: EntryColumns): number {
  const { seq, at, kind, route, file_id, event, from_status, to_status, detail } = row;
  return crc32(`${seq}\0${at}\0${kind}\0${route}\0${file_id ?? ''}\0${event}\0${from_status ?? ''}\0${to_status ?? ''}\0${detail}`);
}

/** Returns the checksum of a row of `files`: of its record, which holds everything that the other columns repeat. */
export function fileChecksum({ id, status, record }: { readonly id: string; readonly status: string; readonly record: string }): number {
  return crc32(`${id}\0${status}\0${record}`);
}

/** Returns the checksum of a row of `route_facts` or `gates`: of what happened, when, and to which route. */
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
