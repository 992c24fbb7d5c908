import { isEnded, type Json, statuses, type TrackedFile } from '@sluice/core';
import { JournalUnusable } from './unusable.ts';

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
}

export function encodeFile(file: TrackedFile): FileRow {
  return {
    id: file.id,
    route: file.route,
    source: file.source,
    destination: file.destination,
    status: file.status,
    is_ended: isEnded(file.status) ? 1 : 0,
    discovered_at: file.discoveredAt,
    ended_at: file.endedAt,
    recovery_of: file.recoveryOf,
    recovered_by: file.recoveredBy,
    has_left: file.status === 'FAILED' && file.left !== null ? 1 : 0,
    size_bytes: file.fingerprint.sizeBytes,
    record: JSON.stringify(file),
  };
}

/** @throws JournalUnusable where the row is not what `encodeFile` wrote */
export function decodeFile(row: Pick<FileRow, 'id' | 'status' | 'record'>): TrackedFile {
  const file = parse(row.record) as TrackedFile | null;
  const isWhole = file !== null && typeof file === 'object' && file.id === row.id && file.status === row.status;
  if (isWhole && statuses.includes(file.status) && typeof file.fingerprint === 'object') return file;
  throw damaged(`the record of tracked file ${row.id} (${row.status}) cannot be read`);
}

/** @throws JournalUnusable where the text is not JSON */
export function decodeDetail(text: string): { readonly [key: string]: Json } {
  const detail = parse(text);
  if (detail !== null && typeof detail === 'object' && !Array.isArray(detail)) return detail as { readonly [key: string]: Json };
  throw damaged(`a detail cannot be read: ${text.slice(0, 80)}`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export function damaged(technical: string): JournalUnusable {
  return new JournalUnusable(
    'damaged',
    'the journal is damaged; keep it for inspection and start with another state folder: what is at the destination is compared and not carried again',
    technical,
  );
}
