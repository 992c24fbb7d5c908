import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { StatusReply } from '@sluice/control';
import type { CoreState, RouteState } from '@sluice/core';
import type { RouteName, Status } from '@sluice/core/model';
import type { Counters } from './counters.ts';
import { expositionText, type Metric, type Sample } from './exposition.ts';

/** The data from which metrics are made. */
export interface MetricsSource {
  readonly status: StatusReply;
  readonly state: CoreState;
  readonly counters: Counters;
  readonly isStalled: boolean;
  /** Milliseconds since the epoch. */
  readonly wall: number;
}

/** Returns the state of the agent as Prometheus text: base units, times in seconds since the epoch. */
export function metricsText({ status, state, counters, isStalled, wall }: MetricsSource): string {
  const { version, startedAt, stateDir } = status.agent;
  const ofAgent: readonly Metric[] = [
    gauge('sluice_build_info', 'The version of the agent; always 1.', [{ labels: { version }, value: 1 }]),
    gauge('sluice_start_time_seconds', 'When the agent started.', startedAt === null ? [] : [plain(secondsOf(startedAt))]),
    gauge('sluice_healthy', '1 if nothing needs attention, as sluice status --check says; else 0.', [plain(status.verdict.ok ? 1 : 0)]),
    gauge('sluice_journal_writable', '1 if the journal takes what happens; else 0.', [plain(isStalled ? 0 : 1)]),
    gauge('sluice_journal_size_bytes', 'Size of the journal on disk, with its write-ahead log.', [plain(journalBytes(stateDir))]),
    gauge(
      'sluice_condition',
      'What needs a person: 1 while it does, else absent. The route is empty for what concerns the agent itself.',
      (status.conditions ?? []).map(({ route, kind }) => ({ labels: { route: route ?? '', kind }, value: 1 })),
    ),
  ];
  const rows: Rows = status.routes.map((route) => [route, state.routes.get(route.name as RouteName)]);
  return expositionText([
    ...ofAgent,
    ...fileMetrics(state, rows, wall),
    ...destinationMetrics(rows),
    ...sourceMetrics(rows),
    ...countedMetrics(rows, counters),
  ]);
}

function secondsOf(time: string): number {
  return Date.parse(time) / 1_000;
}

type RouteReply = StatusReply['routes'][number];

type Rows = readonly (readonly [RouteReply, RouteState | undefined])[];

function fileMetrics(state: CoreState, rows: Rows, wall: number): readonly Metric[] {
  const each = (valueOf: (route: RouteReply) => number | null): readonly Sample[] => samplesOf(rows, valueOf);
  return [
    gauge(
      'sluice_files',
      'Tracked files by state; ended ones are those that the journal still has.',
      rows.flatMap(([{ name, counts }]) =>
        Object.entries(counts).map(([status, value]) => ({ labels: { route: name, state: status.toLowerCase() }, value })),
      ),
    ),
    gauge(
      'sluice_waiting_files',
      'Files that wait.',
      each(({ waiting }) => waiting),
    ),
    gauge(
      'sluice_copying_files',
      'Files that are being copied or verified, without recordings.',
      each(({ copying }) => copying),
    ),
    gauge(
      'sluice_recording_files',
      'Files that are still being written at the source.',
      each(({ recording }) => recording),
    ),
    gauge(
      'sluice_needs_you_files',
      'Files that need a person.',
      each(({ needsYou }) => needsYou),
    ),
    gauge(
      'sluice_lost_files',
      'Files that vanished at the source before they were copied, and were not acknowledged.',
      each(({ lost = 0 }) => lost),
    ),
    gauge('sluice_oldest_waiting_age_seconds', 'How long ago the longest waiting file was found; 0 if none waits.', [
      ...rows.map(([{ name }, route]) => ({ labels: { route: name }, value: route === undefined ? 0 : oldestSeconds(state, route, wall) })),
    ]),
    gauge(
      'sluice_copy_rate_bytes_per_second',
      'Rate of all running copies together.',
      each(({ bytesPerSecond }) => bytesPerSecond),
    ),
  ];
}

function destinationMetrics(rows: Rows): readonly Metric[] {
  const each = (valueOf: (route: RouteReply) => number | null): readonly Sample[] => samplesOf(rows, valueOf);
  return [
    gauge(
      'sluice_destination_online',
      '1 if the destination is online; else 0.',
      each(({ gate }) => (gate.state === 'open' ? 1 : 0)),
    ),
    gauge(
      'sluice_destination_state_since_seconds',
      'When the destination went online or offline.',
      each(({ gate }) => secondsOf(gate.since)),
    ),
    gauge(
      'sluice_destination_free_bytes',
      'Room at the destination.',
      each(({ space }) => space.freeBytes),
    ),
    gauge(
      'sluice_destination_size_bytes',
      'Size of the destination.',
      each(({ space }) => space.totalBytes),
    ),
  ];
}

function sourceMetrics(rows: Rows): readonly Metric[] {
  const each = (valueOf: (route: RouteReply) => number | null): readonly Sample[] => samplesOf(rows, valueOf);
  return [
    gauge(
      'sluice_source_available',
      '1 if the source can be listed; else 0.',
      each(({ sourceState }) => (sourceState.state === 'ok' ? 1 : 0)),
    ),
    gauge(
      'sluice_source_free_bytes',
      'Room at the source.',
      each(({ sourceState }) => sourceState.freeBytes),
    ),
    gauge(
      'sluice_source_full_in_seconds',
      'When the source will be full at its present rate; absent if it is not filling.',
      each(({ sourceState }) => (sourceState.fullInMs === null ? null : sourceState.fullInMs / 1_000)),
    ),
    gauge(
      'sluice_last_scan_timestamp_seconds',
      'When the source was last listed completely.',
      each(({ sourceState }) => (sourceState.lastListingAt === null ? null : secondsOf(sourceState.lastListingAt))),
    ),
    gauge(
      'sluice_held',
      '1 if an operator holds the route; else 0.',
      each(({ hold }) => (hold === null ? 0 : 1)),
    ),
  ];
}

function countedMetrics(rows: Rows, counters: Counters): readonly Metric[] {
  const each = (valueOf: (counted: ReturnType<Counters['of']>) => number): readonly Sample[] =>
    rows.map(([{ name }]) => ({ labels: { route: name }, value: valueOf(counters.of(name as RouteName)) }));
  return [
    counter(
      'sluice_copied_files_total',
      'Files copied and verified since the agent started.',
      each(({ copiedFiles }) => copiedFiles),
    ),
    counter(
      'sluice_copied_bytes_total',
      'Bytes copied and verified since the agent started.',
      each(({ copiedBytes }) => copiedBytes),
    ),
    counter(
      'sluice_failed_attempts_total',
      'Attempts that failed since the agent started.',
      each(({ failedAttempts }) => failedAttempts),
    ),
    counter(
      'sluice_vanished_files_total',
      'Files that vanished at the source before they were copied, since the agent started.',
      each(({ lostFiles }) => lostFiles),
    ),
    counter(
      'sluice_outages_total',
      'How often the destination went offline since the agent started.',
      each(({ outages }) => outages),
    ),
    counter(
      'sluice_outage_seconds_total',
      'How long the destination was offline since the agent started.',
      each(({ offlineMs }) => Math.round(offlineMs) / 1_000),
    ),
  ];
}

function samplesOf(rows: Rows, valueOf: (route: RouteReply) => number | null): readonly Sample[] {
  return rows.flatMap(([route]) => {
    const value = valueOf(route);
    return value === null ? [] : [{ labels: { route: route.name }, value }];
  });
}

const waiting = ['READY', 'WAITING_FOR_NETWORK', 'WAITING_FOR_SPACE', 'IN_QUEUE'] as const satisfies readonly Status[];

/**
 * Returns the age of the oldest waiting file, in seconds. A set keeps its order, so the first file of each state has been in it
 * for longest.
 */
function oldestSeconds({ files }: CoreState, route: RouteState, wall: number): number {
  const ages = waiting.flatMap((status) => {
    const [first] = route.byStatus[status];
    const file = first === undefined ? undefined : files.get(first);
    return file === undefined ? [] : [Math.max(0, wall - file.discoveredAt) / 1_000];
  });
  return Math.max(0, ...ages);
}

function journalBytes(stateDir: string): number {
  return ['journal.db', 'journal.db-wal'].reduce(
    (sum, name) => sum + (statSync(join(stateDir, name), { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}

function gauge(name: string, help: string, samples: readonly Sample[]): Metric {
  return { name, type: 'gauge', help, samples };
}

function counter(name: string, help: string, samples: readonly Sample[]): Metric {
  return { name, type: 'counter', help, samples };
}

function plain(value: number): Sample {
  return { labels: {}, value };
}
