import type { CoreState, JournalRecord } from '@sluice/core';
import { isCompleted, type RouteName } from '@sluice/core/model';

/** Counts of one route since the agent started. */
export interface Counted {
  readonly copiedFiles: number;
  readonly copiedBytes: number;
  readonly failedAttempts: number;
  /** Files that vanished at the source before they were copied. */
  readonly lostFiles: number;
  readonly outages: number;
  /** How long the destination was offline, milliseconds. A present outage counts up to now. */
  readonly offlineMs: number;
}

interface Row {
  copiedFiles: number;
  copiedBytes: number;
  failedAttempts: number;
  lostFiles: number;
  outages: number;
  offlineMs: number;
  /** Milliseconds of a clock that never goes back. Null: the destination is online, or no probe has answered yet. */
  offlineSince: number | null;
  /** Whether the destination was online since the agent started. */
  wasOnline: boolean;
}

/** Counts committed records, for figures that only grow. They start at 0 with each run of the agent. */
export class Counters {
  readonly #rows = new Map<RouteName, Row>();
  readonly #now: () => number;

  /** @param now milliseconds of a clock that never goes back */
  constructor(state: CoreState, now: () => number) {
    this.#now = now;
    for (const name of state.routes.keys()) this.#rows.set(name, emptyRow());
  }

  committed(records: readonly JournalRecord[]): void {
    for (const record of records) {
      const route = record.kind === 'transition' || record.kind === 'file_fact' ? record.file.route : record.route;
      const row = this.#rows.get(route) ?? this.#add(route);
      count(row, record, this.#now());
    }
  }

  /** Adds a route that was added while the agent runs. */
  #add(route: RouteName): Row {
    const row = emptyRow();
    this.#rows.set(route, row);
    return row;
  }

  of(route: RouteName): Counted {
    const row = this.#rows.get(route) ?? emptyRow();
    const { offlineSince, wasOnline: _, ...counted } = row;
    return { ...counted, offlineMs: row.offlineMs + (offlineSince === null ? 0 : this.#now() - offlineSince) };
  }
}

function emptyRow(): Row {
  return {
    copiedFiles: 0,
    copiedBytes: 0,
    failedAttempts: 0,
    lostFiles: 0,
    outages: 0,
    offlineMs: 0,
    offlineSince: null,
    wasOnline: false,
  };
}

function count(row: Row, record: JournalRecord, now: number): void {
  if (record.kind === 'gate') {
    const isOnline = record.event.kind === 'gate_opened';
    if (isOnline && row.offlineSince !== null) row.offlineMs += now - row.offlineSince;
    // An outage that was there at the start did not begin since then. Its time counts.
    if (!isOnline && row.offlineSince === null && row.wasOnline) row.outages += 1;
    row.wasOnline ||= isOnline;
    row.offlineSince = isOnline ? null : (row.offlineSince ?? now);
  }
  if (record.kind !== 'transition') return;
  const { file, from, to } = record;
  if (to === 'COMPLETED' && from !== 'COMPLETED_DELETE_FAILED' && isCompleted(file) && file.copied) {
    row.copiedFiles += 1;
    row.copiedBytes += file.fingerprint.sizeBytes;
  }
  if (to === 'FAILED') row.failedAttempts += 1;
  if ('isLost' in file && file.isLost === true) row.lostFiles += 1;
}
